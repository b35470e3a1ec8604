use database::{Database, PostgresOptions, SqliteOptions};
use tempfile::TempDir;
use test_kit::postgres::Cluster;

use crate::schema::MIGRATIONS;

/// A database for one test, with the tests' schema, and the directory that goes with it.
pub struct Opened {
    pub database: Database,
    _directory: Option<TempDir>,
}

impl Opened {
    pub fn of(database: Database) -> Opened {
        Opened { database, _directory: None }
    }
}

pub async fn sqlite() -> Opened {
    let opened = empty_sqlite();
    opened.database.migrate(&MIGRATIONS).await.unwrap();
    opened
}

pub async fn postgres() -> Opened {
    let opened = empty_postgres().await;
    opened.database.migrate(&MIGRATIONS).await.unwrap();
    opened
}

pub fn empty_sqlite() -> Opened {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open_sqlite(SqliteOptions::new(directory.path().join("test.db"))).unwrap();
    Opened { database, _directory: Some(directory) }
}

pub async fn empty_postgres() -> Opened {
    let options = postgres_options().await;
    Opened { database: Database::open_postgres(options).await.unwrap(), _directory: None }
}

pub async fn postgres_options() -> PostgresOptions {
    PostgresOptions::new(Cluster::start().fresh_database().await, "linden_test")
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
