use std::time::Duration;

use super::{BEGIN_WRITE, Postgres};
use crate::migration::{Applied, CHECK_SCHEMA, READ_VERSIONS, RECORD_VERSION, TAKE_TURN, remaining};
use crate::postgres::Connection;
use crate::{Error, MigrateError, Migrations, Value};

/// As often as another program that starts at the same time may get in the way.
const RUNS: usize = 5;
/// An index on a big table takes its time; the limits are wider here, not absent.
/// A program that was killed would otherwise go on at the server, and keep its successor waiting.
const LIMITS: &str = "SET LOCAL statement_timeout = '15min'; SET LOCAL lock_timeout = '1min'; \
                      SET LOCAL client_connection_check_interval = '1s'";
const PATIENCE: Duration = Duration::from_secs(16 * 60);

const CREATE_SCHEMA_VERSION: &str = r#"CREATE TABLE IF NOT EXISTS schema_version (
    store TEXT COLLATE "C" NOT NULL, version BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL, checksum BIGINT NOT NULL,
    PRIMARY KEY (store, version))"#;

pub(super) async fn migrate(postgres: &Postgres, migrations: &Migrations) -> Result<(), MigrateError> {
    for _ in 1..RUNS {
        match attempt(postgres, migrations).await {
            // IF NOT EXISTS doesn't keep two creators of the same name apart; the second sees a duplicate.
            Err(MigrateError::Database(Error::Contention | Error::Statement(_))) => {}
            settled => return settled,
        }
    }
    attempt(postgres, migrations).await
}

async fn attempt(postgres: &Postgres, migrations: &Migrations) -> Result<(), MigrateError> {
    let mut connection = postgres.connection().await?;
    connection.wait_longer(PATIENCE);
    connection.begin(BEGIN_WRITE).await?;
    let done = run(&mut connection, &postgres.options.schema, migrations).await;
    match done {
        Ok(()) => Ok(connection.commit().await?),
        Err(error) => {
            connection.roll_back().await;
            Err(error)
        }
    }
}

async fn run(connection: &mut Connection, schema: &str, migrations: &Migrations) -> Result<(), MigrateError> {
    let store = migrations.name;
    connection.control(LIMITS).await?;
    // Asked first: CREATE SCHEMA IF NOT EXISTS wants a privilege even where there is nothing to create.
    if connection.rows(&CHECK_SCHEMA, &[schema.into()]).await?.is_empty() {
        connection.control(&format!("CREATE SCHEMA {schema}")).await?;
    }
    connection.control(CREATE_SCHEMA_VERSION).await?;
    connection.execute(&TAKE_TURN, &[store.into()]).await?;
    let rows = connection.rows(&READ_VERSIONS, &[Value::from(store)]).await?;
    let applied = rows.iter().map(Applied::read).collect::<Result<Vec<_>, Error>>()?;
    for migration in remaining(store, migrations.postgres, &applied)? {
        connection.control(migration.sql).await.map_err(|error| match error {
            Error::Contention | Error::Unavailable(_) => MigrateError::Database(error),
            Error::Statement(cause) => migration.failed(store, cause.detail),
            other => migration.failed(store, format!("{other:?}")),
        })?;
        // Fails where the step has ended the transaction.
        connection.control("SAVEPOINT step").await.map_err(|_| migration.failed(store, "it ends the transaction"))?;
        connection.execute(&RECORD_VERSION, &migration.record(store)).await?;
    }
    Ok(())
}
