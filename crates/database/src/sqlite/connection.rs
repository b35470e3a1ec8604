use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, ErrorCode, OpenFlags, ToSql};

use super::SqliteOptions;
use crate::{Error, Prepared, Reason, Row, Statement, Value};

const CACHED_STATEMENTS: usize = 256;

/// One SQLite connection, used by one thread at a time.
pub(crate) struct Connection {
    pub(super) raw: rusqlite::Connection,
}

impl Connection {
    /// For the writer and for migrations. Durable at every commit; checkpoints are left to the checkpoint thread.
    pub(super) fn open_writing(options: &SqliteOptions) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open(&options.path, flags, options.busy_timeout)?;
        let raw = &connection.raw;
        raw.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0))?;
        raw.pragma_update(None, "synchronous", "full")?;
        raw.pragma_update(None, "wal_autocheckpoint", 0)?;
        raw.pragma_update(None, "journal_size_limit", super::checkpoint::LARGEST_LOG_BYTES)?;
        if let Some(pages) = options.largest_file_pages {
            raw.pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0))?;
        }
        Ok(connection)
    }

    /// For readers: cannot write, whatever the statement.
    pub(super) fn open_reading(options: &SqliteOptions) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open(&options.path, flags, options.busy_timeout)
    }

    fn open(path: &Path, flags: OpenFlags, busy_timeout: Duration) -> rusqlite::Result<Connection> {
        let raw = rusqlite::Connection::open_with_flags(path, flags)?;
        raw.busy_timeout(busy_timeout)?;
        raw.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        raw.pragma_update(None, "foreign_keys", true)?;
        raw.pragma_update(None, "temp_store", "memory")?;
        Ok(Connection { raw })
    }

    /// BEGIN, SAVEPOINT and their like.
    pub(super) fn control(&self, text: &'static str) -> Result<(), Error> {
        let run = || self.raw.prepare_cached(text)?.raw_execute();
        run().map(drop).map_err(|error| error_of(text, error))
    }

    /// False once SQLite has given up the whole transaction by itself: full disk, I/O error, no memory.
    pub(super) fn in_transaction(&self) -> bool {
        !self.raw.is_autocommit()
    }

    pub(crate) fn execute(&mut self, statement: &Statement, values: &[Value]) -> Result<u64, Error> {
        let run = || {
            let mut prepared = bind(&self.raw, statement, values)?;
            // A statement with RETURNING gives rows; they are the count then.
            if prepared.column_count() == 0 {
                return Ok(prepared.raw_execute()? as u64);
            }
            let mut rows = prepared.raw_query();
            let mut count = 0;
            while rows.next()?.is_some() {
                count += 1;
            }
            Ok(count)
        };
        run().map_err(|failed: Failed| failed.into_error(statement.name()))
    }

    pub(crate) fn rows(&mut self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        let run = || {
            let mut prepared = bind(&self.raw, statement, values)?;
            let columns = prepared.column_count();
            let mut answer = Vec::new();
            let mut rows = prepared.raw_query();
            while let Some(row) = rows.next()? {
                let values: Result<Vec<Value>, Failed> =
                    (0..columns).map(|column| value_of(row.get_ref(column)?)).collect();
                answer.push(Row::new(values?));
            }
            Ok(answer)
        };
        run().map_err(|failed: Failed| failed.into_error(statement.name()))
    }

    pub(super) fn prepare(&self, statement: &Statement) -> Result<Prepared, Error> {
        let prepared = self.raw.prepare(statement.text()).map_err(|error| error_of(statement.name(), error))?;
        Ok(Prepared {
            statement: statement.name(),
            parameters: prepared.parameter_count(),
            columns: prepared.column_names().map(str::to_owned).collect(),
        })
    }
}

/// SQLite takes `$3` for a name, numbered by where it first stands in the text; it is bound by the number it spells.
fn bind<'c>(
    connection: &'c rusqlite::Connection,
    statement: &Statement,
    values: &[Value],
) -> Result<CachedStatement<'c>, Failed> {
    let mut prepared = connection.prepare_cached(statement.text())?;
    let count = prepared.parameter_count();
    if count != values.len() {
        return Err(Failed::Misuse(format!("{count} parameters, {} values", values.len())));
    }
    for index in 1..=count {
        let number = prepared.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number
            .and_then(|number| values.get(number.checked_sub(1)?))
            .ok_or_else(|| Failed::Misuse("parameters must be $1 to $n".to_owned()))?;
        if matches!(value, Value::Text(text) if text.contains('\0')) {
            return Err(Failed::Misuse("NUL in a text".to_owned()));
        }
        prepared.raw_bind_parameter(index, value)?;
    }
    Ok(prepared)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Boolean(answer) => ValueRef::Integer((*answer).into()),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn value_of(value: ValueRef<'_>) -> Result<Value, Failed> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Text(text) => Value::Text(
            String::from_utf8(text.to_vec()).map_err(|_| Failed::Shape("text that is not UTF-8".to_owned()))?,
        ),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(Failed::Shape("a floating-point number".to_owned())),
    })
}

enum Failed {
    Engine(rusqlite::Error),
    Misuse(String),
    Shape(String),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Failed {
        Failed::Engine(error)
    }
}

impl Failed {
    fn into_error(self, statement: &'static str) -> Error {
        match self {
            Failed::Engine(error) => error_of(statement, error),
            Failed::Misuse(detail) => Error::statement(statement, detail),
            Failed::Shape(detail) => Error::decode(format!("{statement}: {detail}")),
        }
    }
}

/// Tells what may pass by itself from what is a bug, and logs the former: its detail goes no further.
pub(super) fn error_of(statement: &'static str, error: rusqlite::Error) -> Error {
    let Some(code) = error.sqlite_error_code() else {
        return Error::statement(statement, error.to_string());
    };
    let reason = match code {
        ErrorCode::DiskFull => Reason::DiskFull,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::OperationInterrupted => Reason::TimedOut,
        ErrorCode::SystemIoFailure
        | ErrorCode::OutOfMemory
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::PermissionDenied => Reason::Storage,
        _ => return Error::statement(statement, error.to_string()),
    };
    tracing::error!(statement, %error, "SQLite failed");
    Error::Unavailable(reason)
}
