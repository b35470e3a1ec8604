//! A process stands still in the middle of requests, and goes on as if nothing had been.

use crate::load::Load;
use crate::plan::{Plan, Shape};
use crate::{is_long, one_machine};

#[tokio::test(flavor = "multi_thread")]
async fn one_machine_goes_on_where_it_stood_still() {
    let shape = Shape { rounds: if is_long() { 40 } else { 3 }, nodes: 1, after: 200..=600, lasting: 200..=2500 };
    let plan = Plan::draw("SIGSTOP on SQLite", shape);
    let data = tempfile::tempdir().unwrap();
    let installation = one_machine(&data.path().join("shop"));
    let load = Load::begin(&installation, 4);
    for round in &plan.rounds {
        tokio::time::sleep(round.after).await;
        plan.inject(&format!("SIGSTOP linden, SIGCONT after {:?}", round.lasting));
        installation.nodes[0].freeze().unwrap();
        tokio::time::sleep(round.lasting).await;
        installation.nodes[0].thaw().unwrap();
    }
    load.until_served(8).await;
    let ledger = load.end().await;
    ledger.expect_no_failed_request();
    ledger.check(&installation).await.expect_some_of_each();
}
