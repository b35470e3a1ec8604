use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use super::{Run, shipped};
use crate::driver::Connection;
use crate::measure::spread;
use crate::report::{Limit, Measured, Row, Unit};

const MUST: Limit = Limit::at_most(40.0, Unit::Mebibytes);
const AIM: Limit = Limit::at_most(25.0, Unit::Mebibytes);
/// Pages that are asked for once, before it idles.
const PAGES: [&str; 2] = ["/", "/auth/login?client_id=storefront"];

/// What is resident of the shipped program, with both cores, SQLite and pages, once it has nothing to do.
pub async fn idle(program: &Path, run: &Run<'_>, quick: bool) -> Result<Row> {
    let directory = run.directory.join("idle");
    std::fs::create_dir(&directory)?;
    let server = shipped::start(program, &run.cores.both(), &directory).await?;
    let target = server.target(None)?;
    for page in PAGES {
        let request = target.get(page, "accept: text/html\r\n");
        Connection::open(&target).await?.exchange(request.as_bytes()).await?.expect(200)?;
    }
    tokio::time::sleep(Duration::from_secs(if quick { 15 } else { 30 })).await;
    let mebibytes = server.resident()? as f64 / f64::from(1 << 20);
    server.stop().await?;
    let measured = Measured::Amount { unit: Unit::Mebibytes, linden: spread([mebibytes]), base: None };
    Ok(Row::limited("P14", "memory idle with SQLite and pages", "–", measured, MUST, AIM))
}
