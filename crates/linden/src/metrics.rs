//! What `/metrics` answers: all that was counted (`telemetry::metrics`), and what is looked at when somebody asks.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use auth_server::environment::{Clock, SystemClock};
use database::Database;
use resource_guard::Guard;
use telemetry::metrics::Metrics;
use telemetry::metrics::labels::{Cache, Lookup, Store};

use crate::serve::Load;

/// Under the names of this program's version.
pub fn new() -> Arc<Metrics> {
    let metrics = Metrics::new(env!("CARGO_PKG_VERSION"));
    metrics.process.started_at.set(SystemClock.now().seconds());
    metrics
}

/// What this process runs.
#[derive(Clone, Default)]
pub struct Watched {
    pub stores: Vec<(Store, Database)>,
    /// Whoever verifies tokens.
    pub guard: Option<Guard>,
    /// Of the public listeners.
    pub loads: Vec<Load>,
}

/// In Prometheus' text format.
pub fn text(metrics: &Metrics, watched: &Watched) -> String {
    for (store, database) in &watched.stores {
        metrics.database_waiting.set(*store, database.waiting_writes());
    }
    if let Some(guard) = &watched.guard {
        let (hits, misses) = guard.lookups();
        metrics.cache_lookups.set((Cache::VerifiedTokens, Lookup::Hit), hits);
        metrics.cache_lookups.set((Cache::VerifiedTokens, Lookup::Miss), misses);
    }
    let total = |of: fn(&Load) -> usize| count(watched.loads.iter().map(of).sum());
    metrics.connections.set(total(Load::connections));
    metrics.requests_under_way.set(total(Load::requests));
    let refused = watched.loads.iter().map(Load::refused).sum();
    metrics.overload_refusals.inner().store(refused, Ordering::Relaxed);
    metrics.process.resident_memory_bytes.set(count(resident_bytes().unwrap_or_default()));
    metrics.process.open_files.set(count(std::fs::read_dir("/proc/self/fd").map(Iterator::count).unwrap_or_default()));
    metrics.text()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The second number of `statm` counts pages.
fn resident_bytes() -> Option<usize> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: usize = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size())
}

#[cfg(test)]
mod tests;
