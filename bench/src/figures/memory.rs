use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use super::shipped;
use crate::driver::Connection;
use crate::measure::Cores;
use crate::report::{Measured, Outcome, Row};

const MUST: f64 = 40.0;
const AIM: f64 = 25.0;
/// Pages that are asked for once, before it idles.
const PAGES: [&str; 2] = ["/", "/auth/login?client_id=storefront"];

/// What is resident of the shipped program, with both cores, SQLite and pages, once it has nothing to do.
pub async fn idle(program: &Path, cores: Cores, directory: &Path, quick: bool) -> Result<Row> {
    let directory = directory.join("idle");
    std::fs::create_dir(&directory)?;
    let server = shipped::start(program, &cores.both(), &directory).await?;
    let target = server.target(None)?;
    for page in PAGES {
        let request = target.get(page, "accept: text/html\r\n");
        Connection::open(&target).await?.exchange(request.as_bytes()).await?.expect(200)?;
    }
    tokio::time::sleep(Duration::from_secs(if quick { 15 } else { 30 })).await;
    let mebibytes = server.resident()? as f64 / f64::from(1 << 20);
    server.stop().await?;
    Ok(Row {
        figure: "P14",
        name: "memory idle with SQLite and pages".to_owned(),
        measured: Measured::Memory { mebibytes },
        must: Some(format!("≤ {MUST} MiB")),
        aim: Some(format!("≤ {AIM} MiB")),
        outcome: match mebibytes {
            at_most if at_most <= AIM => Outcome::Aim,
            at_most if at_most <= MUST => Outcome::Must,
            _ => Outcome::Missed,
        },
    })
}
