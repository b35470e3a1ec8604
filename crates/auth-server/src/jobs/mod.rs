//! Background jobs: following the generation, sweeping what has expired, replacing signing keys.

mod key_rotation;

use std::sync::Arc;
use std::time::Duration;

use auth_core::server::Server;
use auth_core::time::{Span, Timestamp};
use auth_store::Error;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::task::AbortOnDropHandle;

use crate::state::AppState;

const GENERATION: Duration = Duration::from_secs(1);
const SWEEP: Duration = Duration::from_secs(20);
const MOST_BATCHES: usize = 100;
/// How long what has expired stays: a second use of a code is recognised that long.
const KEEP_EXPIRED: Span = Span::minutes(60);
const KEEP_FAILURES: Span = Span::minutes(24 * 60);

pub(crate) fn start(state: &Arc<AppState>) -> Vec<AbortOnDropHandle<()>> {
    vec![
        AbortOnDropHandle::new(tokio::spawn(follow_generation(Arc::clone(state)))),
        AbortOnDropHandle::new(tokio::spawn(sweep(Arc::clone(state)))),
        AbortOnDropHandle::new(tokio::spawn(key_rotation::rotate_keys(Arc::clone(state)))),
    ]
}

async fn follow_generation(state: Arc<AppState>) {
    let mut ticks = interval(GENERATION);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = state.directory.refresh().await {
            tracing::warn!(?error, "the configuration could not be read anew");
        }
    }
}

async fn sweep(state: Arc<AppState>) {
    let mut ticks = interval(SWEEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for entry in state.directory.servers() {
            // Small batches, each a commit, and as many as keep up with what a busy server leaves behind.
            for _ in 0..MOST_BATCHES {
                match sweep_batch(&state, &entry.server).await {
                    Ok(0) => break,
                    Ok(rows) => tracing::debug!(rows, server = entry.server.name, "swept expired rows"),
                    Err(error) => {
                        tracing::warn!(?error, "expired rows could not be swept");
                        break;
                    }
                }
            }
        }
    }
}

async fn sweep_batch(state: &AppState, server: &Server) -> Result<u64, Error> {
    let now = state.now();
    // A lock without a duration stays until an operator lifts it.
    let lock = server.settings.lock_out.duration_minutes;
    let locks_before = lock.map_or(Timestamp(i64::MIN), |minutes| now - KEEP_FAILURES - Span::minutes(minutes.into()));
    let (expired_before, failures_before) = (now - KEEP_EXPIRED, now - KEEP_FAILURES);
    let kept = Span::minutes(i64::from(server.settings.audit_days) * 24 * 60);
    let (database, id) = (&state.database, server.id);
    let old = auth_store::sweep::audit_events(database, id, now - kept).await?;
    let expired = auth_store::sweep::batch(database, id, expired_before, failures_before, locks_before).await?;
    let unused = now - auth_store::pushed_authorization::KEEP_EXPIRED;
    let pushed = auth_store::sweep::pushed_authorizations(database, id, unused).await?;
    Ok(old + expired + pushed)
}
