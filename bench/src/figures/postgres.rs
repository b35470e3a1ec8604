//! The same on PostgreSQL: figures beside the same floor, and two nodes on one database against one.
//!
//! PostgreSQL is one of this run's own, with its flushes on, and lies on the generator's core. Two nodes and one may use
//! both cores; whatever the cores are not busy with is waiting, and what for PostgreSQL says itself.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use test_kit::postgres::{Protection, Server as Postgres};

use super::Run;
use super::operation::Operation;
use super::servers::Servers;
use super::speed::{self, FIGURES, ratio_of};
use crate::driver::{Crowd, Visit};
use crate::measure::{Busy, Server};
use crate::report::Row;
use crate::shop;

const DATABASE: &str = "linden";
/// How often PostgreSQL is asked what its sessions wait for.
const LOOK: Duration = Duration::from_millis(50);
/// Who sign in at once, at one node or at two.
const CONNECTIONS: usize = 16;

/// Started, with an empty database.
async fn launch() -> Result<Postgres> {
    let postgres = Postgres::launch(&Protection::None);
    for setting in ["fsync = on", "full_page_writes = on", "autovacuum = on", "shared_buffers = '128MB'"] {
        postgres.run(&format!("ALTER SYSTEM SET {setting}")).await?;
    }
    postgres.stop();
    postgres.start();
    postgres.run(&format!("CREATE DATABASE {DATABASE} TEMPLATE template0")).await?;
    Ok(postgres)
}

async fn node(postgres: &Postgres, cores: &str, directory: &Path) -> Result<Server> {
    let url = postgres.url(DATABASE);
    let arguments: [&OsStr; 5] =
        ["auth".as_ref(), "--data-dir".as_ref(), directory.as_os_str(), "--postgres".as_ref(), url.as_ref()];
    Server::start(cores, &std::env::current_exe()?, &arguments).await
}

pub async fn figures(servers: &Servers, run: &Run<'_>, wanted: impl Fn(&str) -> bool) -> Result<Vec<Row>> {
    let ids = ["P1", "P7", "P8"];
    if !ids.iter().any(|id| wanted(id)) && !wanted("nodes") {
        return Ok(Vec::new());
    }
    let postgres = launch().await?;
    let mut rows = Vec::new();
    let first = node(&postgres, &run.cores.servers.to_string(), run.directory).await?;
    for figure in FIGURES.iter().filter(|figure| ids.contains(&figure.id) && wanted(figure.id)) {
        rows.push(speed::on_postgres(figure, &servers.floor, &first, run.rounds).await?);
    }
    first.stop().await?;
    if wanted("nodes") {
        rows.extend(nodes(&postgres, run).await?);
    }
    Ok(rows)
}

async fn nodes(postgres: &Postgres, run: &Run<'_>) -> Result<Vec<Row>> {
    let both = run.cores.both();
    let alone = node(postgres, &both, run.directory).await?;
    let pair = [node(postgres, &both, run.directory).await?, node(postgres, &both, run.directory).await?];
    let mut rows = Vec::new();
    for (operation, name) in
        [(Operation::SignIn, "whole sign-in"), (Operation::ClientCredentials, "client credentials")]
    {
        let one = Nodes::new(vec![&alone], operation).await?;
        let two = Nodes::new(pair.iter().collect(), operation).await?;
        rows.push(compared(postgres, name, [one, two], run).await?);
    }
    for server in pair.into_iter().chain([alone]) {
        server.stop().await?;
    }
    Ok(rows)
}

/// Nodes that share the work.
struct Nodes<'a> {
    servers: Vec<&'a Server>,
    crowds: Vec<Crowd>,
}

/// What nodes did in one round.
struct Sample {
    a_second: f64,
    /// Of the nodes, an operation.
    processor_micros: f64,
    busy: Busy,
    waits: Vec<String>,
}

impl<'a> Nodes<'a> {
    async fn new(servers: Vec<&'a Server>, operation: Operation) -> Result<Self> {
        let mut crowds = Vec::new();
        for server in &servers {
            let target = server.target(Some(shop::HOST))?;
            let visit: Visit = operation.visit(&target);
            crowds.push(Crowd::gather(CONNECTIONS / servers.len(), &target, &visit).await?);
        }
        Ok(Self { servers, crowds })
    }

