//! The disk is full, and has room again: "try again later" meanwhile, and nothing but that.

use std::time::{Duration, Instant};

use test_kit::browser::{ANNA, Stopped};
use test_kit::installation::Installation;
use test_kit::mounted::Mounted;
use test_kit::postgres::{Protection, Server};

use crate::ledger::Ledger;
use crate::load::Load;
use crate::many_machines::ManyMachines;
use crate::plan::{Plan, Shape};
use crate::{is_long, one_machine};

/// The plan under load: full until somebody is told so, then with room again.
async fn fill_and_free(installation: &Installation, disk: &Mounted<'_>, plan: &Plan) -> Ledger {
    let load = Load::begin(installation, 4);
    for round in &plan.rounds {
        load.until_served(4).await;
        tokio::time::sleep(round.after).await;
        plan.inject("the disk is full");
        refused_for_want_of_room(installation, disk).await;
        tokio::time::sleep(round.lasting).await;
        plan.inject("the disk has room");
        disk.free();
    }
    load.until_served(4).await;
    load.end().await
}

fn plan(fault: &'static str) -> Plan {
    let rounds = if is_long() { 20 } else { 2 };
    Plan::draw(fault, Shape { rounds, nodes: 1, after: 300..=900, lasting: 500..=1500 })
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_full_disk_is_a_503_and_with_room_again_it_serves() {
    let directory = tempfile::tempdir().unwrap();
    let Some(disk) = Mounted::of_megabytes(24, directory.path()) else {
        println!("mounting is not permitted here: crates/database/tests/it/sqlite_full_disk.rs stands for it");
        return;
    };
    let mut installation = one_machine(&disk.path.join("shop"));
    let ledger = fill_and_free(&installation, &disk, &plan("full disk on SQLite")).await;
    // Nothing is in memory alone.
    installation.nodes[0].kill();
    installation.nodes[0].start_again().unwrap();
    let checked = ledger.check(&installation).await;
    checked.expect_some_of_each();
    assert!(checked.unavailable > 0, "the full disk was not noticed");
}

/// The tables are on a disk of their own; PostgreSQL's log of writes is not.
#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_a_full_disk_is_a_503_and_with_room_again_it_serves() {
    let directory = tempfile::tempdir().unwrap();
    let Some(disk) = Mounted::of_megabytes(32, directory.path()) else {
        println!("mounting is not permitted here");
        return;
    };
    let server = Server::launch(&Protection::None);
    let space = disk.path.join("space");
    std::fs::create_dir(&space).unwrap();
    server.own(&space);
    server.run(&format!("CREATE TABLESPACE small LOCATION '{}'", space.display())).await.unwrap();
    server.run("ALTER ROLE postgres SET default_tablespace = small").await.unwrap();
    let many = ManyMachines::start_on(server, |server| server.url("linden"), &[]).await;
    let ledger = fill_and_free(&many.installation, &disk, &plan("full disk on PostgreSQL")).await;
    let checked = ledger.check(&many.installation).await;
    checked.expect_some_of_each();
    assert!(checked.unavailable > 0, "the full disk was not noticed");
}

/// Fills up until somebody who signs in is told so: the database writes into the room that it has first.
async fn refused_for_want_of_room(installation: &Installation, disk: &Mounted<'_>) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        disk.fill();
        match installation.browser().try_sign_in(ANNA).await {
            Err(Stopped::Answered(answer)) if answer.status == http::StatusCode::SERVICE_UNAVAILABLE => return,
            Err(Stopped::Answered(answer)) => panic!("a full disk is no {}: {}", answer.status, answer.body),
            _ => assert!(Instant::now() < deadline, "a full disk refuses nobody"),
        }
    }
}
