use std::sync::Arc;

use auth_protocol::forwarding::FromGateway;
use axum::extract::FromRef;
use database::Database;
use resource_guard::Guard;
use telemetry::metrics::Metrics;

/// Microseconds since the epoch.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;
/// Fills the bytes with randomness fit for ids.
pub type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// What the services are built from. Each service makes its router of it: [`crate::tenant::router`],
/// [`crate::customer::router`], [`crate::cart::router`].
#[derive(Clone)]
pub struct Services {
    /// Migrated to [`crate::MIGRATIONS`].
    pub database: Database,
    pub guard: Guard,
    pub clock: Clock,
    pub random: Random,
    pub metrics: Arc<Metrics>,
    /// Whose word counts on who asks, and under which id.
    pub gateway: Arc<FromGateway>,
}

impl Services {
    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    /// The two parts of a new ULID: milliseconds and randomness.
    pub(crate) fn id_parts(&self) -> (u64, [u8; 10]) {
        let mut random = [0; 10];
        (self.random)(&mut random);
        (u64::try_from(self.now() / 1_000).unwrap_or_default(), random)
    }
}

impl FromRef<Services> for Guard {
    fn from_ref(services: &Services) -> Guard {
        services.guard.clone()
    }
}
