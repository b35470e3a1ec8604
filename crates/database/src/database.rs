use std::path::Path;
use std::sync::Arc;

use futures::future::BoxFuture;
use telemetry::metrics::Storage;

use crate::dialect;
use crate::migration::{self, READ_VERSIONS, remaining};
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::{
    Announcements, Error, MigrateError, Migrations, OpenError, PostgresOptions, Prepared, Row, Snapshot, SqliteOptions,
    Statement, Transaction, Value,
};

/// One database of either engine. Cloning it is cheap and shares it.
#[derive(Clone)]
pub struct Database {
    engine: Arc<Engine>,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Database {
    /// Opens or makes the file and starts its threads.
    pub fn open_sqlite(options: SqliteOptions) -> Result<Database, OpenError> {
        Ok(Database { engine: Arc::new(Engine::Sqlite(Sqlite::open(options)?)) })
    }

    /// Opens a file that is there to look at it. Nothing is written, nothing made beside it; every write answers
    /// [`crate::Reason::Closed`].
    pub fn open_sqlite_to_read(path: &Path) -> Result<Database, OpenError> {
        Ok(Database { engine: Arc::new(Engine::Sqlite(Sqlite::open_to_read(path)?)) })
    }

    /// What is damaged, in the engine's words; empty when nothing is. PostgreSQL looks after its files itself.
    pub async fn quick_check(&self) -> Result<Vec<String>, Error> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.quick_check().await,
            Engine::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// How many steps [`Database::migrate`] would take, or why it would take none.
    pub async fn pending_migrations(&self, migrations: &Migrations) -> Result<usize, MigrateError> {
        let known = match &*self.engine {
            Engine::Sqlite(_) => migrations.sqlite,
            Engine::Postgres(_) => migrations.postgres,
        };
        let applied = migration::applied(self.read_rows(&READ_VERSIONS, &[Value::from(migrations.name)]).await)
            .map_err(|error| migration::explain(migrations.name, error.into()))?;
        Ok(remaining(migrations.name, known, &applied)?.len())
    }

    /// Connects once, and refuses a server that is too old, takes no writes, or acknowledges what it may lose
    /// (`synchronous_commit=off`); so does every later connection.
    pub async fn open_postgres(options: PostgresOptions) -> Result<Database, OpenError> {
        Ok(Database { engine: Arc::new(Engine::Postgres(Postgres::open(options).await?)) })
    }

    /// Brings the schema up to this program's version; see [`Migrations`].
    pub async fn migrate(&self, migrations: &Migrations) -> Result<(), MigrateError> {
        let done = match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.migrate(*migrations).await,
            Engine::Postgres(postgres) => postgres.migrate(migrations).await,
        };
        done.map_err(|error| migration::explain(migrations.name, error))
    }

