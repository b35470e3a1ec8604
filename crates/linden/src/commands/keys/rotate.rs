use std::fmt;

use anyhow::{Result, bail};
use auth_core::signing_key::Rotation;
use auth_core::time::Span;
use auth_protocol::jws::Algorithm;
use auth_server::environment::{SystemClock, SystemRandom};
use auth_server::keys::{self, KeySource};
use auth_store::signing_key;
use clap::Args;
use serde::Serialize;

use crate::commands::server::{Opened, ServerOptions};
use crate::commands::{answer, audit};

#[derive(Debug, Args)]
pub struct RotateOptions {
    /// Only the key of this algorithm; without it, of each that the server has a key of
    #[arg(long, value_name = "ES256|RS256|EdDSA", value_parser = algorithm)]
    algorithm: Option<Algorithm>,
    /// How long the new key is published before it signs; without it, the server's `keys.publish_hours`. Whoever keeps the
    /// key set for longer misses the new key
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(0..=31_536_000))]
    sign_after: Option<u32>,
    #[command(flatten)]
    server: ServerOptions,
}

fn algorithm(name: &str) -> Result<Algorithm, String> {
    Algorithm::from_name(name).ok_or_else(|| "it must be ES256, RS256 or EdDSA".to_owned())
}

#[derive(Serialize)]
struct Rotated {
    content: Vec<Line>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    key_id: String,
    algorithm: &'static str,
    outcome: Outcome,
    signs_from: String,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Made,
    BroughtForward,
    Waiting,
}

impl fmt::Display for Rotated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Line { key_id, algorithm, outcome, signs_from }) in self.content.iter().enumerate() {
            let end = if number == 0 { "" } else { "\n" };
            let did = match outcome {
                Outcome::Made => "made",
                Outcome::BroughtForward => "waited already and was brought forward",
                Outcome::Waiting => "waits already",
            };
            write!(f, "{end}{algorithm} key {key_id} {did}: it is published, and signs from {signs_from}")?;
        }
        Ok(())
    }
}

pub async fn run(options: RotateOptions) -> Result<()> {
    let rotated = options.server.with(async |opened| rotate(opened, &options).await).await?;
    answer::print(&rotated, options.server.json)
}

async fn rotate(opened: &Opened, options: &RotateOptions) -> Result<Rotated> {
    let master = opened.data.master_keys()?;
    keys::check_keys(&opened.auth, &master).await?;
    let source = KeySource { database: &opened.auth, master: &master, clock: &SystemClock, random: &SystemRandom };
    let publish_ahead = options.sign_after.map(|seconds| Span::seconds(seconds.into()));
    let mut content = Vec::new();
    for algorithm in algorithms(opened, options.algorithm).await? {
        let (key_id, rotation) = keys::rotate(&source, &opened.server, algorithm, publish_ahead, audit::ACTOR).await?;
        let (outcome, signs_from) = match rotation {
            Rotation::Make { activates_at } => (Outcome::Made, activates_at),
            Rotation::BringForward { activates_at, .. } => (Outcome::BroughtForward, activates_at),
            Rotation::Waiting { activates_at, .. } => (Outcome::Waiting, activates_at),
        };
        let signs_from = answer::moment(signs_from);
        content.push(Line { key_id, algorithm: algorithm.name(), outcome, signs_from });
    }
    Ok(Rotated { content })
}

async fn algorithms(opened: &Opened, asked_for: Option<Algorithm>) -> Result<Vec<Algorithm>> {
    let keys = signing_key::list(&opened.auth, opened.server.id).await?;
    let has = |algorithm: &Algorithm| keys.iter().any(|key| key.algorithm == *algorithm && key.retired_at.is_none());
    let every = [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa];
    match asked_for {
        Some(algorithm) if has(&algorithm) => Ok(vec![algorithm]),
        Some(algorithm) => bail!(
            "the server has no {} key: the first one is made when a client needs it, and signs at once",
            algorithm.name()
        ),
        None if keys.is_empty() => bail!("the server has no keys: it makes them at its first start"),
        None => Ok(every.into_iter().filter(has).collect()),
    }
}
