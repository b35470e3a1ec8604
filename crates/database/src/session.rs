use crate::{Error, Row, Statement, Value};

/// Nothing is delivered unless the transaction commits. Names longer than a channel may have are cut, as LISTEN cuts them.
static ANNOUNCE: Statement = Statement::new(
    "ANNOUNCE",
    "SELECT pg_notify(left(CAST(current_schema() AS TEXT) || '.' || CAST($1 AS TEXT), 63), '')",
);

/// A connection while a job has it, and the first error the job met.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    pub(crate) failure: Option<Error>,
}

/// Where the two engines meet: everything above this line is one text.
pub(crate) enum Connection {
    Sqlite(crate::sqlite::Connection),
    Postgres(crate::postgres::Connection),
}

impl Session {
    pub(crate) fn new(connection: Connection) -> Session {
        Session { connection, failure: None }
    }

    pub(crate) async fn execute(&mut self, statement: &Statement, values: &[Value]) -> Result<u64, Error> {
        self.refuse_after_failure()?;
        let answer = match &mut self.connection {
            Connection::Sqlite(connection) => connection.execute(statement, values),
            Connection::Postgres(connection) => connection.execute(statement, values).await,
        };
        self.remember_failure(answer)
    }

    pub(crate) async fn execute_each(&mut self, statement: &Statement, rows: &[Vec<Value>]) -> Result<u64, Error> {
        self.refuse_after_failure()?;
        let answer = match &mut self.connection {
            Connection::Sqlite(connection) => {
                rows.iter().try_fold(0, |changed, values| Ok(changed + connection.execute(statement, values)?))
            }
            Connection::Postgres(connection) => connection.execute_each(statement, rows).await,
        };
        self.remember_failure(answer)
    }

    pub(crate) async fn rows(&mut self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.refuse_after_failure()?;
        let answer = match &mut self.connection {
            Connection::Sqlite(connection) => connection.rows(statement, values),
            Connection::Postgres(connection) => connection.rows(statement, values).await,
        };
        self.remember_failure(answer)
    }

    /// A channel's name is the schema's and the topic's: the stores of one database don't hear each other.
    pub(crate) async fn announce(&mut self, topic: &'static str) -> Result<(), Error> {
        match &self.connection {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(_) => self.execute(&ANNOUNCE, &[Value::from(topic)]).await.map(|_| ()),
        }
    }

    pub(crate) async fn optional(&mut self, statement: &Statement, values: &[Value]) -> Result<Option<Row>, Error> {
        let mut rows = self.rows(statement, values).await?;
        let first = rows.pop();
        if rows.is_empty() { Ok(first) } else { self.remember_failure(Err(several(statement))) }
    }

    pub(crate) async fn one(&mut self, statement: &Statement, values: &[Value]) -> Result<Row, Error> {
        match self.optional(statement, values).await? {
            Some(row) => Ok(row),
            None => self.remember_failure(Err(Error::statement(statement.name(), "no row where one must be"))),
        }
    }

    pub(crate) fn sqlite(&self) -> Result<&crate::sqlite::Connection, Error> {
        match &self.connection {
            Connection::Sqlite(connection) => Ok(connection),
            Connection::Postgres(_) => Err(Error::statement("SESSION", "belongs to PostgreSQL")),
        }
    }

    pub(crate) fn postgres(&mut self) -> Result<&mut crate::postgres::Connection, Error> {
        match &mut self.connection {
            Connection::Postgres(connection) => Ok(connection),
            Connection::Sqlite(_) => Err(Error::statement("SESSION", "belongs to SQLite")),
        }
    }

    /// Ends the job: whatever it answers, nothing is committed.
    pub(crate) fn fail(&mut self, error: Error) -> Error {
        self.failure = Some(error.clone());
        error
    }

    fn refuse_after_failure(&self) -> Result<(), Error> {
        self.failure.clone().map_or(Ok(()), Err)
    }

    fn remember_failure<T>(&mut self, answer: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &answer {
            self.failure = Some(error.clone());
        }
        answer
    }
}

fn several(statement: &Statement) -> Error {
    Error::statement(statement.name(), "several rows where one at most may be")
}
