//! The disk is full, and has room again: "try again later" meanwhile, and nothing but that.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use test_kit::browser::{ANNA, Stopped};

use crate::load::Load;
use crate::one_machine;
use crate::plan::{Plan, Shape};

/// A file system of its own, so that only the test runs out of room.
struct Disk(PathBuf);

impl Disk {
    /// `None` where mounting is not permitted.
    fn small(path: &Path) -> Option<Self> {
        std::fs::create_dir(path).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(path).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then(|| Self(path.to_owned()))
    }

    /// Until not a byte more goes in; what was freed meanwhile is taken again.
    fn fill(&self) {
        let mut ballast = std::fs::File::options().create(true).append(true).open(self.ballast()).unwrap();
        for size in [1 << 20, 1 << 12] {
            while std::io::Write::write_all(&mut ballast, &vec![0; size]).is_ok() {}
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("--lazy").arg(&self.0).status().ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_full_disk_is_a_503_and_with_room_again_it_serves() {
    let directory = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::small(&directory.path().join("disk")) else {
        println!("mounting is not permitted here: crates/database/tests/it/sqlite_full_disk.rs stands for it");
        return;
    };
    let rounds = if crate::is_long() { 20 } else { 2 };
    let plan = Plan::draw("full disk on SQLite", Shape { rounds, nodes: 1, after: 300..=900, lasting: 500..=1500 });
    let mut installation = one_machine(&disk.0.join("shop"));
    let load = Load::begin(&installation, 4);
    for round in &plan.rounds {
        load.until_served(4).await;
        tokio::time::sleep(round.after).await;
        plan.inject("the disk is full");
        refused_for_want_of_room(&installation, &disk).await;
        tokio::time::sleep(round.lasting).await;
        plan.inject("the disk has room");
        disk.free();
    }
    load.until_served(4).await;
    let ledger = load.end().await;
    // Nothing is in memory alone.
    installation.nodes[0].kill();
    installation.nodes[0].start_again().unwrap();
    let checked = ledger.check(&installation).await;
    checked.expect_some_of_each();
    assert!(checked.unavailable > 0, "the full disk was not noticed");
}

/// Fills up until somebody who signs in is told so: the database writes into the room that it has first.
async fn refused_for_want_of_room(installation: &test_kit::installation::Installation, disk: &Disk) {
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
