//! The authorization server alone, with its defaults, over a SQLite database of its own, or on PostgreSQL.

mod seed;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use auth_server::environment::{SystemClock, SystemRandom};
use auth_server::password_hashing::PasswordHashing;
use auth_server::{AuthServer, AuthServerConfig, Forwarding, MasterKey};
use auth_store::{Database, MIGRATIONS};
use clap::Args;
use database::{PostgresOptions, SqliteOptions};

#[derive(Debug, Args)]
pub struct AuthOptions {
    /// Where the database is made
    #[arg(long)]
    data_dir: PathBuf,
    /// PostgreSQL instead, where several of these may serve one database
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
}

pub async fn run(options: AuthOptions) -> Result<()> {
    crate::serving::log();
    let database = match options.postgres {
        Some(url) => Database::open_postgres(PostgresOptions::new(url, "auth")).await?,
        None => Database::open_sqlite(SqliteOptions::new(options.data_dir.join("auth.db")))?,
    };
    database.migrate(&MIGRATIONS).await?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let hashing = PasswordHashing::start(threads)?;
    if auth_store::server::all(&database).await?.is_empty() {
        seed::shop(&database, &hashing).await?;
    }
    let server = AuthServer::start(AuthServerConfig {
        database,
        master_keys: MasterKey::new([42; 32])?.into(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        hashing,
        forwarding: Forwarding::default(),
        metrics: telemetry::metrics::Metrics::new("bench"),
    })
    .await?;
    crate::serving::serve(server.router()).await
}
