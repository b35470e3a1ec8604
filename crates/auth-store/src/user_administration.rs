//! What an operator does with users. Each operation puts its event on record and raises the generation, so that running
//! servers see it; the raised row also makes operators go one after the other.

use auth_core::time::Timestamp;
use auth_core::user::User;
use auth_protocol::id::{ServerId, SessionId, UserId};
use database::{Database, Error, Row, params, statements};

use crate::apply::{self, ApplyError, Changes, UserEntry};
use crate::audit::{self, AuditEvent};
use crate::login::{self, IdentifierHash};
use crate::user::PasswordHash;
use crate::{generation, row, session, user};

statements! {
    /// A name to sign in with is one user's alone, whether it is a user name there or an e-mail address.
    NAME_HOLDER = "SELECT user_id FROM users WHERE server_id = $1 AND (username_canonical = $2 OR email_canonical = $2) LIMIT 1";
    SET_PASSWORD = "UPDATE users SET password_hash = $3, imported_argon2id_blocks = 0, imported_bcrypt_cost = 0, \
                                     updated_at = $4 \
                    WHERE server_id = $1 AND user_id = $2";
    LIVE_SESSIONS = "SELECT session_id FROM session WHERE server_id = $1 AND user_id = $2 AND ended_at IS NULL";
    LIST = "SELECT user_id, user_type, username, email, full_name, phone, customer_id, customer_context_id, roles, \
                   permissions, enabled, attributes, username_canonical, email_canonical, created_at \
            FROM users \
            WHERE server_id = $1 AND username_canonical > $2 AND username_canonical >= $3 AND username_canonical < $4 \
            ORDER BY username_canonical LIMIT $5";
}

/// Why no user was added. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AddUserError {
    #[error("the user name belongs to another user")]
    UsernameTaken,
    #[error("the e-mail address belongs to another user")]
    EmailTaken,
    #[error(transparent)]
    Storage(#[from] Error),
}

/// A user who is not there yet; `entry` brings the hash of their password.
pub async fn add(database: &Database, entry: UserEntry, event: AuditEvent, now: Timestamp) -> Result<(), AddUserError> {
    database
        .write(move |transaction| {
            let (entry, event) = (entry.clone(), event.clone());
            Box::pin(async move {
                generation::raise(transaction).await?;
                let server = entry.server_id.bytes();
                if transaction.optional(&NAME_HOLDER, params![server, &entry.username_canonical]).await?.is_some() {
                    return Err(AddUserError::UsernameTaken);
                }
                if let Some(email) = &entry.email_canonical
                    && transaction.optional(&NAME_HOLDER, params![server, email]).await?.is_some()
                {
                    return Err(AddUserError::EmailTaken);
                }
                let added = apply::user(transaction, &entry, now, &mut Changes::default()).await;
                added.map_err(|error| match error {
                    ApplyError::Storage(error) => AddUserError::Storage(error),
                    ApplyError::Taken { .. } | ApplyError::Fixed { .. } | ApplyError::SecretEnded { .. } => {
                        AddUserError::EmailTaken
                    }
                })?;
                Ok(audit::record(transaction, entry.server_id, &event).await?)
            })
        })
        .await
}

/// Sets a password and ends the user's sessions with all grants that rest on them. How many sessions ended; `None` when
/// there is no such user.
pub async fn set_password(
    database: &Database,
    server: ServerId,
    user: UserId,
    password: PasswordHash,
    event: AuditEvent,
    now: Timestamp,
) -> Result<Option<usize>, Error> {
    database
        .write(move |transaction| {
            let (password, event) = (password.0.clone(), event.clone());
            Box::pin(async move {
                let values = params![server.bytes(), user.bytes(), password, now.0];
                if transaction.execute(&SET_PASSWORD, values).await? == 0 {
                    return Ok(None);
                }
                let live = transaction.rows(&LIVE_SESSIONS, params![server.bytes(), user.bytes()]).await?;
                for found in &live {
                    session::end(transaction, server, SessionId::from_bytes(found.get(0)?), now).await?;
                }
                generation::raise(transaction).await?;
                audit::record(transaction, server, &event).await?;
                Ok(Some(live.len()))
            })
        })
        .await
}

/// Forgets the failures counted under each of a user's names, and with them a lock. Whether there were any.
pub async fn unlock(
    database: &Database,
    server: ServerId,
    names: Vec<IdentifierHash>,
    event: AuditEvent,
) -> Result<bool, Error> {
    database
        .write(move |transaction| {
            let (names, event) = (names.clone(), event.clone());
            Box::pin(async move {
                let mut forgotten = 0;
                for name in names {
                    forgotten += login::forget(transaction, server, name).await?;
                }
                if forgotten > 0 {
                    generation::raise(transaction).await?;
                    audit::record(transaction, server, &event).await?;
                }
                Ok(forgotten > 0)
            })
        })
        .await
}

/// Which users to list, in the order of their canonical names.
#[derive(Debug, Clone, Default)]
pub struct UserPage {
    /// The canonical name that the page before ended with.
    pub after: String,
    /// What canonical names begin with; empty for all.
    pub prefix: String,
    pub limit: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedUser {
    pub user: User,
    pub username_canonical: String,
    pub email_canonical: Option<String>,
    pub created_at: Timestamp,
}

pub async fn list(database: &Database, server: ServerId, page: &UserPage) -> Result<Vec<ListedUser>, Error> {
    // Texts are ordered by their bytes: nothing that begins with the prefix comes behind this.
    let end = format!("{}{}", page.prefix, char::MAX);
    let values = params![server.bytes(), page.after.as_str(), page.prefix.as_str(), end, i64::from(page.limit)];
    database.read_rows(&LIST, values).await?.iter().map(listed).collect()
}

fn listed(found: &Row) -> Result<ListedUser, Error> {
    Ok(ListedUser {
        user: user::read(found)?,
        username_canonical: found.get(12)?,
        email_canonical: found.get(13)?,
        created_at: row::time(found, 14)?,
    })
}
