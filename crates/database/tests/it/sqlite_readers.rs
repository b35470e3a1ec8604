use std::fs;

use database::{Database, Error, Reason, SqliteOptions, Statement, params};

use crate::engines;
use crate::schema::{COUNT_CODES, ISSUE_CODE, MIGRATIONS, TOUCH_CODE, id};

static ENDLESS: Statement = Statement::new(
    "ENDLESS",
    "WITH RECURSIVE step (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM step) SELECT count(*) FROM step",
);

#[tokio::test]
async fn a_read_without_end_is_ended() {
    let opened = engines::sqlite().await;
    for _ in 0..2 {
        let answer = opened.database.read_rows(&ENDLESS, params![]).await;
        assert!(matches!(answer, Err(Error::Unavailable(Reason::TimedOut))), "{answer:?}");
    }
    assert_eq!(opened.database.read_rows(&COUNT_CODES, params![]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_read_that_awaits_something_else_is_refused() {
    let opened = engines::sqlite().await;
    let answer: Result<(), Error> = opened.database.read(|_snapshot| Box::pin(std::future::pending())).await;
    assert!(matches!(answer, Err(Error::Suspended)), "{answer:?}");
}

/// Rule 16: without checkpoints the log would take every byte that was ever written.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_does_not_grow_with_what_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open_sqlite(SqliteOptions::new(directory.path().join("test.db"))).unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    // In turns, since SQLite doesn't write what is already there.
    let contents = ["x".repeat(1_000_000), "y".repeat(1_000_000)];
    database.execute(&ISSUE_CODE, params![id(1), &contents[1]]).await.unwrap();
    for content in contents.iter().cycle().take(200) {
        database.execute(&TOUCH_CODE, params![id(1), content]).await.unwrap();
    }
    let log = fs::metadata(directory.path().join("test.db-wal")).unwrap().len();
    assert!(log < 100_000_000, "200 MB were written, and the log has {log} bytes");
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open_sqlite(SqliteOptions::new(directory.path().join("test.db"))).unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    for entry in fs::read_dir(directory.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.path());
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    fs::write(&path, "this is a letter and no database, however long it may be").unwrap();
    let error = Database::open_sqlite(SqliteOptions::new(&path)).unwrap_err().to_string();
    assert!(error.contains("test.db") && error.contains("not a database"), "{error}");
    let missing = Database::open_sqlite(SqliteOptions::new(directory.path().join("no/such/folder.db"))).unwrap_err();
    assert!(missing.to_string().contains("folder.db"), "{missing}");
}
