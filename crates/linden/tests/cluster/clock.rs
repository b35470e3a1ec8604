//! The wall clock jumps, forward and back; what measures durations goes on.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use http::StatusCode;
use test_kit::browser::ANNA;
use test_kit::installation::Installation;
use test_kit::postgres::{Protection, Server};

use crate::load::Load;
use crate::many_machines::ManyMachines;
use crate::plan::{Plan, Shape};
use crate::{is_long, linden};

/// Debian's libfaketime reads the offset anew, while the program runs, from a file.
struct Clock {
    offset: PathBuf,
}

impl Clock {
    fn new(directory: &Path) -> Self {
        let clock = Self { offset: directory.join("offset") };
        clock.step(0);
        clock
    }

    /// By so many seconds from the true time.
    fn step(&self, seconds: i64) {
        let aside = self.offset.with_extension("new");
        std::fs::write(&aside, format!("{seconds:+}\n")).unwrap();
        std::fs::rename(&aside, &self.offset).unwrap();
    }

    fn environment(&self) -> [(&str, OsString); 4] {
        [
            ("LD_PRELOAD", library().into()),
            ("FAKETIME_TIMESTAMP_FILE", self.offset.clone().into()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ]
    }
}

/// In Debian in a folder by architecture.
fn library() -> PathBuf {
    let libraries = std::fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path());
    let found = libraries.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|path| path.is_file());
    found.expect("libfaketime is not installed; on Debian type: apt-get install -y faketime")
}

/// Signs in, redeems, and asks a service: all of it works at whatever time it is.
async fn visit(installation: &Installation) -> test_kit::browser::Browser {
    let mut browser = installation.browser();
    let code = browser.try_sign_in(ANNA).await.unwrap();
    let tokens = browser.redeem(&code).await.unwrap();
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    let token = tokens.json()["access_token"].as_str().unwrap().to_owned();
    let request = http::Request::get(format!("{}/api/cart/item-lists", installation.origin));
    let request = request.header(http::header::AUTHORIZATION, format!("Bearer {token}"));
    let lists = browser.send(request, String::new()).await.unwrap();
    assert_eq!(lists.status, StatusCode::OK, "{}", lists.body);
    let again = browser.redeem(&code).await.unwrap();
    assert_eq!(again.error().as_deref(), Some("invalid_grant"), "{}", again.body);
    browser
}

/// Steps within a session's idle time; a code is worth less than any of those forward.
async fn step_again_and_again(installation: &Installation, clock: &Clock, plan: &Plan) {
    let mut now: i64 = 0;
    for (number, round) in plan.rounds.iter().enumerate() {
        let mut signed_in = visit(installation).await;
        let (mut early, mut late) = (installation.browser(), installation.browser());
        let used = early.try_sign_in(ANNA).await.unwrap();
        assert_eq!(early.redeem(&used).await.unwrap().status, StatusCode::OK);
        let unused = late.try_sign_in(ANNA).await.unwrap();

        let seconds = i64::try_from(round.lasting.as_millis()).unwrap();
        let step = if number.is_multiple_of(2) { seconds } else { -seconds };
        now += step;
        plan.inject(&format!("the clock steps by {step} s, to {now:+} s"));
        clock.step(now);

        let redeemed = late.redeem(&unused).await.unwrap();
        match step > 0 {
            true => assert_eq!(redeemed.error().as_deref(), Some("invalid_grant"), "a code outlives its time"),
            false => assert_eq!(redeemed.status, StatusCode::OK, "a code is lost: {}", redeemed.body),
        }
        for code in [&used, &unused] {
            let again = late.redeem(code).await.unwrap();
            assert_eq!(again.error().as_deref(), Some("invalid_grant"), "a code comes back: {}", again.body);
        }
        assert!(signed_in.is_signed_in().await, "a sign-in is lost by {step} s");
        visit(installation).await;
    }
    // Long enough with the clock where it is for people to be served as on any day.
    let load = Load::begin(installation, 4);
    load.until_served(8).await;
    load.end().await.check(installation).await.expect_some_of_each();
}

/// The milliseconds of a plan are read as seconds here.
fn shape() -> Shape {
    Shape { rounds: if is_long() { 40 } else { 4 }, nodes: 1, after: 0..=0, lasting: 90..=900 }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_machine_lives_with_a_clock_that_steps() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::new(directory.path());
    let data = directory.path().join("shop");
    let installation = Installation::on_one_machine(linden(), &data, &clock.environment()).unwrap();
    step_again_and_again(&installation, &clock, &Plan::draw("clock on SQLite", shape())).await;
}

/// All machines follow one clock, as time servers have it.
#[tokio::test(flavor = "multi_thread")]
async fn many_machines_live_with_a_clock_that_steps() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::new(directory.path());
    let server = Server::launch(&Protection::None);
    let many = ManyMachines::start_on(server, |server| server.url("linden"), &clock.environment()).await;
    step_again_and_again(&many.installation, &clock, &Plan::draw("clock on PostgreSQL", shape())).await;
}
