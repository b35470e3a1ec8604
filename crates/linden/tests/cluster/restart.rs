//! SIGTERM under load, and started again: what is under way is answered, and it ends well.

use crate::ledger::Checked;
use crate::load::Load;
use crate::plan::{Plan, Shape};
use crate::{is_long, one_machine};

#[tokio::test(flavor = "multi_thread")]
async fn one_machine_ends_well_under_load_and_nothing_is_lost() {
    let shape = Shape { rounds: if is_long() { 60 } else { 4 }, nodes: 1, after: 300..=900, lasting: 0..=100 };
    let plan = Plan::draw("SIGTERM on SQLite", shape);
    let data = tempfile::tempdir().unwrap();
    let mut installation = one_machine(&data.path().join("shop"));
    let mut checked = Checked::default();
    for round in &plan.rounds {
        let load = Load::begin(&installation, 4);
        tokio::time::sleep(round.after).await;
        plan.inject("SIGTERM linden");
        let ended = installation.nodes[0].terminate().unwrap();
        assert!(ended.success(), "{ended}: {}", installation.nodes[0].log());
        tokio::time::sleep(round.lasting).await;
        installation.nodes[0].start_again().unwrap();
        checked += load.end().await.check(&installation).await;
    }
    checked.expect_some_of_each();
}
