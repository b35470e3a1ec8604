//! Sessions, found by the hash of the secret that the browser's cookie holds.

use auth_core::session::{Session, SessionTimes, SignInMethod};
use auth_core::time::Timestamp;
use auth_protocol::id::{ServerId, SessionId, UserId};
use database::{Database, Error, Row, Transaction, Value, params, statements};

use crate::row;

statements! {
    BY_SECRET = "SELECT session_id, user_id, authenticated_at, inactivity_at, hard_end_at, ended_at, methods \
                 FROM session WHERE server_id = $1 AND secret_hash = $2";
    pub(crate) BY_ID = "SELECT session_id, user_id, authenticated_at, inactivity_at, hard_end_at, ended_at, methods \
             FROM session WHERE server_id = $1 AND session_id = $2";
    LATEST = "SELECT session_id, user_id, authenticated_at, inactivity_at, hard_end_at, ended_at, methods \
              FROM session WHERE server_id = $1 ORDER BY session_id DESC LIMIT $2";
    pub(crate) BEGIN = "INSERT INTO session (server_id, session_id, secret_hash, user_id, authenticated_at, inactivity_at, \
                                  hard_end_at, methods) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SLIDE = "UPDATE session SET inactivity_at = $3 \
             WHERE server_id = $1 AND session_id = $2 AND ended_at IS NULL AND inactivity_at < $3";
    HOLD = "UPDATE session SET ended_at = ended_at \
            WHERE server_id = $1 AND session_id = $2 AND ended_at IS NULL AND hard_end_at > $3";
    END = "UPDATE session SET ended_at = $3 WHERE server_id = $1 AND session_id = $2 AND ended_at IS NULL";
    END_GRANTS = "UPDATE oauth_grant SET ended_at = $3 \
                  WHERE server_id = $1 AND session_id = $2 AND ended_at IS NULL";
}

/// A session to begin, with the hash of the secret that will be its cookie.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub session: Session,
    pub secret_hash: [u8; 32],
}

pub async fn find_by_secret(
    database: &Database,
    server: ServerId,
    secret_hash: [u8; 32],
) -> Result<Option<Session>, Error> {
    let found = database.read_optional(&BY_SECRET, params![server.bytes(), &secret_hash]).await?;
    found.map(|found| read(&found)).transpose()
}

pub async fn find(database: &Database, server: ServerId, session: SessionId) -> Result<Option<Session>, Error> {
    let found = database.read_optional(&BY_ID, params![server.bytes(), session.bytes()]).await?;
    found.map(|found| read(&found)).transpose()
}

/// Those that began last, ended ones too: an id begins with its time.
pub async fn latest(database: &Database, server: ServerId, limit: u16) -> Result<Vec<Session>, Error> {
    let rows = database.read_rows(&LATEST, params![server.bytes(), i64::from(limit)]).await?;
    rows.iter().map(read).collect()
}

pub(crate) fn read(found: &Row) -> Result<Session, Error> {
    Ok(Session {
        id: SessionId::from_bytes(found.get(0)?),
        user_id: UserId::from_bytes(found.get(1)?),
        authenticated_at: row::time(found, 2)?,
        methods: methods(found, 6)?,
        times: SessionTimes {
            inactivity_at: row::time(found, 3)?,
            hard_end_at: row::time(found, 4)?,
            ended_at: row::optional_time(found, 5)?,
        },
    })
}

/// Names of `amr`, with spaces between them.
fn methods(found: &Row, column: usize) -> Result<Vec<SignInMethod>, Error> {
    let names: String = found.get(column)?;
    let methods = names.split(' ').filter(|name| !name.is_empty()).map(SignInMethod::from_name);
    methods.collect::<Option<_>>().ok_or_else(|| row::unreadable(column, &names))
}

pub(crate) async fn begin(transaction: &mut Transaction, server: ServerId, new: &NewSession) -> Result<(), Error> {
    transaction.execute(&BEGIN, &begun(server, new)).await.map(|_| ())
}

/// What [`BEGIN`] takes.
pub(crate) fn begun(server: ServerId, new: &NewSession) -> Vec<Value> {
    let session = &new.session;
    let methods: Vec<&str> = session.methods.iter().map(|method| method.name()).collect();
    let values = params![
        server.bytes(),
        session.id.bytes(),
        &new.secret_hash,
        session.user_id.bytes(),
        session.authenticated_at.0,
        session.times.inactivity_at.0,
        session.times.hard_end_at.0,
        methods.join(" ")
    ];
    values.to_vec()
}

/// Moves the inactivity time forward; a later time that is there already stays.
pub(crate) async fn slide(
    transaction: &mut Transaction,
    server: ServerId,
    session: SessionId,
    inactivity_at: Timestamp,
) -> Result<(), Error> {
    transaction.execute(&SLIDE, params![server.bytes(), session.bytes(), inactivity_at.0]).await.map(|_| ())
}

/// Locks the session's row until the transaction's end; false when the session is over.
pub(crate) async fn hold(
    transaction: &mut Transaction,
    server: ServerId,
    session: SessionId,
    now: Timestamp,
) -> Result<bool, Error> {
    Ok(transaction.execute(&HOLD, params![server.bytes(), session.bytes(), now.0]).await? == 1)
}

/// Ends the session and all grants that rest on it; false when it was over before.
pub(crate) async fn end(
    transaction: &mut Transaction,
    server: ServerId,
    session: SessionId,
    now: Timestamp,
) -> Result<bool, Error> {
    let ended = transaction.execute(&END, params![server.bytes(), session.bytes(), now.0]).await? == 1;
    if ended {
        transaction.execute(&END_GRANTS, params![server.bytes(), session.bytes(), now.0]).await?;
    }
    Ok(ended)
}
