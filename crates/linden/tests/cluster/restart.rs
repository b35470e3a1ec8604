//! SIGTERM under load, and started again: what is under way is answered, and it ends well.

use test_kit::installation::Installation;

use crate::ledger::Checked;
use crate::load::Load;
use crate::many_machines::ManyMachines;
use crate::plan::{Plan, Shape};
use crate::{is_long, one_machine};

/// Waits until it has ended, as a service manager does.
fn restart(installation: &mut Installation, node: usize) {
    let node = &mut installation.nodes[node];
    let ended = node.terminate().unwrap();
    assert!(ended.success(), "{} {ended}: {}", node.name(), node.log());
    node.start_again().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_machine_ends_well_under_load_and_nothing_is_lost() {
    let rounds = if is_long() { 60 } else { 4 };
    let plan = Plan::draw("SIGTERM on SQLite", Shape { rounds, nodes: 1, after: 300..=900, lasting: 0..=0 });
    let data = tempfile::tempdir().unwrap();
    let mut installation = one_machine(&data.path().join("shop"));
    let mut checked = Checked::default();
    for round in &plan.rounds {
        let load = Load::begin(&installation, 4);
        tokio::time::sleep(round.after).await;
        plan.inject("SIGTERM linden");
        tokio::task::block_in_place(|| restart(&mut installation, 0));
        checked += load.end().await.check(&installation).await;
    }
    checked.expect_some_of_each();
}

/// The upgrade of an installation: every node once, one by one, and nobody notices.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_restarted_one_by_one_and_no_request_fails() {
    let mut many = ManyMachines::start().await;
    let nodes = many.installation.nodes.len();
    let shape = Shape { rounds: nodes * if is_long() { 10 } else { 1 }, nodes, after: 200..=600, lasting: 0..=0 };
    let plan = Plan::draw("rolling restart", shape);
    let load = Load::begin(&many.installation, 4);
    for (number, round) in plan.rounds.iter().enumerate() {
        load.until_served(2).await;
        tokio::time::sleep(round.after).await;
        let node = number % nodes;
        plan.inject(&format!("SIGTERM {}", many.installation.nodes[node].name()));
        tokio::task::block_in_place(|| restart(&mut many.installation, node));
    }
    load.until_served(4).await;
    let ledger = load.end().await;
    ledger.expect_no_failed_request();
    ledger.check(&many.installation).await.expect_some_of_each();
}
