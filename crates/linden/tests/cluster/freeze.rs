//! A process stands still in the middle of requests, and goes on as if nothing had been.

use test_kit::installation::Installation;

use crate::ledger::Ledger;
use crate::load::Load;
use crate::many_machines::ManyMachines;
use crate::plan::{Plan, Shape};
use crate::{is_long, one_machine};

async fn freeze_again_and_again(installation: &Installation, plan: &Plan) -> Ledger {
    let load = Load::begin(installation, 4);
    for round in &plan.rounds {
        load.until_served(2).await;
        tokio::time::sleep(round.after).await;
        let node = &installation.nodes[round.node];
        plan.inject(&format!("SIGSTOP {}, SIGCONT after {:?}", node.name(), round.lasting));
        node.freeze().unwrap();
        tokio::time::sleep(round.lasting).await;
        node.thaw().unwrap();
    }
    load.until_served(8).await;
    load.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_machine_goes_on_where_it_stood_still() {
    let rounds = if is_long() { 40 } else { 3 };
    let plan = Plan::draw("SIGSTOP on SQLite", Shape { rounds, nodes: 1, after: 200..=600, lasting: 200..=2500 });
    let data = tempfile::tempdir().unwrap();
    let installation = one_machine(&data.path().join("shop"));
    let ledger = freeze_again_and_again(&installation, &plan).await;
    ledger.expect_no_failed_request();
    ledger.check(&installation).await.expect_some_of_each();
}

/// Meanwhile the others serve, and what it had begun is not done twice when it goes on with it.
#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_nodes_thaws_and_spoils_nothing() {
    let many = ManyMachines::start().await;
    let (rounds, nodes) = (if is_long() { 30 } else { 4 }, many.installation.nodes.len());
    let lasting = if is_long() { 500..=40_000 } else { 500..=3_000 };
    let plan = Plan::draw("SIGSTOP on PostgreSQL", Shape { rounds, nodes, after: 200..=600, lasting });
    let ledger = freeze_again_and_again(&many.installation, &plan).await;
    ledger.check(&many.installation).await.expect_some_of_each();
}
