use std::sync::Arc;
use std::time::Duration;

use auth_store::Error;
use database::Fence;

use crate::keys::{self, KeyError};
use crate::state::AppState;

pub(super) const EVERY: Duration = Duration::from_secs(60);

pub(super) async fn rotate_keys(state: Arc<AppState>, fence: Fence) {
    for entry in state.directory.servers() {
        match keys::rotate_due(&state.directory.key_source(), &fence, &entry.server).await {
            Ok(0) => {}
            Ok(keys) => tracing::info!(keys, server = entry.server.name, "signing keys were made or erased"),
            Err(KeyError::Store(Error::LeaseLost)) => return tracing::info!("another node rotates keys by now"),
            Err(error) => tracing::warn!(?error, server = entry.server.name, "signing keys could not be rotated"),
        }
    }
}
