//! PostgreSQL: a pool of connections, READ COMMITTED, time limits on everything.
//!
//! * `options.rs`: what a session is started with, and `sslmode`; `tls.rs`: certificates.
//! * `connector.rs`: several hosts, TLS, and what a server must be like (`refusal.rs`).
//!   `pool.manager().connector.dial()` opens a session outside the pool, with the same care.
//! * `pool.rs`: resting connections; one that breaks takes along all of its age.
//! * `connection.rs`: a connection on loan, when it is cancelled and when thrown away.
//! * `listen.rs`: what other nodes announce.
//! * `failure.rs`: what passes by itself and what is a bug.

mod connection;
mod connector;
mod endpoint;
mod failure;
mod listen;
mod migrate;
mod options;
mod pool;
mod refusal;
mod tls;
mod value;

use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool::Runtime;
use deadpool::managed::PoolError;
use futures::future::BoxFuture;
use telemetry::metrics::labels::WaitFor;
use tokio::sync::Notify;

pub(crate) use connection::Connection;
pub use options::PostgresOptions;

use crate::measuring::Measuring;
use crate::session::{self, Session};
use crate::transaction::Scope;
use crate::{
    Announcements, Error, MigrateError, Migrations, OpenError, Prepared, Reason, Row, Snapshot, Statement, Transaction,
    Value,
};
use connector::Connector;
use pool::{Manager, Pool};

/// Not READ WRITE: that would override `default_transaction_read_only`, which a server near the end of its disk sets.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
/// So that all statements of a read see the same rows, as on SQLite.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
static TAKES_WRITES: Statement = Statement::new(
    "TAKES_WRITES",
    "SELECT current_setting('transaction_read_only') = 'off' AND NOT pg_is_in_recovery()",
);
/// How often a job runs at most when it meets others (40001, 40P01).
const RUNS: u32 = 3;
/// Before each further run, so that the one who was let through is through when we come back.
const PAUSE: Duration = Duration::from_millis(20);
/// How much longer than the server we wait for its answer.
const GRACE: Duration = Duration::from_secs(1);

pub(crate) struct Postgres {
    pool: Pool,
    options: PostgresOptions,
    pub(crate) measuring: Measuring,
}

impl Postgres {
    pub(crate) async fn open(options: PostgresOptions) -> Result<Postgres, OpenError> {
        let connector = Arc::new(Connector::new(&options)?);
        let longest = connector.longest();
        let pool = Pool::builder(Manager::new(connector))
            .runtime(Runtime::Tokio1)
            .max_size(options.connections.max(1))
            .wait_timeout(Some(options.connection_timeout))
            .create_timeout(Some(longest))
            .build()
            .map_err(|error| OpenError::Unreachable(error.to_string()))?;
        match pool.get().await {
            Ok(_connection) => {}
            Err(PoolError::Backend(refused)) => return Err(refused),
            Err(error) => return Err(OpenError::NoServer(error.to_string())),
        }
        Ok(Postgres { pool, options, measuring: Measuring::default() })
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
            match connection.begin(begin).await {
                // Nothing was done yet: a connection that ended while it rested.
                Err(Error::Unavailable(Reason::Disconnected)) if run + 1 < RUNS => continue,
                begun => begun?,
            }
            let mut scope = scope(Session::new(session::Connection::Postgres(connection)));
            let result = work(&mut scope).await;
            let session = scope.session();
            let failure = session.failure.take();
            let connection = session.postgres()?;
            let ended = match (&result, failure) {
                (Ok(_), None) => self.commit(connection).await,
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
                settled => return settled,
            }
        }
        Err(Error::Contention)
    }

    pub(crate) async fn rows_alone(&self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        for run in 0..RUNS {
            pause_before(run).await;
            match self.connection().await?.rows_alone(statement, values).await {
                Err(Error::Contention) => {}
                settled => return settled,
            }
        }
        Err(Error::Contention)
    }

    /// A read may be done again on another connection, also when the first one ended in the middle.
    pub(crate) async fn read_alone(&self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        for run in 0..RUNS {
            pause_before(run).await;
            match self.connection().await?.read_alone(statement, values).await {
                Err(Error::Contention | Error::Unavailable(Reason::Disconnected)) if run + 1 < RUNS => {}
                settled => return settled,
            }
        }
        Err(Error::Contention)
    }

    /// Goes the way of a write, to a server that would take one.
    pub(crate) async fn ping(&self) -> Result<(), Error> {
        let answer = self.rows_alone(&TAKES_WRITES, &[]).await?;
        match answer.first().map(|row| row.get::<bool>(0)).transpose()? {
            Some(true) => Ok(()),
            _ => Err(Error::Unavailable(Reason::Disconnected)),
        }
    }

    pub(crate) fn listen(&self, topic: &'static str) -> Announcements {
        let heard = Arc::new(Notify::new());
        let channel = format!("{}.{topic}", self.options.schema);
        let listening = listen::listen(Arc::clone(&self.pool.manager().connector), channel, Arc::clone(&heard));
        Announcements { heard, listening: Some(tokio::spawn(listening)) }
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

    async fn commit(&self, connection: &mut Connection) -> Result<(), Error> {
        let begun = Instant::now();
        let committed = connection.commit().await;
        match &committed {
            Ok(()) => self.measuring.committed(1, begun.elapsed()),
            Err(Error::Unavailable(reason)) => self.measuring.refused(*reason),
            Err(_) => {}
        }
        committed
    }

    fn refused(&self, reason: Reason) -> Error {
        self.measuring.refused(reason);
        Error::Unavailable(reason)
    }

    async fn connection(&self) -> Result<Connection, Error> {
        if self.pool.status().waiting >= self.options.queue_limit {
            return Err(self.refused(Reason::QueueFull));
        }
        let since = Instant::now();
        let client = self.pool.get().await.map_err(|error| {
            tracing::warn!(%error, "no connection to PostgreSQL");
            self.refused(match error {
                PoolError::Timeout(_) => Reason::TimedOut,
                PoolError::Closed => Reason::Closed,
                _ => Reason::Disconnected,
            })
        })?;
        self.measuring.waited(WaitFor::Connection, since);
        Ok(Connection::new(client, self.options.statement_timeout + GRACE))
    }
}

async fn pause_before(run: u32) {
    if run > 0 {
        tokio::time::sleep(PAUSE * run).await;
    }
}
