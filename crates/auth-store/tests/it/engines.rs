use std::time::Duration;

use auth_store::{Database, MIGRATIONS};
use database::{PostgresOptions, SqliteOptions};
use tempfile::TempDir;
use test_kit::postgres::Cluster;

/// A database for one test, with the store's schema, and the directory that goes with it.
pub struct Opened {
    pub database: Database,
    _directory: Option<TempDir>,
}

pub async fn sqlite() -> Opened {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open_sqlite(SqliteOptions::new(directory.path().join("auth.db"))).unwrap();
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
        ..PostgresOptions::new(Cluster::start().fresh_database().await, "auth")
    };
    let database = Database::open_postgres(options).await.unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    Opened { database, _directory: None }
}

/// Makes each `async fn(Database)` a test on SQLite and a test on PostgreSQL.
macro_rules! on_both_engines {
    ($($test:ident)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    let opened = crate::engines::sqlite().await;
                    super::$test(opened.database.clone()).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    let opened = crate::engines::postgres().await;
                    super::$test(opened.database.clone()).await;
                }
            )*
        }
    };
}

pub(crate) use on_both_engines;
