//! The database of a section: reached as the nodes reach it, and never changed.

use anyhow::Result;
use auth_core::time::Timestamp;
use auth_server::environment::{Clock, SystemClock};
use database::{Database, MigrateError, Statement};

use super::clocks;
use crate::commands::doctor::finding::Finding;
use crate::config::{Configuration, DatabaseSection, DatabaseUrl};
use crate::parts::{Store, postgres_options};

/// PostgreSQL alone is asked: SQLite has no settings of a server, and our clock.
static TOLD: Statement = Statement::new(
    "TOLD",
    "SELECT current_setting('server_version'), current_setting('synchronous_commit'), \
     CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
);

/// The names of its checks.
pub struct Checks {
    pub database: &'static str,
    pub clock: &'static str,
}

pub const AUTH: Checks = Checks { database: "auth database", clock: "auth database's clock" };
pub const COMMERCE: Checks = Checks { database: "commerce database", clock: "commerce database's clock" };

/// What was found, and the database if it may be read further.
pub async fn findings(
    configuration: &Configuration,
    section: &DatabaseSection,
    store: Store,
) -> (Vec<Finding>, Option<Database>) {
    let checks = if store == Store::Auth { AUTH } else { COMMERCE };
    let opened = match opened(configuration, section, store).await {
        Ok(opened) => opened,
        Err(error) => {
            let advice = "mend what it says, at the database or in its section of the configuration";
            return (vec![Finding::wrong(checks.database, format!("{error:#}"), advice)], None);
        }
    };
    let Opened { database, is_postgres } = opened;
    if let Some(wrong) = schema(checks.database, &database, store).await {
        return (vec![wrong], Some(database));
    }
    let findings = match is_postgres {
        false => vec![Finding::fine(checks.database, "SQLite, whole, and of this program's schema")],
        true => told(&checks, &database).await,
    };
    (findings, Some(database))
}

struct Opened {
    database: Database,
    is_postgres: bool,
}

/// PostgreSQL refuses by itself what is too old, takes no writes or loses what it acknowledged.
async fn opened(configuration: &Configuration, section: &DatabaseSection, store: Store) -> Result<Opened> {
    Ok(match configuration.database_url(section)? {
        DatabaseUrl::Sqlite(path) => {
            let database = Database::open_sqlite_to_read(&configuration.path(&path))?;
            Opened { database, is_postgres: false }
        }
        DatabaseUrl::Postgres(url) => {
            let options = postgres_options(configuration, section, &url, store)?;
            Opened { database: Database::open_postgres(options).await?, is_postgres: true }
        }
    })
}

async fn schema(check: &'static str, database: &Database, store: Store) -> Option<Finding> {
    match database.quick_check().await {
        Ok(damage) if damage.is_empty() => {}
        Ok(damage) => {
            let restore = "stop the nodes, and put the file back from a backup";
            return Some(Finding::wrong(check, format!("it is damaged: {}", damage.join("; ")), restore));
        }
        Err(error) => return Some(Finding::wrong(check, format!("cannot be read: {error}"), "look at its own log")),
    }
    match database.pending_migrations(store.migrations()).await {
        Ok(0) => None,
        Ok(steps) => Some(Finding::wrong(
            check,
            format!("its schema is {steps} steps behind this program"),
            "start a node of this version: the first one brings the schema up",
        )),
        Err(newer @ MigrateError::NewerSchema { .. }) => Some(Finding::wrong(
            check,
            newer.to_string(),
            "install the version of linden that wrote it, or a newer one",
        )),
        Err(error) => Some(Finding::wrong(check, error.to_string(), "look at the database's own log")),
    }
}

async fn told(checks: &Checks, database: &Database) -> Vec<Finding> {
    let asked = SystemClock.now();
    let rows = database.read_rows(&TOLD, &[]).await;
    let answered = SystemClock.now();
    let told = rows.and_then(|rows| {
        let row = rows.into_iter().next();
        row.map(|row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?))).transpose()
    });
    match told {
        Ok(Some((version, synchronous_commit, clock))) => {
            let found = format!("PostgreSQL {version}, takes writes, synchronous_commit={synchronous_commit}");
            let clock = clocks::of_database(checks.clock, Timestamp(clock), asked, answered);
            vec![Finding::fine(checks.database, found), clock]
        }
        Ok(None) => Vec::new(),
        Err(error) => vec![Finding::wrong(checks.database, format!("does not answer: {error}"), "look at its own log")],
    }
}
