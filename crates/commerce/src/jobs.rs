//! What the services do by themselves, on one node at a time.

use std::time::Duration;

use database::{Error, Fence, Lease};
use tokio::time::{Instant, sleep};

use crate::{Services, sweep};

const EVERY: Duration = Duration::from_secs(20);

/// Runs until `ending`; then another node may go on at once.
pub async fn run(services: Services, ending: impl Future<Output = ()>) {
    let mut holder = [0; 16];
    (services.random)(&mut holder);
    let lease = Lease::new("sweep", holder, EVERY);
    lease.work(&services.database, ending, |fence| forget_old_events(&services, fence)).await;
}

/// Until none is left that is old. Between batches the database has as long for others as it had for the batch.
async fn forget_old_events(services: &Services, fence: Fence) {
    loop {
        let began = Instant::now();
        match sweep(&services.database, &fence, services.now()).await {
            Ok(0) => return,
            Ok(rows) => tracing::debug!(rows, "swept old audit events"),
            Err(Error::LeaseLost) => return tracing::info!("another node sweeps by now"),
            Err(error) => return tracing::warn!(?error, "old audit events could not be swept"),
        }
        sleep(began.elapsed()).await;
    }
}
