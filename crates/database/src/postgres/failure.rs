use tokio_postgres::error::SqlState;

use crate::{Error, Reason};

/// Tells what may pass by itself from what is a bug, by SQLSTATE. The former is logged: its detail goes no further.
pub(super) fn error_of(statement: &'static str, error: &tokio_postgres::Error) -> Error {
    let Some(code) = error.code() else {
        if error.is_closed() || is_transport(error) {
            tracing::warn!(statement, %error, "PostgreSQL is not reached");
            return Error::Unavailable(Reason::Disconnected);
        }
        return Error::statement(statement, detail(error));
    };
    if is_conflict(code) {
        return Error::Contention;
    }
    let reason = match code {
        &SqlState::QUERY_CANCELED | &SqlState::LOCK_NOT_AVAILABLE => Reason::TimedOut,
        &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT | &SqlState::READ_ONLY_SQL_TRANSACTION => Reason::Disconnected,
        &SqlState::DISK_FULL => Reason::DiskFull,
        &SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN | &SqlState::TRANSACTION_RESOLUTION_UNKNOWN => {
            Reason::OutcomeUnknown
        }
        other => match other.code().get(..2) {
            Some("08" | "57") => Reason::Disconnected,
            Some("53" | "58") => Reason::Storage,
            _ => return Error::statement(statement, detail(error)),
        },
    };
    tracing::warn!(statement, %error, "PostgreSQL refused");
    Error::Unavailable(reason)
}

/// The same for COMMIT: without a clear no, the transaction may be there.
pub(super) fn error_of_commit(error: &tokio_postgres::Error) -> Error {
    match error.code() {
        Some(code) if is_conflict(code) => Error::Contention,
        Some(code) if matches!(code.code().get(..2), Some("22" | "23" | "42")) => {
            Error::statement("COMMIT", detail(error))
        }
        _ => {
            tracing::error!(%error, "PostgreSQL did not confirm a commit; the outcome is unknown");
            Error::Unavailable(Reason::OutcomeUnknown)
        }
    }
}

fn is_conflict(code: &SqlState) -> bool {
    matches!(code, &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED)
}

/// An I/O error below the protocol; a conversion error has another source.
fn is_transport(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// The server's message, without its detail line: that one quotes values.
fn detail(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(server) => format!("{} ({})", server.message(), server.code().code()),
        None => format!("{error:?}"),
    }
}
