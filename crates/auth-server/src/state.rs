use std::sync::Arc;

use auth_core::time::Timestamp;
use auth_core::token::{ACCESS_TOKEN_CONTRIBUTORS, InvalidContributors, check_contributors};
use auth_store::Database;
use axum::Router;
use telemetry::metrics::Metrics;

use crate::directory::Directory;
use crate::environment::{Clock, Random, random_bytes};
use crate::jobs::Jobs;
use crate::keys::{KeyError, MasterKeys};
use crate::password_hashing::{HashingError, PasswordHashing};
use crate::routes;
use crate::web::forwarding::Forwarding;
use crate::web::request::RequestIds;

pub struct AuthServerConfig {
    /// Migrated by the caller.
    pub database: Database,
    pub master_keys: MasterKeys,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub hashing: PasswordHashing,
    /// Whose forwarding headers are believed (rule 10).
    pub forwarding: Forwarding,
    pub metrics: Arc<Metrics>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Contributors(#[from] InvalidContributors),
    #[error(transparent)]
    Hashing(#[from] HashingError),
}

/// All that a request needs; shared by every handler.
pub(crate) struct AppState {
    pub database: Database,
    pub directory: Directory,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub hashing: PasswordHashing,
    pub forwarding: Forwarding,
    pub request_ids: RequestIds,
    pub metrics: Arc<Metrics>,
}

impl AppState {
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        random_bytes(self.random.as_ref())
    }
}

/// Makes a new id of any kind from the clock and the generator.
macro_rules! new_id {
    ($state:expr, $kind:ty) => {
        <$kind>::new(u64::try_from($state.now().millis()).unwrap_or_default(), $state.random_bytes())
    };
}
pub(crate) use new_id;

/// A running authorization server. Dropping it ends its background jobs.
pub struct AuthServer {
    state: Arc<AppState>,
    jobs: Jobs,
}

impl AuthServer {
    pub async fn start(config: AuthServerConfig) -> Result<Self, StartError> {
        check_contributors(ACCESS_TOKEN_CONTRIBUTORS)?;
        let directory = Directory::load(
            config.database.clone(),
            config.master_keys,
            Arc::clone(&config.clock),
            Arc::clone(&config.random),
            Arc::clone(&config.metrics),
        )
        .await?;
        let state = Arc::new(AppState {
            database: config.database,
            directory,
            request_ids: RequestIds::new(config.random.as_ref()),
            clock: config.clock,
            random: config.random,
            hashing: config.hashing,
            forwarding: config.forwarding,
            metrics: config.metrics,
        });
        let jobs = Jobs::start(&state);
        Ok(Self { state, jobs })
    }

    /// Ends the background jobs so that other nodes take them over at once. Dropping the server leaves them waiting a minute.
    pub async fn end(self) {
        self.jobs.end().await;
    }

    /// Asks whether each server has a key that signs now.
    pub fn has_keys(&self) -> impl Fn() -> bool + Send + Sync + use<> {
        let state = Arc::clone(&self.state);
        move || state.directory.has_keys(state.clock.now())
    }

    pub fn router(&self) -> Router {
        routes::router(Arc::clone(&self.state))
    }
}
