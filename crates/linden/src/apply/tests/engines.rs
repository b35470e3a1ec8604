use std::sync::Arc;

use auth_core::time::Timestamp;
use auth_server::password_hashing::PasswordHashing;
use database::{Database, PostgresOptions, SqliteOptions, Statement, params};
use tempfile::TempDir;
use test_kit::postgres::Cluster;

use super::load_text;
use crate::apply::report::Report;
use crate::apply::run::ApplyError;
use crate::apply::{Environment, run};

/// Both databases for one test, and the directory that goes with them.
pub struct Shop {
    pub auth: Database,
    pub commerce: Database,
    pub environment: Environment,
    _directory: Option<TempDir>,
}

pub async fn sqlite() -> Shop {
    let directory = tempfile::tempdir().unwrap();
    let open = |name: &str| Database::open_sqlite(SqliteOptions::new(directory.path().join(name))).unwrap();
    Shop::migrated(open("auth.db"), open("commerce.db"), Some(directory)).await
}

pub async fn postgres() -> Shop {
    let address = Cluster::start().fresh_database().await;
    let auth = Database::open_postgres(PostgresOptions::new(address.clone(), "auth")).await.unwrap();
    let commerce = Database::open_postgres(PostgresOptions::new(address, "commerce")).await.unwrap();
    Shop::migrated(auth, commerce, None).await
}

impl Shop {
    async fn migrated(auth: Database, commerce: Database, directory: Option<TempDir>) -> Self {
        auth.migrate(&auth_store::MIGRATIONS).await.unwrap();
        commerce.migrate(&commerce::MIGRATIONS).await.unwrap();
        let environment = Environment {
            hashing: PasswordHashing::start(1).unwrap(),
            derive_secret: Arc::new(|issuer, client_id| Some(format!("derived for {client_id} at {issuer}"))),
            now: Timestamp::from_seconds(1_800_000_000),
        };
        Self { auth, commerce, environment, _directory: directory }
    }

    pub async fn apply(&self, text: &str) -> Result<Report, ApplyError> {
        run(&load_text(text).unwrap(), &self.auth, &self.commerce, &self.environment).await
    }

    /// What was refused, one mistake a line.
    pub async fn refused(&self, text: &str) -> Vec<String> {
        match self.apply(text).await {
            Err(ApplyError::Mistakes(mistakes)) => mistakes.0.iter().map(ToString::to_string).collect(),
            other => panic!("not refused by its mistakes: {other:?}"),
        }
    }

    /// Generations of both databases.
    pub async fn generations(&self) -> (i64, i64) {
        let auth = auth_store::generation::read(&self.auth).await.unwrap();
        (auth, commerce::generation(&self.commerce).await.unwrap())
    }

    pub async fn counted(&self, database: &Database, statement: &Statement) -> i64 {
        database.read_optional(statement, params![]).await.unwrap().unwrap().get(0).unwrap()
    }
}

/// Makes each `async fn(Shop)` a test on SQLite and a test on PostgreSQL.
macro_rules! on_both_engines {
    ($($test:ident)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test(crate::apply::tests::engines::sqlite().await).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test(crate::apply::tests::engines::postgres().await).await;
                }
            )*
        }
    };
}

pub(crate) use on_both_engines;
