//! From a program's start to the first token that it answered: P17 the first time ever, P16 with its store in place.
//!
//! The whole shop starts (authorization server, gateway, services), or the authorization server alone (`apart`), beside a
//! floor that only opens its database and signs. All may use both cores, and start by turns.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use super::operation::token_request;
use super::servers::Servers;
use super::{Run, shipped};
use crate::driver::Connection;
use crate::measure::{Server, spread};
use crate::report::{Limit, Measured, Row, Unit};
use crate::shop;

const MUST: Limit = Limit::at_most(200.0, Unit::Milliseconds);
const MUST_FIRST: Limit = Limit::at_most(400.0, Unit::Milliseconds);
const AIM_FIRST: Limit = Limit::at_most(200.0, Unit::Milliseconds);
/// Of the floor's time in the same run.
const AIM_OF_FLOOR: f64 = 1.2;

/// Milliseconds, round by round.
#[derive(Default)]
pub struct Starts {
    first: Vec<f64>,
    again: Vec<f64>,
    floor: Vec<f64>,
}

impl Starts {
    /// The program twice over the same store, and the floor in the same directory.
    pub async fn round(
        &mut self,
        run: &Run<'_>,
        (program, arguments, host): (&Path, &[OsString], Option<&str>),
        (servers, directory): (&Servers, &Path),
    ) -> Result<()> {
        self.first.push(first_token(run, program, arguments, host).await?);
        self.again.push(first_token(run, program, arguments, host).await?);
        let (floor, arguments) = (std::env::current_exe()?, servers.floor_arguments(directory));
        self.floor.push(first_token(run, &floor, &arguments, Some(shop::HOST)).await?);
        Ok(())
    }

    pub fn rows(self, what: &str) -> [Row; 2] {
        let floor = spread(self.floor);
        let aim = Limit::at_most(floor.median * AIM_OF_FLOOR, Unit::Milliseconds);
        let row = |figure, when, times: Vec<f64>, must, aim| {
            let base = Some(floor.clone());
            let measured = Measured::Amount { unit: Unit::Milliseconds, linden: spread(times), base };
            Row::limited(figure, &format!("{what}, {when}"), "floor", measured, must, aim)
        };
        [row("P16", "with a store", self.again, MUST, aim), row("P17", "first ever", self.first, MUST_FIRST, AIM_FIRST)]
    }
}

/// The whole shop in one process.
pub async fn figures(
    program: &Path,
    servers: &Servers,
    run: &Run<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Row>> {
    if !wanted("P16") && !wanted("P17") {
        return Ok(Vec::new());
    }
    let mut starts = Starts::default();
    for round in 0..run.rounds.count {
        let directory = run.directory.join(format!("start-{round}"));
        std::fs::create_dir(&directory)?;
        let shop = shipped::arguments(&directory, 0)?;
        starts.round(run, (program, &shop, None), (servers, &directory)).await?;
    }
    Ok(starts.rows("start to first token").into_iter().filter(|row| wanted(&row.figure)).collect())
}

/// Milliseconds.
pub async fn first_token(run: &Run<'_>, program: &Path, arguments: &[OsString], host: Option<&str>) -> Result<f64> {
    let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
    let begun = Instant::now();
    let server = Server::start(&run.cores.both(), program, &arguments).await?;
    let target = server.target(host)?;
    let request = token_request(&target, shop::SERVICE);
    Connection::open(&target).await?.exchange(request.as_bytes()).await?.expect(200)?;
    let took = begun.elapsed();
    server.stop().await?;
    Ok(took.as_secs_f64() * 1e3)
}
