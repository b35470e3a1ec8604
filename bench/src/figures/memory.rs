//! What is resident: when nothing happens, and after many have signed in at once.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use super::{Run, shipped};
use crate::driver::{Connection, Crowd, Visit};
use crate::measure::{Server, spread};
use crate::report::{Limit, Measured, Row, Unit};

const MUST: Limit = Limit::at_most(40.0, Unit::Mebibytes);
const AIM: Limit = Limit::at_most(25.0, Unit::Mebibytes);
/// Pages that are asked for once, before it idles.
const PAGES: [&str; 2] = ["/", "/auth/login?client_id=storefront"];
/// Who sign in at once, and for how many rounds' time.
const STORM: usize = 32;
const STORM_ROUNDS: f64 = 5.0;
/// Of a thread that hashes, the memory that it keeps: 19 MiB, and some.
const HASH_THREAD: f64 = 20.0;

/// Of the shipped program as one process, with both cores, SQLite and pages.
pub async fn figures(program: &Path, run: &Run<'_>, quick: bool, wanted: impl Fn(&str) -> bool) -> Result<Vec<Row>> {
    if !wanted("P14") && !wanted("P15") {
        return Ok(Vec::new());
    }
    let directory = run.directory.join("idle");
    std::fs::create_dir(&directory)?;
    let server = shipped::start(program, &run.cores.both(), &directory).await?;
    let mut rows = Vec::new();
    if wanted("P14") {
        look_at_pages(&server, None).await?;
        tokio::time::sleep(idle_time(quick)).await;
        rows.push(idle_row("memory idle with SQLite and pages", mebibytes(&server)?));
    }
    if wanted("P15") {
        storm(&server, None, run).await?;
        rows.push(after_storm_row("memory after a storm of sign-ins", mebibytes(&server)?));
    }
    server.stop().await?;
    Ok(rows)
}

pub async fn look_at_pages(server: &Server, host: Option<&str>) -> Result<()> {
    let target = server.target(host)?;
    for page in PAGES {
        let request = target.get(page, "accept: text/html\r\n");
        Connection::open(&target).await?.exchange(request.as_bytes()).await?.expect(200)?;
    }
    Ok(())
}

pub fn idle_time(quick: bool) -> Duration {
    Duration::from_secs(if quick { 15 } else { 30 })
}

pub async fn storm(server: &Server, host: Option<&str>, run: &Run<'_>) -> Result<()> {
    let mut crowd = Crowd::gather(STORM, &server.target(host)?, &Visit::SignIn).await?;
    crowd.work(Duration::from_secs_f64(run.rounds.seconds * STORM_ROUNDS)).await?;
    Ok(())
}

pub fn mebibytes(server: &Server) -> Result<f64> {
    Ok(server.resident()? as f64 / f64::from(1 << 20))
}

pub fn idle_row(name: &str, mebibytes: f64) -> Row {
    Row::limited("P14", name, "–", amount(mebibytes), MUST, AIM)
}

/// Password hashing has a thread a core.
pub fn after_storm_row(name: &str, mebibytes: f64) -> Row {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    let limit = |beside: f64| Limit::at_most(beside + HASH_THREAD * threads, Unit::Mebibytes);
    Row::limited("P15", name, "–", amount(mebibytes), limit(100.0), limit(60.0))
}

fn amount(mebibytes: f64) -> Measured {
    Measured::Amount { unit: Unit::Mebibytes, linden: spread([mebibytes]), base: None }
}
