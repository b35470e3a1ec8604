//! What machines do to PostgreSQL, seen from the browsers: it is stopped, stands still, and a standby takes over.

use std::time::{Duration, Instant};

use http::StatusCode;
use test_kit::postgres::{Protection, Server, url};

use crate::is_long;
use crate::ledger::Checked;
use crate::load::Load;
use crate::many_machines::ManyMachines;
use crate::plan::{Plan, Shape};

#[tokio::test(flavor = "multi_thread")]
async fn stopped_and_started_it_is_found_again() {
    let many = ManyMachines::start().await;
    let rounds = if is_long() { 30 } else { 3 };
    let plan = Plan::draw("database stopped", Shape { rounds, nodes: 1, after: 300..=900, lasting: 0..=1500 });
    let mut checked = Checked::default();
    for round in &plan.rounds {
        let load = Load::begin(&many.installation, 4);
        load.until_served(2).await;
        tokio::time::sleep(round.after).await;
        plan.inject("the database stops");
        tokio::task::block_in_place(|| many.database.stop());
        tokio::time::sleep(round.lasting).await;
        plan.inject("the database starts");
        tokio::task::block_in_place(|| many.database.start());
        load.until_served(4).await;
        checked += load.end().await.check(&many.installation).await;
    }
    checked.expect_some_of_each();
    assert!(checked.unavailable > 0, "nobody noticed");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_stands_still_answers_are_bounded_and_keys_are_served() {
    let many = ManyMachines::start().await;
    let lasting = if is_long() { 30_000..=30_000 } else { 4_000..=6_000 };
    let rounds = if is_long() { 3 } else { 1 };
    let plan = Plan::draw("database paused", Shape { rounds, nodes: 1, after: 300..=900, lasting });
    for round in &plan.rounds {
        // Many more than there are connections.
        let load = Load::begin(&many.installation, 24);
        load.until_served(4).await;
        tokio::time::sleep(round.after).await;
        plan.inject(&format!("the database stands still for {:?}", round.lasting));
        many.database.pause();
        let began = Instant::now();
        let mut asked = 0;
        while began.elapsed() < round.lasting {
            for path in ["/auth/oauth/jwks", "/auth/.well-known/openid-configuration"] {
                let answer = many.installation.browser().try_get(path).await.unwrap();
                assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
                asked += 1;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        many.database.resume();
        println!("keys and discovery were served {asked} times meanwhile");
        load.until_served(24).await;
        let checked = load.end().await.check(&many.installation).await;
        checked.expect_some_of_each();
        assert!(checked.unavailable > 0, "nobody noticed");
        no_sessions_pile_up(&many.database).await;
    }
}

/// Four processes with eight connections each; those that were given up go in a while.
async fn no_sessions_pile_up(database: &Server) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let sessions = database.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = 'linden'").await.unwrap();
        if sessions.parse::<u32>().unwrap() <= 4 * 8 + 8 {
            return;
        }
        assert!(Instant::now() < deadline, "{sessions} sessions pile up");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Streaming replication, synchronous: whatever was acknowledged is at the standby. Nobody tells the nodes.
#[tokio::test(flavor = "multi_thread")]
async fn a_standby_takes_over_and_the_nodes_find_it() {
    let (primary, standby) = {
        let primary = Server::launch(&Protection::None);
        let standby = primary.standby().await;
        (primary, standby)
    };
    let both = |primary: &Server| url(&[primary, &standby], "linden") + "?target_session_attrs=read-write";
    let many = ManyMachines::start_on(primary, both, &[]).await;
    let shape = Shape { rounds: 1, nodes: 1, after: 500..=2_000, lasting: 0..=2_000 };
    let plan = Plan::draw("fail-over", shape);
    let load = Load::begin(&many.installation, 4);
    load.until_served(4).await;
    tokio::time::sleep(plan.rounds[0].after).await;
    plan.inject("kill -9 of the primary");
    many.database.kill();
    tokio::time::sleep(plan.rounds[0].lasting).await;
    plan.inject("the standby is promoted");
    tokio::task::block_in_place(|| standby.promote());
    load.until_served(8).await;
    let checked = load.end().await.check(&many.installation).await;
    checked.expect_some_of_each();
    assert!(checked.unavailable > 0, "nobody noticed");
}
