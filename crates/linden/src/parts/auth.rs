use std::sync::Arc;

use anyhow::Result;
use auth_server::environment::{SystemClock, SystemRandom};
use auth_server::password_hashing::PasswordHashing;
use auth_server::{AuthServer, AuthServerConfig, Forwarding, MasterKeys};
use database::Database;
use telemetry::metrics::Metrics;

/// What the authorization server is built from.
pub struct AuthPart {
    pub database: Database,
    pub master_keys: MasterKeys,
    pub hashing: PasswordHashing,
    pub forwarding: Forwarding,
    pub metrics: Arc<Metrics>,
}

impl AuthPart {
    pub async fn start(self) -> Result<AuthServer> {
        let server = AuthServer::start(AuthServerConfig {
            database: self.database,
            master_keys: self.master_keys,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            hashing: self.hashing,
            forwarding: self.forwarding,
            metrics: self.metrics,
        });
        Ok(server.await?)
    }
}
