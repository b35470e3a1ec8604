use std::fmt;

/// Why a call of the database failed. `Display` is safe to show: it never holds SQL, a value or a path; what went wrong
/// in detail is in `Debug` and in the log.
///
/// [`Error::is_unavailable`] tells the failures that a caller answers with 503 from the ones that are bugs.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The storage could not do it now. Nothing was acknowledged; with [`Reason::OutcomeUnknown`] it may yet have happened.
    #[error("the database is not available: {0}")]
    Unavailable(Reason),
    /// Three runs in a row met other writers of the same rows (PostgreSQL's 40001 and 40P01).
    #[error("too many others changed the same rows")]
    Contention,
    /// A bug: wrong SQL, a violated constraint, a parameter of the wrong kind.
    #[error("a database statement failed")]
    Statement(Box<Cause>),
    /// A column holds something else than the code expects of it.
    #[error("a database value is not what was expected")]
    Decode(Box<Cause>),
    /// A bug: the job awaited something else than its transaction. Inside a transaction there is no network and no timer.
    #[error("a database job waited for something else than the database")]
    Suspended,
    /// The work is another node's by now ([`crate::Fence`]). Nothing of the transaction was done.
    #[error("another node has taken this work over")]
    LeaseLost,
}

/// What kept the storage from doing its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// As many jobs wait as may wait; nothing was started.
    QueueFull,
    /// No connection, no lock or no end of a statement within the set time.
    TimedOut,
    /// The disk, or the configured size, is used up.
    DiskFull,
    /// Reading or writing failed, or memory ran out.
    Storage,
    /// The server cannot be reached or is shutting down.
    Disconnected,
    /// The commit was sent and its answer lost: it is there, or it is not.
    OutcomeUnknown,
    /// [`crate::Database::close`] was called.
    Closed,
}

/// For the log alone: which statement, and what the engine said.
#[derive(Clone)]
pub struct Cause {
    pub statement: &'static str,
    pub detail: String,
}

impl Error {
    /// True where trying again later makes sense: the caller answers 503.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Error::Unavailable(_) | Error::Contention)
    }

    pub(crate) fn statement(statement: &'static str, detail: impl Into<String>) -> Error {
        Error::Statement(Box::new(Cause { statement, detail: detail.into() }))
    }

    pub(crate) fn decode(detail: impl Into<String>) -> Error {
        Error::Decode(Box::new(Cause { statement: "", detail: detail.into() }))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Reason::QueueFull => "too much is waiting",
            Reason::TimedOut => "it took too long",
            Reason::DiskFull => "the disk is full",
            Reason::Storage => "reading or writing failed",
            Reason::Disconnected => "the server is not reached",
            Reason::OutcomeUnknown => "the outcome is unknown",
            Reason::Closed => "it is shutting down",
        })
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", if self.statement.is_empty() { "row" } else { self.statement }, self.detail)
    }
}

/// The database could not be opened. These messages are for the operator's terminal and may name the file.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot open the database file {path}: {detail}")]
    File { path: String, detail: String },
    #[error("cannot start the database's threads: {0}")]
    Threads(std::io::Error),
    #[error("the PostgreSQL address is not understood: {0}")]
    Address(String),
    #[error("cannot reach PostgreSQL at {0}: is it running, and are host and port right?")]
    Unreachable(String),
    #[error(
        "PostgreSQL refuses to let us in at {0}: look at user, password and client certificate, and at its pg_hba.conf"
    )]
    Denied(String),
    #[error("there is no such database at {0}: create it in UTF8, with the role of the address as its owner")]
    NoDatabase(String),
    /// A file of ours or the other side's certificate.
    #[error("no TLS with PostgreSQL: {0}")]
    Certificate(String),
    #[error(
        "PostgreSQL at {0} takes no writes, it is a standby or set read-only: name the primary, or all hosts with commas between them"
    )]
    ReadOnly(String),
    #[error("PostgreSQL at {server} is version {found}, and {oldest} is the oldest that will do: upgrade the server")]
    TooOld { server: String, found: u32, oldest: u32 },
    #[error("the PostgreSQL database is encoded in {0}: create one with ENCODING 'UTF8' TEMPLATE template0")]
    Encoding(String),
    #[error("no PostgreSQL that takes writes was found: {0}")]
    NoServer(String),
    #[error(
        "PostgreSQL is set to synchronous_commit={0}, which loses acknowledged writes in a crash; set it to on for this role or database"
    )]
    NotDurable(String),
}
