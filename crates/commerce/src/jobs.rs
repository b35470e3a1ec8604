//! What the services do by themselves, on one node at a time.

use std::time::Duration;

use database::{Error, Fence, Lease};
use telemetry::metrics::labels::{End, Store};
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

async fn forget_old_events(services: &Services, fence: Fence) {
    let swept = forget(services, &fence).await;
    if matches!(swept, Err(Error::LeaseLost)) {
        return tracing::info!("another node sweeps by now");
    }
    services.metrics.sweeps.add((Store::Commerce, End::of(&swept)));
    if let Err(error) = swept {
        tracing::warn!(?error, "old audit events could not be swept");
    }
}

/// Until none is left that is old. Between batches the database has as long for others as it had for the batch.
async fn forget(services: &Services, fence: &Fence) -> Result<(), Error> {
    loop {
        let began = Instant::now();
        let rows = sweep(&services.database, fence, services.now()).await?;
        if rows == 0 {
            return Ok(());
        }
        services.metrics.swept_rows.add_many(Store::Commerce, rows);
        tracing::debug!(rows, "swept old audit events");
        sleep(began.elapsed()).await;
    }
}
