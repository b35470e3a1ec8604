use crate::session::Session;
use crate::{Error, Row, Statement, Value};

/// A transaction that writes, lent to a job for the time it runs. It is committed when the job answers `Ok`, and only then.
///
/// The first statement that fails ends the job: later statements answer the same error, and nothing is committed even if
/// the job goes on to answer `Ok` (PostgreSQL aborts such a transaction, SQLite would go on; here both end).
pub struct Transaction {
    pub(crate) session: Session,
}

/// One moment of the database, lent to a job that reads. All its statements see the same rows.
pub struct Snapshot {
    pub(crate) session: Session,
}

impl Transaction {
    /// How many rows the statement changed.
    pub async fn execute(&mut self, statement: &Statement, values: &[Value]) -> Result<u64, Error> {
        self.session.execute(statement, values).await
    }

    /// The same statement for each of many rows; how many rows it changed in all. PostgreSQL is sent all of it without
    /// waiting for an answer in between, so that many rows cost little more than one.
    pub async fn execute_each(&mut self, statement: &Statement, rows: &[Vec<Value>]) -> Result<u64, Error> {
        self.session.execute_each(statement, rows).await
    }

    pub async fn rows(&mut self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.session.rows(statement, values).await
    }

    /// At most one row; a second one is a bug and answers [`Error::Statement`].
    pub async fn optional(&mut self, statement: &Statement, values: &[Value]) -> Result<Option<Row>, Error> {
        self.session.optional(statement, values).await
    }

    /// Exactly one row; any other count is a bug and answers [`Error::Statement`].
    pub async fn one(&mut self, statement: &Statement, values: &[Value]) -> Result<Row, Error> {
        self.session.one(statement, values).await
    }

    /// Wakes who listens to the topic ([`crate::Database::listen`]) when this transaction commits, as far as they are reached.
    pub async fn announce(&mut self, topic: &'static str) -> Result<(), Error> {
        self.session.announce(topic).await
    }
}

impl Snapshot {
    pub async fn rows(&mut self, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.session.rows(statement, values).await
    }

    /// At most one row; a second one is a bug and answers [`Error::Statement`].
    pub async fn optional(&mut self, statement: &Statement, values: &[Value]) -> Result<Option<Row>, Error> {
        self.session.optional(statement, values).await
    }

    /// Exactly one row; any other count is a bug and answers [`Error::Statement`].
    pub async fn one(&mut self, statement: &Statement, values: &[Value]) -> Result<Row, Error> {
        self.session.one(statement, values).await
    }
}

/// What a job runs in; lets the engines run both kinds by one text.
pub(crate) trait Scope: Send {
    fn session(&mut self) -> &mut Session;
}

impl Scope for Transaction {
    fn session(&mut self) -> &mut Session {
        &mut self.session
    }
}

impl Scope for Snapshot {
    fn session(&mut self) -> &mut Session {
        &mut self.session
    }
}
