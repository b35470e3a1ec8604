//! Linden's speed, as ratios to floors: minimal servers that do only the unavoidable work of an operation.
//!
//! 1. `floor` and `auth` are servers of this program, each its own process: the floor, and the authorization server on
//!    its own, behind the same accept loop, so that the two differ in nothing but their work.
//! 2. Without a subcommand it is the load generator: it starts the servers on one core, takes another, and lets them
//!    work by turns in short rounds (`measure`).
//! 3. A figure is the median of the per-round ratios, with CPU time per operation beside it (`report`).
//!
//! docs/benchmarks.md tells what was measured where, and how to repeat it.

mod auth;
mod document;
mod driver;
mod figures;
mod floor;
mod hop;
mod measure;
mod report;
#[path = "../../crates/linden/src/request_id.rs"]
mod request_id;
mod serving;
mod shop;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(about = "Measures Linden against floors")]
struct CommandLine {
    #[command(subcommand)]
    serve: Option<Serve>,
    #[command(flatten)]
    plan: Plan,
}

#[derive(Debug, Args)]
pub struct Plan {
    /// Three short rounds, to see that everything runs
    #[arg(long)]
    quick: bool,
    /// Rounds of each figure
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Seconds that each server works in a round
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Figures to measure, such as P1,P8; all of them if none is named
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// The program as shipped; without it the figures that need it are left out
    #[arg(long, env = "LINDEN_BINARY")]
    linden: Option<PathBuf>,
    /// Write docs/benchmarks.md and its plots from what was found; the results go to bench/published.json
    #[arg(long, conflicts_with_all = ["quick", "only"])]
    document: bool,
    /// Where the results are written as JSON
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/results/latest.json"))]
    results: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Serve {
    /// Serve the floors
    Floor(floor::FloorOptions),
    /// Serve the authorization server alone
    Auth(auth::AuthOptions),
    /// Serve the gateway alone, in front of an upstream
    Gateway(hop::GatewayOptions),
    /// Serve a bare proxy, the gateway's floor
    Proxy(hop::ProxyOptions),
    /// Serve what gateway and proxy forward to
    Upstream(hop::UpstreamOptions),
    /// Write docs/benchmarks.md again from the published results
    Document,
}

fn main() -> Result<()> {
    let command_line = CommandLine::parse();
    match command_line.serve {
        // As the shipped program: a worker for each core that it may use.
        Some(Serve::Floor(options)) => workers()?.block_on(floor::run(options)),
        Some(Serve::Auth(options)) => workers()?.block_on(auth::run(options)),
        Some(Serve::Gateway(options)) => workers()?.block_on(hop::gateway(options)),
        Some(Serve::Proxy(options)) => workers()?.block_on(hop::proxy(options)),
        Some(Serve::Upstream(options)) => workers()?.block_on(hop::upstream(options)),
        Some(Serve::Document) => document::write(&report::Report::read(&document::published())?),
        None => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(figures::run(command_line.plan)),
    }
}

fn workers() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
