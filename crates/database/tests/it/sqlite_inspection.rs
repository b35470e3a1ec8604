//! A file that is looked at stays as it is, byte by byte, and so does all that lies beside it.

use std::collections::BTreeMap;
use std::path::Path;

use database::{Database, Error, MigrateError, Reason, SqliteOptions, params, statements};

use crate::schema::MIGRATIONS;

statements! {
    PUT = "INSERT INTO schema_version (store, version, name, checksum) VALUES ('other', $1, '', 0)";
    COUNT = "SELECT count(*) AS rows FROM schema_version WHERE store = 'other'";
    LATER = "INSERT INTO schema_version (store, version, name, checksum) VALUES ($1, 999, 'later', 0)";
}

fn contents(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
}

async fn filled(path: &Path) -> Database {
    let database = Database::open_sqlite(SqliteOptions::new(path)).unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    for number in 1..=50 {
        database.execute(&PUT, params![number]).await.unwrap();
    }
    database
}

async fn look(path: &Path) -> (i64, usize, Vec<String>) {
    let looked = Database::open_sqlite_to_read(path).unwrap();
    let rows = looked.read_optional(&COUNT, params![]).await.unwrap().unwrap().get(0).unwrap();
    let pending = looked.pending_migrations(&MIGRATIONS).await.unwrap();
    let findings = looked.quick_check().await.unwrap();
    let written = looked.execute(&PUT, params![99]).await.unwrap_err();
    assert!(matches!(written, Error::Unavailable(Reason::Closed)), "{written:?}");
    looked.close().await;
    (rows, pending, findings)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_at_rest_is_read_and_stays_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    // Characters that a URI would take for its own.
    let path = directory.path().join("a?b#c%20d.db");
    filled(&path).await.close().await;
    let before = contents(directory.path());
    assert_eq!(before.len(), 1, "{:?}", before.keys());
    assert_eq!(look(&path).await, (50, 0, vec![]));
    assert!(contents(directory.path()) == before, "something was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_use_is_read_with_its_log() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("used.db");
    let database = filled(&path).await;
    assert_eq!(look(&path).await, (50, 0, vec![]));
    database.execute(&PUT, params![51]).await.unwrap();
    assert_eq!(look(&path).await.0, 51);
    database.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_told_from_one_that_is_none() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("damaged.db");
    filled(&path).await.close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4096 + 8..].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let looked = Database::open_sqlite_to_read(&path).unwrap();
    let found = looked.quick_check().await;
    assert!(found.as_ref().map_or(true, |findings| !findings.is_empty()), "{found:?}");
    looked.close().await;

    std::fs::write(&path, "this is no database, however long one looks at it").unwrap();
    let looked = Database::open_sqlite_to_read(&path);
    if let Ok(looked) = looked {
        assert!(matches!(looked.quick_check().await, Err(Error::Unavailable(Reason::Storage))));
    }
    assert!(Database::open_sqlite_to_read(&directory.path().join("none.db")).is_err());
    assert!(!directory.path().join("none.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("newer.db");
    let database = filled(&path).await;
    database.execute(&LATER, params![MIGRATIONS.name]).await.unwrap();
    database.close().await;
    let looked = Database::open_sqlite_to_read(&path).unwrap();
    let newer = looked.pending_migrations(&MIGRATIONS).await.unwrap_err();
    assert!(matches!(newer, MigrateError::NewerSchema { found: 999, .. }), "{newer}");
}
