use std::time::Duration;

use tokio::runtime::Handle;
use tokio_postgres::types::ToSql;

use super::failure::{error_of, error_of_commit};
use super::pool::{Lent, Pooled};
use super::value::value_of;
use crate::{Error, Prepared, Reason, Row, Statement, Value};

/// A connection on loan from the pool. It goes back only when it is known to be at rest: dropped in the middle of a
/// statement or a transaction, the statement is cancelled at the server and the connection thrown away.
///
/// A commit is never cancelled: one that waits for its standby would end as done on this server alone, seen by others and
/// lost when the standby takes over. A server that was told to do so all the same (`pg_cancel_backend`) answers COMMIT with
/// a warning and a yes; to us that is an unknown outcome.
pub(crate) struct Connection {
    /// Taken out only by `Drop`.
    client: Option<Lent>,
    state: State,
    /// A little longer than the server's own limit of a statement: for when the network swallows the answer.
    patience: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    AtRest,
    /// Something was begun that has not ended.
    Busy,
    /// Likewise, and it may be about to commit.
    Committing,
    /// No answer can be expected from it any more.
    Broken,
}

impl Connection {
    pub(super) fn new(client: Lent, patience: Duration) -> Connection {
        Connection { client: Some(client), state: State::AtRest, patience }
    }

    pub(super) fn wait_longer(&mut self, patience: Duration) {
        self.patience = patience;
    }

    pub(super) async fn begin(&mut self, text: &'static str) -> Result<(), Error> {
        self.state = State::Busy;
        self.control(text).await
    }

