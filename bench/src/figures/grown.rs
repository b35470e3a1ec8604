//! A store that has grown beside one that has not: a million users and sessions and a thousand, each in a shop of its own,
//! filled by `linden seed`.
//!
//! 1. P11: one visitor alone asks for sessions, and signs in as one user after another. A ratio is taken in each round.
//! 2. P18: both shops start, by turns, to their first token.
//! 3. How long the filling took.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tokio::process::Command;

use super::start::first_token;
use super::{Run, shipped};
use crate::driver::{Credentials, LookUps, SignIns};
use crate::measure::{Server, percentile, spread};
use crate::report::{Limit, Measured, Row, Unit};
use crate::shop;

const FEW: u32 = 1_000;
const MANY: u32 = 1_000_000;
/// In a quick run.
const SOME: u32 = 20_000;
/// For a million.
const LONGEST_FILLING: Limit = Limit::at_most(120.0, Unit::Seconds);
/// Sessions that are asked for in turn.
const SESSIONS: usize = 32;

pub async fn figures(program: &Path, run: &Run<'_>, quick: bool, wanted: impl Fn(&str) -> bool) -> Result<Vec<Row>> {
    if !["P11", "P18", "seed"].into_iter().any(&wanted) {
        return Ok(Vec::new());
    }
    let many = if quick { SOME } else { MANY };
    let mut rows = Vec::new();
    let (small, large) = (Shop::fill(program, run, "few", FEW).await?, Shop::fill(program, run, "many", many).await?);
    if wanted("P11") {
        rows.extend(look_ups(program, run, &small, &large).await?);
    }
    if wanted("P18") {
        rows.push(starts(program, run, &small, &large).await?);
    }
    if wanted("seed") {
        let measured =
            Measured::Amount { unit: Unit::Seconds, linden: spread([large.filling.as_secs_f64()]), base: None };
        let name = format!("`linden seed`, {many} users and sessions, SQLite");
        rows.push(Row::limited("seed", &name, "–", measured, LONGEST_FILLING, LONGEST_FILLING));
    }
    Ok(rows)
}

/// A shop with made-up users.
struct Shop {
    directory: std::path::PathBuf,
    users: u32,
    password: String,
    filling: Duration,
}

#[derive(Deserialize)]
struct Seeded {
    password: String,
}

impl Shop {
    async fn fill(program: &Path, run: &Run<'_>, name: &str, users: u32) -> Result<Self> {
        let directory = run.directory.join(name);
        std::fs::create_dir(&directory)?;
        shipped::start(program, &run.cores.both(), &directory).await?.stop().await?;
        let number = users.to_string();
        let mut command = Command::new(program);
        command.arg("seed").arg("--data-dir").arg(shipped::data(&directory)).args(["--server", shipped::SERVER]);
        command.args(["--users", &number, "--sessions", &number, "--this-is-no-real-shop", "--json"]);
        let begun = Instant::now();
        let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().await?;
        if !output.status.success() {
            bail!("no shop with {users} users");
        }
        let filling = begun.elapsed();
        let Seeded { password } = serde_json::from_slice(&output.stdout).context("what `linden seed` answers")?;
        Ok(Self { directory, users, password, filling })
    }

    async fn start(&self, program: &Path, run: &Run<'_>) -> Result<Server> {
        shipped::start(program, &run.cores.servers.to_string(), &self.directory).await
    }

    /// One user after another, from all over the table.
    fn users(&self) -> Box<dyn FnMut() -> Credentials + Send> {
        let (users, password) = (u64::from(self.users), self.password.clone());
        let mut number: u64 = 1;
        Box::new(move || {
            // A step that has no factor in common with any number of users asked for here visits all of them.
            number = (number + 611_953) % users;
            Credentials { username: format!("made-up-{:010}", number + 1), password: password.clone() }
        })
    }
}

/// One shop at work.
struct Subject {
    look_ups: LookUps,
    sign_ins: SignIns,
}

impl Subject {
    async fn new(shop: &Shop, server: &Server) -> Result<Self> {
        let target = server.target(None)?;
        let mut sign_ins = SignIns::new(&target, shop.users()).await?;
        let path = format!("/auth/session?client_id={}", shop::STOREFRONT);
        let mut requests = Vec::new();
        for _ in 0..SESSIONS {
            requests.push(target.get(&path, &sign_ins.cookies().await?).into_bytes());
        }
        Ok(Self { look_ups: LookUps::new(&target, requests).await?, sign_ins })
    }
}

async fn look_ups(program: &Path, run: &Run<'_>, small: &Shop, large: &Shop) -> Result<Vec<Row>> {
    let (few, many) = (small.start(program, run).await?, large.start(program, run).await?);
    let mut subjects = [Subject::new(small, &few).await?, Subject::new(large, &many).await?];
    let time = Duration::from_secs_f64(run.rounds.seconds);
    let (mut looked_up, mut signed_in) = (Vec::new(), Vec::new());
    for round in 0..run.rounds.count {
        let (mut of_look_ups, mut of_sign_ins) = ([vec![], vec![]], [vec![], vec![]]);
        for turn in 0..2 {
            let place = (turn + round) % 2;
            of_look_ups[place] = subjects[place].look_ups.work(time / 2).await?;
            of_sign_ins[place] = subjects[place].sign_ins.work(time).await?;
        }
        looked_up.push(of_look_ups);
        signed_in.push(of_sign_ins);
    }
    for server in [few, many] {
        server.stop().await?;
    }
    let mut rows = Vec::new();
    for (name, rounds) in [("session", &looked_up), ("whole sign-in", &signed_in)] {
        for (percent, must, aim) in [(50, 1.3, 1.15), (99, 3.0, 3.0)] {
            let of = |place: usize| spread(rounds.iter().map(|took| percentile(&took[place], percent)));
            let ratio = spread(rounds.iter().map(|[few, many]| percentile(many, percent) / percentile(few, percent)));
            let measured = Measured::Amount { unit: Unit::Ratio, linden: ratio, base: None };
            let name = format!("{name} with {} users against {FEW}, p{percent}", large.users);
            let note = format!("{:.0} µs against {:.0} µs", of(1).median, of(0).median);
            let (must, aim) = (Limit::at_most(must, Unit::Ratio), Limit::at_most(aim, Unit::Ratio));
            rows.push(Row::limited("P11", &name, "own figure", measured, must, aim).noting(note));
        }
    }
    Ok(rows)
}

async fn starts(program: &Path, run: &Run<'_>, small: &Shop, large: &Shop) -> Result<Row> {
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for _ in 0..run.rounds.count {
        few.push(first_token(run, program, &shipped::arguments(&small.directory, shop::SHOPPERS)?, None).await?);
        many.push(first_token(run, program, &shipped::arguments(&large.directory, shop::SHOPPERS)?, None).await?);
    }
    let ratio = spread(many.iter().zip(&few).map(|(many, few)| many / few));
    let note = format!("{:.0} ms against {:.0} ms", spread(many).median, spread(few).median);
    let measured = Measured::Amount { unit: Unit::Ratio, linden: ratio, base: None };
    let name = format!("start to first token with {} users against {FEW}", large.users);
    let (must, aim) = (Limit::at_most(1.3, Unit::Ratio), Limit::at_most(1.1, Unit::Ratio));
    Ok(Row::limited("P18", &name, "own figure", measured, must, aim).noting(note))
}
