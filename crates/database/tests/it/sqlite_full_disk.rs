//! When there is no room left: everyone who waited is told `Unavailable`, what was acknowledged is there, nothing else is,
//! and as soon as there is room it goes on.

use std::collections::HashSet;
use std::fs;

use database::{Database, Error, Reason, SqliteOptions, params};
use tokio::task::JoinSet;

use crate::schema::{DELETE_CODES, ISSUE_CODE, LIST_CODES, MIGRATIONS, id};
use test_kit::mounted::Mounted;

const WRITERS: u64 = 64;

/// Writes from many tasks at once until each was refused once; the codes that were acknowledged.
async fn fill(database: &Database, from: u64) -> HashSet<[u8; 16]> {
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let database = database.clone();
        writers.spawn(async move {
            let mut acknowledged = Vec::new();
            for number in (from + writer..).step_by(WRITERS as usize) {
                let written = database.execute(&ISSUE_CODE, params![id(number), "x".repeat(3_000)]).await;
                match written {
                    Ok(_) => acknowledged.push(id(number)),
                    Err(Error::Unavailable(Reason::DiskFull | Reason::OutcomeUnknown | Reason::Storage)) => break,
                    Err(other) => panic!("a full disk is no {other:?}"),
                }
            }
            acknowledged
        });
    }
    writers.join_all().await.into_iter().flatten().collect()
}

async fn codes(database: &Database) -> HashSet<[u8; 16]> {
    let rows = database.read_rows(&LIST_CODES, params![]).await.unwrap();
    rows.iter().map(|row| row.get(0).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_configured_size() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let options = SqliteOptions { largest_file_pages: Some(300), ..SqliteOptions::new(&path) };
    let database = Database::open_sqlite(options).unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();

    let acknowledged = fill(&database, 0).await;
    assert!(acknowledged.len() > 200, "{} rows of a page each", acknowledged.len());
    assert_eq!(codes(&database).await, acknowledged);

    assert!(database.execute(&DELETE_CODES, params!["x".repeat(3_000)]).await.unwrap() > 200);
    let acknowledged = fill(&database, 1_000_000).await;
    assert!(acknowledged.len() > 200, "with room again it goes on");
    assert_eq!(codes(&database).await, acknowledged);
}

/// A real file system without room. Where mounting one is not permitted, the test above stands for it.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_file_system_without_room() {
    let directory = tempfile::tempdir().unwrap();
    let Some(mounted) = Mounted::of_megabytes(6, directory.path()) else {
        println!("mounting is not permitted here; the configured size stood for a full disk");
        return;
    };
    let ballast = mounted.path.join("ballast");
    fs::write(&ballast, vec![0; 2_000_000]).unwrap();
    let path = mounted.path.join("test.db");
    let database = Database::open_sqlite(SqliteOptions::new(&path)).unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();

    let mut acknowledged = fill(&database, 0).await;
    assert!(!acknowledged.is_empty());
    assert_eq!(codes(&database).await, acknowledged);

    fs::remove_file(&ballast).unwrap();
    let further = fill(&database, 1_000_000).await;
    assert!(!further.is_empty(), "with room again it goes on");
    acknowledged.extend(further);
    assert_eq!(codes(&database).await, acknowledged);

    database.close().await;
    let database = Database::open_sqlite(SqliteOptions::new(&path)).unwrap();
    assert_eq!(codes(&database).await, acknowledged, "and after opening it anew");
    database.close().await;
}
