//! Many users and sessions at once, for measuring and for trying things out. The statements are those that everybody else
//! is written with, so that rows and indexes are the same.

use std::sync::Arc;

use auth_core::time::Timestamp;
use auth_protocol::id::ServerId;
use database::{Database, Error, Statement, Value, params, statements};

use crate::apply::{self, UserEntry};
use crate::audit::{self, AuditEvent};
use crate::generation;
use crate::session::{self, NewSession};

statements! {
    LAST_USERNAME = "SELECT username_canonical FROM users \
                     WHERE server_id = $1 AND username_canonical >= $2 AND username_canonical < $3 \
                     ORDER BY username_canonical DESC LIMIT 1";
}

/// The last user name that begins so, in the order of bytes.
pub async fn last_username(database: &Database, server: ServerId, prefix: &str) -> Result<Option<String>, Error> {
    let beyond = format!("{prefix}\u{10ffff}");
    let found = database.read_optional(&LAST_USERNAME, params![server.bytes(), prefix, beyond.as_str()]).await?;
    found.map(|found| found.get(0)).transpose()
}

/// Puts on record what is about to be written.
pub async fn announce(database: &Database, server: ServerId, event: AuditEvent) -> Result<(), Error> {
    database
        .write(move |transaction| {
            let event = event.clone();
            Box::pin(async move {
                generation::raise(transaction).await?;
                audit::record(transaction, server, &event).await
            })
        })
        .await
}

/// All of them or, where a name is taken, none.
pub async fn add_users(database: &Database, entries: &[UserEntry], now: Timestamp) -> Result<(), Error> {
    let rows = entries.iter().map(|entry| apply::user_row(entry, now)).collect::<Result<_, _>>()?;
    write(database, &apply::INSERT_USER, rows).await
}

pub async fn begin_sessions(database: &Database, server: ServerId, sessions: &[NewSession]) -> Result<(), Error> {
    write(database, &session::BEGIN, sessions.iter().map(|new| session::begun(server, new)).collect()).await
}

async fn write(database: &Database, statement: &'static Statement, rows: Vec<Vec<Value>>) -> Result<(), Error> {
    let rows = Arc::new(rows);
    database
        .write(move |transaction| {
            let rows = Arc::clone(&rows);
            Box::pin(async move { transaction.execute_each(statement, &rows).await.map(|_| ()) })
        })
        .await
}
