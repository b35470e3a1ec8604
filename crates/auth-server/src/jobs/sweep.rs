use std::sync::Arc;
use std::time::Duration;

use auth_core::server::Server;
use auth_core::time::{Span, Timestamp};
use auth_store::Error;
use auth_store::pushed_authorization;
use auth_store::sweep::{BATCH, Before, batch};
use database::Fence;
use telemetry::metrics::labels::{End, Store};
use tokio::time::{Instant, sleep};

use crate::state::AppState;

pub(super) const EVERY: Duration = Duration::from_secs(20);
/// How long what has expired stays: a second use of a code is recognised that long.
const KEEP_EXPIRED: Span = Span::minutes(60);
const KEEP_FAILURES: Span = Span::minutes(24 * 60);

/// Until nothing is left that is old, however much came meanwhile. Servers take turns, a batch each, and between batches
/// the database has as long for others as it had for the batch.
pub(super) async fn sweep(state: Arc<AppState>, fence: Fence) {
    let swept = sweep_servers(&state, &fence).await;
    if matches!(swept, Err(Error::LeaseLost)) {
        return tracing::info!("another node sweeps by now");
    }
    state.metrics.sweeps.add((Store::Auth, End::of(&swept)));
    if let Err(error) = swept {
        tracing::warn!(?error, "what has expired could not be swept");
    }
}

async fn sweep_servers(state: &AppState, fence: &Fence) -> Result<(), Error> {
    let mut servers = state.directory.servers();
    let mut turn = 0;
    while !servers.is_empty() {
        let mut unfinished = Vec::new();
        for entry in servers {
            let began = Instant::now();
            let before = before(&entry.server, state.now());
            let rows = batch(&state.database, fence, entry.server.id, before, turn).await?;
            if rows == 0 {
                continue;
            }
            state.metrics.swept_rows.add_many(Store::Auth, rows);
            tracing::debug!(rows, server = entry.server.name, "swept what had expired");
            if rows >= BATCH {
                unfinished.push(entry);
            }
            sleep(began.elapsed()).await;
        }
        servers = unfinished;
        turn += 1;
    }
    Ok(())
}

fn before(server: &Server, now: Timestamp) -> Before {
    // A lock without a duration stays until an operator lifts it.
    let lock = server.settings.lock_out.duration_minutes;
    Before {
        expired: now - KEEP_EXPIRED,
        pushed_authorizations: now - pushed_authorization::KEEP_EXPIRED,
        failures: now - KEEP_FAILURES,
        locks: lock.map_or(Timestamp(i64::MIN), |minutes| now - KEEP_FAILURES - Span::minutes(minutes.into())),
        audit_events: now - Span::minutes(i64::from(server.settings.audit_days) * 24 * 60),
    }
}
