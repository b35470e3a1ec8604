//! PostgreSQL: a pool of connections, READ COMMITTED, time limits on everything.

mod connection;
mod failure;
mod migrate;
mod value;

use std::str::FromStr;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use futures::future::BoxFuture;
use tokio_postgres::{Config, NoTls};

pub(crate) use connection::Connection;

use crate::session::{self, Session};
use crate::transaction::Scope;
use crate::{
    Error, MigrateError, Migrations, OpenError, Prepared, Reason, Row, Snapshot, Statement, Transaction, Value,
};

const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// So that all statements of a read see the same rows, as on SQLite.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// How often a job runs at most when it meets others (40001, 40P01).
const RUNS: u32 = 3;
/// Before each further run, so that the one who was let through is through when we come back.
const PAUSE: Duration = Duration::from_millis(20);
/// How much longer than the server we wait for its answer.
const GRACE: Duration = Duration::from_secs(1);

/// How PostgreSQL is reached; [`PostgresOptions::new`] has what a server wants.
#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgres://user:password@host:port/database`, or `host=… user=…`. TLS is not spoken: an address that requires it
    /// (`sslmode=require`) is refused, so the server is on this machine or behind a private network or tunnel.
    pub url: String,
    /// The schema that holds the store's tables; made by the first migration. Lower-case letters, digits and `_`.
    pub schema: String,
    pub connections: usize,
    /// How many calls may wait for a connection; one more is refused at once.
    pub queue_limit: usize,
    /// How long a call waits for a connection.
    pub connection_timeout: Duration,
    pub statement_timeout: Duration,
    pub lock_timeout: Duration,
}

impl PostgresOptions {
    pub fn new(url: impl Into<String>, schema: impl Into<String>) -> PostgresOptions {
        PostgresOptions {
            url: url.into(),
            schema: schema.into(),
            connections: 16,
            queue_limit: 1_024,
            connection_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(3),
        }
    }

    fn config(&self) -> Result<Config, OpenError> {
        let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if self.schema.is_empty()
            || !self.schema.bytes().all(named)
            || self.schema.starts_with(|c: char| c.is_ascii_digit())
        {
            return Err(OpenError::Address(format!("{:?} is no name for a schema", self.schema)));
        }
        let mut config = Config::from_str(&self.url).map_err(|error| OpenError::Address(error.to_string()))?;
        let settings = format!(
            "{} -c search_path={} -c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout={}",
            config.get_options().unwrap_or_default(),
            self.schema,
            self.statement_timeout.as_millis().max(1),
            self.lock_timeout.as_millis().max(1),
            (self.statement_timeout + GRACE).as_millis(),
        );
        config
            .options(settings)
            .connect_timeout(self.connection_timeout)
            .tcp_user_timeout(self.statement_timeout + GRACE);
        if config.get_application_name().is_none() {
            config.application_name("linden");
        }
        Ok(config)
    }
}

/// Leaves the address out: it may hold a password.
impl std::fmt::Debug for PostgresOptions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PostgresOptions").field("schema", &self.schema).finish_non_exhaustive()
    }
}

pub(crate) struct Postgres {
    pool: Pool,
    options: PostgresOptions,
}

impl Postgres {
    pub(crate) async fn open(options: PostgresOptions) -> Result<Postgres, OpenError> {
        let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(options.config()?, NoTls, manager);
        let pool = Pool::builder(manager)
            .runtime(Runtime::Tokio1)
            .max_size(options.connections.max(1))
            .wait_timeout(Some(options.connection_timeout))
            .create_timeout(Some(options.connection_timeout))
            .recycle_timeout(Some(options.connection_timeout))
            .build()
            .map_err(|error| OpenError::Unreachable(error.to_string()))?;
        let unreachable = |error: &dyn std::fmt::Debug| OpenError::Unreachable(format!("{error:?}"));
        let client = pool.get().await.map_err(|error| unreachable(&error))?;
        let setting = client.query_one("SHOW synchronous_commit", &[]).await.map_err(|error| unreachable(&error))?;
        let setting: String = setting.try_get(0).map_err(|error| unreachable(&error))?;
        drop(client);
        if setting == "off" {
            return Err(OpenError::NotDurable(setting));
        }
        Ok(Postgres { pool, options })
    }

