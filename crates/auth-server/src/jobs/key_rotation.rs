use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::keys;
use crate::state::AppState;

const EVERY: Duration = Duration::from_secs(60);

pub(super) async fn rotate_keys(state: Arc<AppState>) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for entry in state.directory.servers() {
            match keys::rotate_due(&state.directory.key_source(), &entry.server).await {
                Ok(0) => {}
                Ok(keys) => tracing::info!(keys, server = entry.server.name, "signing keys were made or erased"),
                Err(error) => tracing::warn!(?error, server = entry.server.name, "signing keys could not be rotated"),
            }
        }
    }
}
