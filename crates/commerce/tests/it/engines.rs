use std::time::Duration;

use commerce::MIGRATIONS;
use database::{Database, PostgresOptions, SqliteOptions};
use tempfile::TempDir;
use test_kit::postgres::Cluster;

/// A migrated database for one test, and the directory that goes with it.
pub struct Opened {
    pub database: Database,
    _directory: Option<TempDir>,
}

pub async fn sqlite() -> Opened {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open_sqlite(SqliteOptions::new(directory.path().join("commerce.db"))).unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    Opened { database, _directory: Some(directory) }
}

pub async fn postgres() -> Opened {
    // What is tested here is what becomes true, not how soon on a busy machine.
    let patience = Duration::from_secs(60);
    let options = PostgresOptions {
        connection_timeout: patience,
        statement_timeout: patience,
        lock_timeout: patience,
        ..PostgresOptions::new(Cluster::start().fresh_database().await, "commerce")
    };
    let database = Database::open_postgres(options).await.unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    Opened { database, _directory: None }
}

/// Makes each `async fn(Shop)` a test on SQLite and a test on PostgreSQL.
macro_rules! on_both_engines {
    ($($test:ident)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    let opened = crate::engines::sqlite().await;
                    super::$test(crate::shop::Shop::open(&opened.database).await).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    let opened = crate::engines::postgres().await;
                    super::$test(crate::shop::Shop::open(&opened.database).await).await;
                }
            )*
        }
    };
}

pub(crate) use on_both_engines;
