use super::SqliteOptions;
use super::connection::{Connection, error_of};
use crate::migration::{Applied, READ_VERSIONS, RECORD_VERSION, remaining};
use crate::{Error, MigrateError, Migrations, Value};

const CREATE_SCHEMA_VERSION: &str = "CREATE TABLE IF NOT EXISTS schema_version (
    store TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, checksum INTEGER NOT NULL,
    PRIMARY KEY (store, version)) STRICT";

/// On a connection of its own; `BEGIN IMMEDIATE` makes programs that start together take turns.
pub(super) fn migrate(options: &SqliteOptions, migrations: &Migrations) -> Result<(), MigrateError> {
    let engine = |error| error_of("MIGRATE", error);
    let mut connection = Connection::open_writing(options).map_err(engine)?;
    let store = migrations.name;
    connection.control("BEGIN IMMEDIATE")?;
    connection.raw.execute_batch(CREATE_SCHEMA_VERSION).map_err(engine)?;
    let applied = applied(&mut connection, store)?;
    for migration in remaining(store, migrations.sqlite, &applied)? {
        connection.raw.execute_batch(migration.sql).map_err(|error| migration.failed(store, error))?;
        if !connection.in_transaction() {
            return Err(migration.failed(store, "it ends the transaction"));
        }
        connection.execute(&RECORD_VERSION, &migration.record(store))?;
    }
    connection.control("COMMIT")?;
    Ok(())
}

fn applied(connection: &mut Connection, store: &'static str) -> Result<Vec<Applied>, Error> {
    let rows = connection.rows(&READ_VERSIONS, &[Value::from(store)])?;
    rows.iter().map(Applied::read).collect()
}
