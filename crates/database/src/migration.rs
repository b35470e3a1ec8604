//! Schema changes, all or nothing and as often as one likes:
//!
//! 1. One transaction covers a whole [`Database::migrate`](crate::Database::migrate); two programs that start together take turns.
//! 2. `schema_version` is made if it is missing, and read.
//! 3. What it holds must be the beginning of the known list, text by text (checksums); more than that is a newer schema.
//! 4. The rest of the list runs in order, each entry is recorded, and the transaction commits.
//!
//! A program that is killed in the middle leaves nothing; PostgreSQL notices within a second that it has gone. The steps only
//! go forward: who wants an older schema restores the backup made before.

use crate::{Error, Reason, Row, Value};

/// A store's schema as a list of steps for each engine. Both lists have the same versions and names.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    /// Whose schema it is, e.g. `auth`.
    pub name: &'static str,
    pub sqlite: &'static [Migration],
    pub postgres: &'static [Migration],
}

/// [`Migrations`] of the crate that calls it: each step is a file of one name below `migrations/sqlite` and
/// `migrations/postgres`.
#[macro_export]
macro_rules! migrations {
    ($store:literal: $($version:literal $name:literal $file:literal;)+) => {
        $crate::Migrations {
            name: $store,
            sqlite: &[$($crate::migrations!(@step "sqlite" $version $name $file)),+],
            postgres: &[$($crate::migrations!(@step "postgres" $version $name $file)),+],
        }
    };
    (@step $engine:literal $version:literal $name:literal $file:literal) => {
        $crate::Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $engine, "/", $file, ".sql")),
        }
    };
}

/// One step. Once released its text never changes: a further step does.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Counted from 1, each one more than the one before.
    pub version: i64,
    pub name: &'static str,
    /// Statements separated by `;`, without BEGIN and COMMIT.
    pub sql: &'static str,
}

/// Nothing was changed. The messages are for the operator's terminal.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(
        "the {store} data is at schema version {found}, and this program knows versions up to {known}: use the newer program that wrote it"
    )]
    NewerSchema { store: &'static str, found: i64, known: i64 },
    #[error(
        "step {version} ({name}) of the {store} schema differs from the one that was applied to this data: use the program that wrote it, or restore a whole backup"
    )]
    Changed { store: &'static str, version: i64, name: String },
    #[error("the versions of the {store} schema's steps must be 1, 2, 3, …; found {found} where {expected} belongs")]
    Disordered { store: &'static str, found: i64, expected: i64 },
    #[error("step {version} ({name}) of the {store} schema failed: {detail}")]
    Failed { store: &'static str, version: i64, name: &'static str, detail: String },
    #[error(
        "something is in the way of the {store} data, of another program or half of ours: name an empty schema or file, or restore a whole backup ({detail})"
    )]
    InTheWay { store: &'static str, detail: String },
    #[error("the {store} schema may not be changed: make the role of the address its owner ({detail})")]
    NotAllowed { store: &'static str, detail: String },
    #[error("another program has been changing the {store} schema for too long: see that it ends, and start again")]
    Busy { store: &'static str },
    #[error("the schema could not be read or changed: {0:?}")]
    Database(#[from] Error),
}

/// A row of `schema_version`.
pub(crate) struct Applied {
    pub version: i64,
    pub name: String,
    pub checksum: i64,
}

crate::statements! {
    pub(crate) CHECK_SCHEMA = "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = CAST($1 AS TEXT)";
    pub(crate) READ_VERSIONS = "SELECT version, name, checksum FROM schema_version WHERE store = $1 AND version > 0 ORDER BY version";
    pub(crate) RECORD_VERSION = "INSERT INTO schema_version (store, version, name, checksum) VALUES ($1, $2, $3, $4)";
    /// Version 0 is no step: whoever writes this row keeps the others waiting until it commits.
    pub(crate) TAKE_TURN = "INSERT INTO schema_version (store, version, name, checksum) VALUES ($1, 0, '', 0)
        ON CONFLICT (store, version) DO UPDATE SET checksum = 0";
}

impl Applied {
    pub(crate) fn read(row: &Row) -> Result<Applied, Error> {
        Ok(Applied { version: row.get(0)?, name: row.get(1)?, checksum: row.get(2)? })
    }
}

impl Migration {
    /// FNV-1a over the text. It guards against a changed file, not against an attacker; line ends don't count.
    pub(crate) fn checksum(&self) -> i64 {
        let hash =
            self.sql.bytes().filter(|byte| *byte != b'\r').fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
        i64::from_ne_bytes(hash.to_ne_bytes())
    }

    pub(crate) fn record(&self, store: &'static str) -> [Value; 4] {
        [store.into(), self.version.into(), self.name.into(), self.checksum().into()]
    }

    pub(crate) fn failed(&self, store: &'static str, detail: impl ToString) -> MigrateError {
        MigrateError::Failed { store, version: self.version, name: self.name, detail: detail.to_string() }
    }
}

/// By SQLSTATE, and by the words of SQLite, which has one code for all of these.
const IN_THE_WAY: [&str; 5] = ["(42P07)", "(42710)", "(42703)", " already exists", "no such column"];
const NOT_ALLOWED: [&str; 2] = ["(42501)", "readonly database"];
const NOTHING_THERE: [&str; 2] = ["(42P01)", "no such table"];

/// What to do about it, where the engine's own words don't say.
pub(crate) fn explain(store: &'static str, error: MigrateError) -> MigrateError {
    let detail = match &error {
        MigrateError::Database(Error::Unavailable(Reason::TimedOut)) => return MigrateError::Busy { store },
        MigrateError::Database(Error::Statement(cause)) => cause.detail.clone(),
        MigrateError::Failed { detail, .. } => detail.clone(),
        _ => return error,
    };
    let is_one_of = |signs: &[&str]| signs.iter().any(|sign| detail.contains(sign));
    if is_one_of(&NOT_ALLOWED) {
        MigrateError::NotAllowed { store, detail }
    } else if is_one_of(&IN_THE_WAY) {
        MigrateError::InTheWay { store, detail }
    } else {
        error
    }
}

/// What `schema_version` holds; nothing where it is not there yet.
pub(crate) fn applied(read: Result<Vec<Row>, Error>) -> Result<Vec<Applied>, Error> {
    match read {
        Ok(rows) => rows.iter().map(Applied::read).collect(),
        Err(Error::Statement(cause)) if NOTHING_THERE.iter().any(|sign| cause.detail.contains(sign)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The steps that remain, or why none may run.
pub(crate) fn remaining(
    store: &'static str,
    known: &'static [Migration],
    applied: &[Applied],
) -> Result<&'static [Migration], MigrateError> {
    for (migration, expected) in known.iter().zip(1..) {
        if migration.version != expected {
            return Err(MigrateError::Disordered { store, found: migration.version, expected });
        }
    }
    if applied.len() > known.len() {
        let latest = |version: Option<i64>| version.unwrap_or_default();
        return Err(MigrateError::NewerSchema {
            store,
            found: latest(applied.last().map(|step| step.version)),
            known: latest(known.last().map(|step| step.version)),
        });
    }
    for (step, migration) in applied.iter().zip(known) {
        if step.version != migration.version || step.checksum != migration.checksum() {
            return Err(MigrateError::Changed { store, version: step.version, name: step.name.clone() });
        }
    }
    Ok(&known[applied.len()..])
}
