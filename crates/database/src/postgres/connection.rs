use std::time::Duration;

use deadpool_postgres::Object;
use tokio::runtime::Handle;
use tokio_postgres::NoTls;
use tokio_postgres::types::ToSql;

use super::failure::{error_of, error_of_commit};
use super::value::value_of;
use crate::{Error, Prepared, Reason, Row, Statement, Value};

/// A connection on loan from the pool. It goes back only when it is known to be at rest: dropped in the middle of a
/// statement or a transaction, the statement is cancelled at the server and the connection thrown away.
pub(crate) struct Connection {
    /// Taken out only by `Drop`.
    client: Option<Object>,
    /// Something was begun that has not ended.
    busy: bool,
    /// No answer can be expected from it any more.
    broken: bool,
    /// A little longer than the server's own limit of a statement: for when the network swallows the answer.
    patience: Duration,
}

impl Connection {
    pub(super) fn new(client: Object, patience: Duration) -> Connection {
        Connection { client: Some(client), busy: false, broken: false, patience }
    }

    pub(super) fn wait_longer(&mut self, patience: Duration) {
        self.patience = patience;
    }

    pub(super) async fn begin(&mut self, text: &'static str) -> Result<(), Error> {
        self.busy = true;
        self.control(text).await
    }

    /// An error here may mean that the transaction is there all the same.
    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        let sent = self.batch("COMMIT").await;
        let answer = match sent {
            Ok(answered) => answered.map_err(|error| error_of_commit(&error)),
            Err(_late) => Err(Error::Unavailable(Reason::OutcomeUnknown)),
        };
        self.busy = answer.is_err();
        answer
    }

    pub(super) async fn roll_back(&mut self) {
        if !self.broken {
            self.busy = self.control("ROLLBACK").await.is_err();
        }
    }

    /// Statements without parameters and answers.
    pub(super) async fn control(&mut self, text: &str) -> Result<(), Error> {
        let answered = self.batch(text).await?;
        answered.map_err(|error| self.failed("CONTROL", &error))
    }

    /// A statement that is its own transaction.
    pub(super) async fn execute_alone(&mut self, statement: &Statement, values: &[Value]) -> Result<u64, Error> {
        self.busy = true;
        let answer = self.execute(statement, values).await;
        self.busy = self.broken;
        answer
    }

    pub(super) async fn rows_alone(&mut self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.busy = true;
        let answer = self.rows(statement, values).await;
        self.busy = self.broken;
        answer
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
                self.broken = true;
                Err(Error::Unavailable(Reason::TimedOut))
            }
        }
    }

    fn settle<T>(&mut self, statement: &Statement, answer: Result<T, Failed>) -> Result<T, Error> {
        answer.map_err(|failed| match failed {
            Failed::Engine(error) => self.failed(statement.name(), &error),
            Failed::Misuse(detail) => Error::statement(statement.name(), detail),
            Failed::Late => {
                self.broken = true;
                Error::Unavailable(Reason::TimedOut)
            }
        })
    }

    fn failed(&mut self, statement: &'static str, error: &tokio_postgres::Error) -> Error {
        let error = error_of(statement, error);
        self.broken |= matches!(error, Error::Unavailable(Reason::Disconnected));
        error
    }

    fn client(&self) -> Result<&Object, Error> {
        self.client.as_ref().ok_or(Error::Unavailable(Reason::Disconnected))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !(self.busy || self.broken) {
            return;
        }
        let Some(client) = self.client.take().map(Object::take) else { return };
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                // Closing the connection alone would let the statement run to its end.
                let _ = client.cancel_token().cancel_query(NoTls).await;
                drop(client);
            });
        }
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
