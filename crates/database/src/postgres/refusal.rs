//! Why a server will not do, in a sentence that says what to do.

use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::error::SqlState;

use super::endpoint::Endpoint;
use super::options::causes;
use crate::OpenError;

/// The oldest version that the tests have run on, and that PostgreSQL's developers look after.
const OLDEST_VERSION: u32 = 14;

/// What every new connection is asked.
pub(super) const QUESTION: &str = "SELECT current_setting('server_version_num'), \
     current_setting('transaction_read_only'), current_setting('synchronous_commit'), current_setting('server_encoding')";

/// Whether the server's answer lets us use it.
pub(super) fn of_server(server: &Endpoint, answer: &[SimpleQueryMessage]) -> Result<(), OpenError> {
    let row = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let setting = |column: usize| row.and_then(|row| row.try_get(column).ok().flatten()).unwrap_or_default();
    let version = setting(0).parse::<u32>().unwrap_or_default() / 10_000;
    if version < OLDEST_VERSION {
        return Err(OpenError::TooOld { server: server.to_string(), found: version, oldest: OLDEST_VERSION });
    }
    if setting(1) == "on" {
        return Err(OpenError::ReadOnly(server.to_string()));
    }
    if setting(2) == "off" {
        return Err(OpenError::NotDurable(setting(2).to_owned()));
    }
    if setting(3) != "UTF8" {
        return Err(OpenError::Encoding(setting(3).to_owned()));
    }
    Ok(())
}

pub(super) fn of_connecting(server: &Endpoint, error: &tokio_postgres::Error) -> OpenError {
    let told = format!("{server}: {}", causes(error));
    match error.code() {
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => OpenError::Denied(told),
        Some(&SqlState::INVALID_CATALOG_NAME) => OpenError::NoDatabase(told),
        _ if is_about_tls(error) => OpenError::Certificate(told),
        // A password is wanted that we don't have, or one by a method that we don't speak.
        None if told.contains("password missing") || told.contains("authentication error") => OpenError::Denied(told),
        _ => OpenError::Unreachable(told),
    }
}

/// Of one host's addresses, the most telling: a name often has an address at which nobody listens.
pub(super) fn of_one_host(mut refusals: Vec<OpenError>) -> OpenError {
    let telling = refusals.iter().position(|refusal| !matches!(refusal, OpenError::Unreachable(_)));
    match refusals.is_empty() {
        true => OpenError::Unreachable("the host has no address".to_owned()),
        false => refusals.swap_remove(telling.unwrap_or_default()),
    }
}

/// Of several hosts, each with its reason.
pub(super) fn of_all(mut refusals: Vec<OpenError>) -> OpenError {
    if refusals.len() == 1 {
        return refusals.remove(0);
    }
    let told: Vec<String> = refusals.iter().map(ToString::to_string).collect();
    OpenError::NoServer(told.join("; "))
}

/// Also later than in the handshake: a server may refuse our certificate after it.
fn is_about_tls(error: &tokio_postgres::Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<std::io::Error>());
    let inner = cause.and_then(std::io::Error::get_ref);
    inner.is_some_and(|inner| inner.is::<rustls::Error>()) || error.to_string().contains("TLS")
}
