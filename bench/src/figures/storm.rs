//! Tokens at a steady rate beside a sign-in storm, against the same server calm.
//!
//! Both have one core: what keeps tokens quick is that password hashing has threads of its own, as many as there are
//! cores, which yield to a request.

use std::time::Duration;

use anyhow::Result;

use super::operation::token_request;
use super::servers::Servers;
use crate::driver::{Crowd, Paced, Visit};
use crate::measure::{Rounds, percentile, spread};
use crate::report::{Limit, Measured, Row, Unit};
use crate::shop;

const TOKENS_A_SECOND: u32 = 200;
const CONNECTIONS: usize = 16;
/// Who sign in without pause.
const STORM: usize = 16;

pub async fn measure(servers: &Servers, rounds: Rounds) -> Result<Vec<Row>> {
    let target = servers.auth.target(Some(shop::HOST))?;
    let request = token_request(&target, shop::SERVICE);
    let mut tokens = Paced::gather(CONNECTIONS, &target, request, TOKENS_A_SECOND).await?;
    let mut storm = Crowd::gather(STORM, &target, &Visit::SignIn).await?;
    let time = Duration::from_secs_f64(rounds.seconds);
    tokens.work(time / 2).await?;
    storm.work(time / 2).await?;
    let (mut calm, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..rounds.count {
        calm.push(tokens.work(time).await?);
        let (took, _) = tokio::try_join!(tokens.work(time), storm.work(time))?;
        beside.push(took);
    }
    let ratios = |percent: usize| {
        let pairs = beside.iter().zip(&calm);
        spread(pairs.map(|(beside, calm)| percentile(beside, percent) / percentile(calm, percent)))
    };
    let row = |percent, must, aim| {
        let measured = Measured::Amount { unit: Unit::Ratio, linden: ratios(percent), base: None };
        let name = format!("tokens at {TOKENS_A_SECOND}/s beside a sign-in storm, p{percent}");
        Row::limited("P10", &name, "the same, calm", measured, must, aim)
    };
    let times = |all: &[Vec<Duration>]| spread(all.iter().map(|took| percentile(took, 99)));
    let measured = Measured::Amount { unit: Unit::Microseconds, linden: times(&beside), base: Some(times(&calm)) };
    Ok(vec![
        row(50, Limit::at_most(1.3, Unit::Ratio), Limit::at_most(1.3, Unit::Ratio)),
        row(99, Limit::at_most(2.0, Unit::Ratio), Limit::at_most(1.5, Unit::Ratio)),
        Row::compared("P10", "the time itself, p99", "calm", measured),
    ])
}
