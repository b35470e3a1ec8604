//! The authorization server alone, with its defaults, over a new SQLite database.

mod seed;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use auth_server::environment::{SystemClock, SystemRandom};
use auth_server::password_hashing::PasswordHashing;
use auth_server::{AuthServer, AuthServerConfig, Forwarding, MasterKey};
use auth_store::{Database, MIGRATIONS};
use clap::Args;
use database::SqliteOptions;

#[derive(Debug, Args)]
pub struct AuthOptions {
    /// Where the database is made
    #[arg(long)]
    data_dir: PathBuf,
}

pub async fn run(options: AuthOptions) -> Result<()> {
    crate::serving::log();
    let database = Database::open_sqlite(SqliteOptions::new(options.data_dir.join("auth.db")))?;
    database.migrate(&MIGRATIONS).await?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let hashing = PasswordHashing::start(threads)?;
    seed::shop(&database, &hashing).await?;
    let server = AuthServer::start(AuthServerConfig {
        database,
        master_key: MasterKey::new([42; 32])?,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        hashing,
        forwarding: Forwarding::default(),
        metrics: Metrics::new("bench"),
    })
    .await?;
    crate::serving::serve(server.router()).await
}