    pub(crate) async fn write<F, T, E>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Transaction) -> BoxFuture<'t, Result<T, E>> + Send + Sync,
        E: From<Error>,
    {
        self.run(BEGIN_WRITE, |session| Transaction { session }, work).await
    }

    pub(crate) async fn read<F, T, E>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Snapshot) -> BoxFuture<'t, Result<T, E>> + Send + Sync,
        E: From<Error>,
    {
        self.run(BEGIN_READ, |session| Snapshot { session }, work).await
    }

    async fn run<S, F, T, E>(&self, begin: &'static str, scope: fn(Session) -> S, work: F) -> Result<T, E>
    where
        S: Scope,
        F: for<'t> Fn(&'t mut S) -> BoxFuture<'t, Result<T, E>> + Send + Sync,
        E: From<Error>,
    {
        for run in 0..RUNS {
            pause_before(run).await;
            let mut connection = self.connection().await?;
            connection.begin(begin).await?;
            let mut scope = scope(Session::new(session::Connection::Postgres(connection)));
            let result = work(&mut scope).await;
            let session = scope.session();
            let failure = session.failure.take();
            let connection = session.postgres()?;
            let ended = match (&result, failure) {
                (Ok(_), None) => connection.commit().await,
                (_, failure) => {
                    connection.roll_back().await;
                    failure.map_or(Ok(()), Err)
                }
            };
            match (result, ended) {
                (_, Err(Error::Contention)) => {}
                (Ok(_), Err(error)) => return Err(E::from(error)),
                (result, _) => return result,
            }
        }
        Err(E::from(Error::Contention))
    }

    pub(crate) async fn execute_alone(&self, statement: &Statement, values: &[Value]) -> Result<u64, Error> {
        for run in 0..RUNS {
            pause_before(run).await;
            match self.connection().await?.execute_alone(statement, values).await {
                Err(Error::Contention) => {}
                settled => return settled.map_err(maybe_done),
            }
        }
        Err(Error::Contention)
    }

    pub(crate) async fn rows_alone(&self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        for run in 0..RUNS {
            pause_before(run).await;
            match self.connection().await?.rows_alone(statement, values).await {
                Err(Error::Contention) => {}
                settled => return settled.map_err(maybe_done),
            }
        }
        Err(Error::Contention)
    }

    pub(crate) fn waiting(&self) -> usize {
        self.pool.status().waiting
    }

    pub(crate) async fn migrate(&self, migrations: &Migrations) -> Result<(), MigrateError> {
        migrate::migrate(self, migrations).await
    }

    pub(crate) async fn prepare_all(&self, statements: &[&Statement]) -> Result<Vec<Prepared>, Error> {
        let mut connection = self.connection().await?;
        let mut prepared = Vec::with_capacity(statements.len());
        for statement in statements {
            prepared.push(connection.prepare(statement).await?);
        }
        Ok(prepared)
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }

    async fn connection(&self) -> Result<Connection, Error> {
        if self.pool.status().waiting >= self.options.queue_limit {
            return Err(Error::Unavailable(Reason::QueueFull));
        }
        let client = self.pool.get().await.map_err(|error| {
            tracing::warn!(?error, "no connection to PostgreSQL");
            Error::Unavailable(match error {
                PoolError::Timeout(_) => Reason::TimedOut,
                PoolError::Closed => Reason::Closed,
                _ => Reason::Disconnected,
            })
        })?;
        Ok(Connection::new(client, self.options.statement_timeout + GRACE))
    }
}

async fn pause_before(run: u32) {
    if run > 0 {
        tokio::time::sleep(PAUSE * run).await;
    }
}

/// A statement of its own is sent together with its commit: when the connection breaks, it may have been done.
fn maybe_done(error: Error) -> Error {
    match error {
        Error::Unavailable(Reason::Disconnected) => Error::Unavailable(Reason::OutcomeUnknown),
        other => other,
    }
}
