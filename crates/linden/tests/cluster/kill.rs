//! `kill -9` under load, again and again.

use test_kit::installation::Installation;

use crate::ledger::Checked;
use crate::load::Load;
use crate::many_machines::ManyMachines;
use crate::plan::{Plan, Shape};
use crate::{is_long, one_machine};

async fn kill_again_and_again(installation: &mut Installation, plan: &Plan) {
    let mut checked = Checked::default();
    for round in &plan.rounds {
        let load = Load::begin(installation, 4);
        tokio::time::sleep(round.after).await;
        let node = &mut installation.nodes[round.node];
        plan.inject(&format!("kill -9 {}", node.name()));
        node.kill();
        tokio::time::sleep(round.lasting).await;
        node.start_again().unwrap();
        checked += load.end().await.check(installation).await;
    }
    checked.expect_some_of_each();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_and_nothing_used_comes_back() {
    let rounds = if is_long() { 200 } else { 8 };
    let plan = Plan::draw("kill on SQLite", Shape { rounds, nodes: 1, after: 300..=900, lasting: 0..=300 });
    let data = tempfile::tempdir().unwrap();
    kill_again_and_again(&mut one_machine(&data.path().join("shop")), &plan).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_many_machines_one_node_after_the_other_is_killed() {
    let mut many = ManyMachines::start().await;
    let (rounds, nodes) = (if is_long() { 100 } else { 6 }, many.installation.nodes.len());
    let plan = Plan::draw("kill on PostgreSQL", Shape { rounds, nodes, after: 300..=900, lasting: 0..=300 });
    kill_again_and_again(&mut many.installation, &plan).await;
}