    /// An error here may mean that the transaction is there all the same.
    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        self.state = State::Committing;
        let warnings = self.warnings();
        let answer = match self.batch("COMMIT").await {
            Ok(answered) => answered.map_err(|error| error_of_commit(&error)),
            Err(_late) => Err(Error::Unavailable(Reason::OutcomeUnknown)),
        };
        let answer = answer.and_then(|()| self.refuse_new(warnings));
        self.state = if answer.is_ok() { State::AtRest } else { State::Broken };
        answer
    }

    pub(super) async fn roll_back(&mut self) {
        if self.state != State::Broken && self.control("ROLLBACK").await.is_ok() {
            self.state = State::AtRest;
        }
    }

    /// Statements without parameters and answers.
    pub(super) async fn control(&mut self, text: &str) -> Result<(), Error> {
        let answered = self.batch(text).await?;
        answered.map_err(|error| self.failed("CONTROL", &error))
    }

    /// A statement that is its own transaction, and writes: it is sent together with its commit.
    pub(super) async fn execute_alone(&mut self, statement: &Statement, values: &[Value]) -> Result<u64, Error> {
        self.state = State::Committing;
        let warnings = self.warnings();
        let answer = self.execute(statement, values).await;
        self.committed_alone(warnings, answer)
    }

    pub(super) async fn rows_alone(&mut self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.state = State::Committing;
        let warnings = self.warnings();
        let answer = self.rows(statement, values).await;
        self.committed_alone(warnings, answer)
    }

    /// A statement that is its own transaction, and reads.
    pub(super) async fn read_alone(&mut self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.state = State::Busy;
        let rows = self.rows(statement, values).await;
        self.rest_unless_broken();
        rows
    }

    fn committed_alone<T>(&mut self, warnings: u64, answer: Result<T, Error>) -> Result<T, Error> {
        let answer = answer.and_then(|answer| self.refuse_new(warnings).map(|()| answer));
        self.rest_unless_broken();
        match answer {
            Err(Error::Unavailable(_)) if self.state == State::Broken => {
                Err(Error::Unavailable(Reason::OutcomeUnknown))
            }
            answer => answer,
        }
    }

    fn rest_unless_broken(&mut self) {
        if self.state != State::Broken {
            self.state = State::AtRest;
        }
    }

    fn warnings(&self) -> u64 {
        self.client.as_deref().map_or(0, Pooled::warnings)
    }

    fn refuse_new(&mut self, warnings: u64) -> Result<(), Error> {
        if self.warnings() == warnings {
            return Ok(());
        }
        self.state = State::Broken;
        Err(Error::Unavailable(Reason::OutcomeUnknown))
    }

    pub(crate) async fn execute(&mut self, statement: &Statement, values: &[Value]) -> Result<u64, Error> {
        let client = self.client()?;
        let run = async {
            let prepared = client.prepare_cached(statement.text()).await?;
            refuse_wrong_count(prepared.params().len(), values)?;
            Ok(client.execute(&prepared, &parameters(values)).await?)
        };
        let answer = in_time(self.patience, run).await;
        self.settle(statement, answer)
    }

    /// Sent one after the other without waiting for the answers.
    pub(crate) async fn execute_each(&mut self, statement: &Statement, rows: &[Vec<Value>]) -> Result<u64, Error> {
        let client = self.client()?;
        let run = async {
            let prepared = client.prepare_cached(statement.text()).await?;
            for values in rows {
                refuse_wrong_count(prepared.params().len(), values)?;
            }
            let rows: Vec<_> = rows.iter().map(|values| parameters(values)).collect();
            let sent = rows.iter().map(|parameters| client.execute(&prepared, parameters));
            Ok(futures::future::try_join_all(sent).await?.into_iter().sum())
        };
        let answer = in_time(self.patience, run).await;
        self.settle(statement, answer)
    }

    pub(crate) async fn rows(&mut self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        let client = self.client()?;
        let run = async {
            let prepared = client.prepare_cached(statement.text()).await?;
            refuse_wrong_count(prepared.params().len(), values)?;
            Ok(client.query(&prepared, &parameters(values)).await?)
        };
        let answer = in_time(self.patience, run).await;
        let rows = self.settle(statement, answer)?;
        rows.iter()
            .map(|row| Ok(Row::new((0..row.len()).map(|column| value_of(row, column)).collect::<Result<_, Error>>()?)))
            .collect()
    }

    pub(super) async fn prepare(&mut self, statement: &Statement) -> Result<Prepared, Error> {
        let client = self.client()?;
        let run = async { Ok(client.prepare(statement.text()).await?) };
        let answer = in_time(self.patience, run).await;
        let prepared = self.settle(statement, answer)?;
        Ok(Prepared {
            statement: statement.name(),
            parameters: prepared.params().len(),
            columns: prepared.columns().iter().map(|column| column.name().to_owned()).collect(),
        })
    }

    async fn batch(&mut self, text: &str) -> Result<Result<(), tokio_postgres::Error>, Error> {
        let client = self.client()?;
        match tokio::time::timeout(self.patience, client.batch_execute(text)).await {
            Ok(answer) => Ok(answer),
            Err(_late) => {
                self.state = State::Broken;
                Err(Error::Unavailable(Reason::TimedOut))
            }
        }
    }

    fn settle<T>(&mut self, statement: &Statement, answer: Result<T, Failed>) -> Result<T, Error> {
        answer.map_err(|failed| match failed {
            Failed::Engine(error) => self.failed(statement.name(), &error),
            Failed::Misuse(detail) => Error::statement(statement.name(), detail),
            Failed::Late => {
                self.state = State::Broken;
                Error::Unavailable(Reason::TimedOut)
            }
        })
    }

    fn failed(&mut self, statement: &'static str, error: &tokio_postgres::Error) -> Error {
        let error = error_of(statement, error);
        if matches!(error, Error::Unavailable(Reason::Disconnected)) {
            self.state = State::Broken;
        }
        error
    }

    fn client(&self) -> Result<&Lent, Error> {
        self.client.as_ref().ok_or(Error::Unavailable(Reason::Disconnected))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.state == State::AtRest {
            return;
        }
        let Some(client) = self.client.take().map(Lent::take) else { return };
        match self.state {
            State::Broken => client.give_up_all_as_old(),
            State::Busy => cancel(client, self.patience),
            State::AtRest | State::Committing => {}
        }
    }
}

/// Closing the connection alone would let the statement run to its end.
fn cancel(client: Pooled, patience: Duration) {
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(async move {
            let token = client.cancel_token();
            let _ = tokio::time::timeout(patience, token.cancel_query(client.tls.clone())).await;
        });
    }
}

enum Failed {
    Engine(tokio_postgres::Error),
    Misuse(String),
    Late,
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Failed {
        Failed::Engine(error)
    }
}

async fn in_time<T>(patience: Duration, run: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    tokio::time::timeout(patience, run).await.unwrap_or(Err(Failed::Late))
}

fn refuse_wrong_count(count: usize, values: &[Value]) -> Result<(), Failed> {
    if count == values.len() {
        return Ok(());
    }
    Err(Failed::Misuse(format!("{count} parameters, {} values", values.len())))
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