    /// One call is one transaction: committed, durably, when the job answers `Ok`; otherwise nothing of it remains.
    ///
    /// The job may run up to three times and awaits nothing but its transaction. The returned future may be dropped: a job
    /// that has not started then never does.
    pub async fn write<F, T, E>(&self, job: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Transaction) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.write(job).await,
            Engine::Postgres(postgres) => postgres.write(job).await,
        }
    }

    /// Whether a job would succeed now: all of it is done in a transaction that is then undone.
    pub async fn rehearse<F, T, E>(&self, job: F) -> Result<(), E>
    where
        F: for<'t> Fn(&'t mut Transaction) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let rehearsed: Result<(), Rehearsed<E>> = self
            .write(move |transaction| {
                let done = job(transaction);
                Box::pin(async move {
                    done.await.map_err(Rehearsed::Failed)?;
                    Err(Rehearsed::Succeeded)
                })
            })
            .await;
        match rehearsed {
            Ok(()) | Err(Rehearsed::Succeeded) => Ok(()),
            Err(Rehearsed::Failed(error)) => Err(error),
        }
    }

    /// Several statements that see the same moment. On SQLite a read must be over within a second.
    pub async fn read<F, T, E>(&self, job: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Snapshot) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.read(job).await,
            Engine::Postgres(postgres) => postgres.read(job).await,
        }
    }

    /// A write of one statement, and how many rows it changed. On PostgreSQL it saves the round trips of BEGIN and COMMIT.
    pub async fn execute(&self, statement: &Statement, values: &[Value]) -> Result<u64, Error> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => {
                let (statement, values) = (*statement, Arc::<[Value]>::from(values));
                sqlite
                    .write(move |transaction| {
                        let values = Arc::clone(&values);
                        Box::pin(async move { transaction.execute(&statement, &values).await })
                    })
                    .await
            }
            Engine::Postgres(postgres) => postgres.execute_alone(statement, values).await,
        }
    }

    /// A write of one statement with RETURNING, and the row that it changed, if any. Use a statement that can change one
    /// row at most: of several rows the last is answered.
    pub async fn execute_returning(&self, statement: &Statement, values: &[Value]) -> Result<Option<Row>, Error> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => {
                let (statement, values) = (*statement, Arc::<[Value]>::from(values));
                sqlite
                    .write(move |transaction| {
                        let values = Arc::clone(&values);
                        Box::pin(async move { Ok(transaction.rows(&statement, &values).await?.pop()) })
                    })
                    .await
            }
            Engine::Postgres(postgres) => Ok(postgres.rows_alone(statement, values).await?.pop()),
        }
    }

    /// A read of one statement.
    pub async fn read_rows(&self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => {
                let (statement, values) = (*statement, Arc::<[Value]>::from(values));
                sqlite
                    .read(move |snapshot| {
                        let values = Arc::clone(&values);
                        Box::pin(async move { snapshot.rows(&statement, &values).await })
                    })
                    .await
            }
            Engine::Postgres(postgres) => postgres.read_alone(statement, values).await,
        }
    }

    /// A read of one statement that has one row at most.
    pub async fn read_optional(&self, statement: &Statement, values: &[Value]) -> Result<Option<Row>, Error> {
        let mut rows = self.read_rows(statement, values).await?;
        let first = rows.pop();
        if rows.is_empty() { Ok(first) } else { Err(Error::statement(statement.name(), "several rows")) }
    }

    /// The health check: goes the way of a write, and changes nothing.
    pub async fn ping(&self) -> Result<(), Error> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.write(|_transaction| Box::pin(async { Ok(()) })).await,
            Engine::Postgres(postgres) => postgres.ping().await,
        }
    }

    /// Hears what other nodes announce, from now on. On PostgreSQL it takes a connection of its own beside the pool's.
    pub fn listen(&self, topic: &'static str) -> Announcements {
        match &*self.engine {
            Engine::Sqlite(_) => Announcements { heard: Arc::default(), listening: None },
            Engine::Postgres(postgres) => postgres.listen(topic),
        }
    }

    /// Waits and commits are measured from now on.
    pub fn measure(&self, storage: Storage) {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.measuring.begin(storage),
            Engine::Postgres(postgres) => postgres.measuring.begin(storage),
        }
    }

    /// How many writes wait to be started: for SQLite's writer, or for a connection to PostgreSQL.
    pub fn waiting_writes(&self) -> usize {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.waiting_writes(),
            Engine::Postgres(postgres) => postgres.waiting(),
        }
    }

    /// Has the engine check each statement, and refuses what the two engines do differently. Each store's test runs this on
    /// both engines and compares the answers.
    pub async fn prepare_all(&self, statements: &[&Statement]) -> Result<Vec<Prepared>, Error> {
        statements.iter().try_for_each(|statement| dialect::check(statement))?;
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.prepare_all(statements),
            Engine::Postgres(postgres) => postgres.prepare_all(statements).await,
        }
    }

    /// Finishes what waits and lets go of the files or connections. Later calls answer [`crate::Reason::Closed`].
    pub async fn close(&self) {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.close().await,
            Engine::Postgres(postgres) => postgres.close(),
        }
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match &*self.engine {
            Engine::Sqlite(_) => "Database(SQLite)",
            Engine::Postgres(_) => "Database(PostgreSQL)",
        })
    }
}

/// Both ways to end a rehearsal are errors, so that the transaction is undone.
enum Rehearsed<E> {
    Succeeded,
    Failed(E),
}

impl<E: From<Error>> From<Error> for Rehearsed<E> {
    fn from(error: Error) -> Self {
        Rehearsed::Failed(error.into())
    }
}