    async fn work(&mut self, postgres: &Postgres, root: u32, time: Duration) -> Result<Sample> {
        let before = Busy::until_now(&self.servers, root)?;
        let working = futures::future::try_join_all(self.crowds.iter_mut().map(|crowd| crowd.work(time)));
        let (worked, waits) = tokio::try_join!(working, looks(postgres, time))?;
        let busy = Busy::until_now(&self.servers, root)?.since(&before);
        let visits: u64 = worked.iter().map(|(visits, _)| visits).sum();
        let took = worked.iter().map(|(_, took)| took.as_secs_f64()).fold(0.0, f64::max);
        let processor_micros = busy.nodes * 1e6 / visits as f64;
        Ok(Sample { a_second: visits as f64 / took, processor_micros, busy: busy.over(took), waits })
    }
}

/// What its sessions waited for, look by look.
async fn looks(postgres: &Postgres, time: Duration) -> Result<Vec<String>> {
    let begun = std::time::Instant::now();
    let mut seen = Vec::new();
    while begun.elapsed() + LOOK < time {
        tokio::time::sleep(LOOK).await;
        let waits = "SELECT coalesce(string_agg(wait_event_type || ' ' || wait_event, ','), '') FROM pg_stat_activity \
                     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle' \
                     AND wait_event_type IN ('IO', 'LWLock', 'Lock', 'BufferPin', 'IPC')";
        let waits = postgres.ask(waits).await?;
        seen.extend(waits.split(',').filter(|wait| !wait.is_empty()).map(str::to_owned));
    }
    Ok(seen)
}

async fn compared(postgres: &Postgres, name: &str, [mut one, mut two]: [Nodes<'_>; 2], run: &Run<'_>) -> Result<Row> {
    let root: u32 =
        postgres.ask("SELECT pg_read_file('postmaster.pid')").await?.lines().next().unwrap_or_default().parse()?;
    let time = Duration::from_secs_f64(run.rounds.seconds);
    let mut samples = Vec::new();
    for nodes in [&mut one, &mut two] {
        nodes.work(postgres, root, time / 2).await?;
    }
    for _ in 0..run.rounds.count.min(speed::FOR_COMPARISON) {
        samples.push([one.work(postgres, root, time).await?, two.work(postgres, root, time).await?]);
    }
    let measured = ratio_of(&samples.iter().map(|pair| pair.each_ref().map(Sample::rate)).collect::<Vec<_>>());
    let last = samples.last().map(|[_, two]| two).context("no round")?;
    let cores = if run.cores.generator == run.cores.servers { 1 } else { 2 };
    let note = bottleneck(&last.busy, &last.waits, cores);
    Ok(Row::compared("nodes", &format!("{name} on PostgreSQL, two nodes"), "one node", measured).noting(note))
}

impl Sample {
    fn rate(&self) -> crate::measure::Sample {
        crate::measure::Sample { a_second: self.a_second, processor_micros: self.processor_micros }
    }
}

/// `of 2 cores: nodes 1.6, PostgreSQL 0.2, generator 0.2: the cores are the bottleneck`.
fn bottleneck(busy: &Busy, waits: &[String], cores: usize) -> String {
    let Busy { nodes, postgres, generator } = busy;
    let all = nodes + postgres + generator;
    let most = most_frequent(waits).map_or_else(
        || "PostgreSQL's sessions waited for nothing".to_owned(),
        |(wait, share)| format!("PostgreSQL's sessions waited most for {wait} ({:.0} % of waits)", share * 100.0),
    );
    let narrow = if all > 0.85 * cores as f64 { "the cores are the bottleneck" } else { "the cores had time left" };
    format!(
        "of {cores} cores nodes took {nodes:.2}, PostgreSQL {postgres:.2}, the generator {generator:.2}: {narrow}; {most}"
    )
}

fn most_frequent(waits: &[String]) -> Option<(&str, f64)> {
    let count = |wait: &str| waits.iter().filter(|known| *known == wait).count();
    let most = waits.iter().max_by_key(|wait| count(wait))?;
    Some((most, count(most) as f64 / waits.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_narrow_is_named() {
        let waits = ["IO WALSync", "LWLock WALWrite", "IO WALSync"].map(str::to_owned);
        let full = bottleneck(&Busy { nodes: 1.5, postgres: 0.2, generator: 0.2 }, &waits, 2);
        assert!(full.contains("the cores are the bottleneck") && full.contains("IO WALSync (67 %"), "{full}");
        let idle = bottleneck(&Busy { nodes: 0.5, postgres: 0.1, generator: 0.1 }, &[], 2);
        assert!(idle.contains("had time left") && idle.contains("waited for nothing"), "{idle}");
    }
}
