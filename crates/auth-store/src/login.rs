//! Signing in: counted failures, and the one transaction that begins a session and issues its first code.

use auth_core::login::{FailureRecord, after_failure, is_locked};
use auth_core::server::LockOut;
use auth_core::time::Timestamp;
use auth_protocol::id::{ServerId, SessionId};
use database::{Database, Error, Row, Transaction, params, statements};

use crate::audit::{self, AuditEvent, AuditKind};
use crate::authorization::{self, NewCode};
use crate::row;
use crate::session::{self, NewSession};
use crate::user::{self, PasswordHash, PasswordUpgrade};

statements! {
    FAILURES = "SELECT failures, last_failed_at, locked_at FROM sign_in_failure \
                WHERE server_id = $1 AND identifier_hash = $2";
    /// Makes the row or locks it, whichever it takes: a success may delete it at any time, so two statements would not do.
    MAKE_OR_HOLD = "INSERT INTO sign_in_failure (server_id, identifier_hash, failures, last_failed_at) \
                    VALUES ($1, $2, 0, $3) \
                    ON CONFLICT (server_id, identifier_hash) DO UPDATE SET failures = sign_in_failure.failures \
                    RETURNING failures, last_failed_at, locked_at";
    HOLD_FAILURES = "UPDATE sign_in_failure SET failures = failures \
                     WHERE server_id = $1 AND identifier_hash = $2 RETURNING failures, last_failed_at, locked_at";
    COUNT_FAILURE = "UPDATE sign_in_failure SET failures = $3, last_failed_at = $4, locked_at = $5 \
                     WHERE server_id = $1 AND identifier_hash = $2";
    /// Holds the user's row while the session begins: their password is the one that was proved.
    HOLD_PASSWORD = "UPDATE users SET password_hash = password_hash \
                     WHERE server_id = $1 AND user_id = $2 AND enabled AND password_hash = $3";
    FORGET_FAILURES = "DELETE FROM sign_in_failure WHERE server_id = $1 AND identifier_hash = $2";
}

/// SHA-256 of a canonical identifier: names of people who do not exist here are not kept in clear.
pub type IdentifierHash = [u8; 32];

pub async fn failures(
    database: &Database,
    server: ServerId,
    identifier: IdentifierHash,
) -> Result<Option<FailureRecord>, Error> {
    let found = database.read_optional(&FAILURES, params![server.bytes(), &identifier]).await?;
    found.map(|found| read(&found)).transpose()
}

/// Counts one failure, exactly once however many come at a time; the record that stands then. The failure that locks goes
/// on record as [`AuditKind::Locked`].
pub async fn record_failure(
    database: &Database,
    server: ServerId,
    identifier: IdentifierHash,
    policy: LockOut,
    event: AuditEvent,
    now: Timestamp,
) -> Result<FailureRecord, Error> {
    database
        .write(move |transaction| {
            let mut event = event.clone();
            Box::pin(async move {
                let found = transaction.one(&MAKE_OR_HOLD, params![server.bytes(), &identifier, now.0]).await?;
                let before = read(&found)?;
                let after = after_failure(&policy, (before.failures > 0).then_some(&before), now);
                let values = params![
                    server.bytes(),
                    &identifier,
                    i64::from(after.failures),
                    after.last_failed_at.0,
                    after.locked_at.map(|at| at.0)
                ];
                transaction.execute(&COUNT_FAILURE, values).await?;
                if after.locked_at.is_some() && after.locked_at != before.locked_at {
                    event.kind = AuditKind::Locked;
                }
                audit::record(transaction, server, &event).await?;
                Ok(after)
            })
        })
        .await
}

/// Within the caller's transaction; how many counters went.
pub(crate) async fn forget(
    transaction: &mut Transaction,
    server: ServerId,
    identifier: IdentifierHash,
) -> Result<u64, Error> {
    transaction.execute(&FORGET_FAILURES, params![server.bytes(), &identifier]).await
}

/// What a right password begins.
#[derive(Debug, Clone)]
pub struct SignIn {
    pub identifier: IdentifierHash,
    pub policy: LockOut,
    /// The hash that the password was compared with; absent for those who sign in without a password.
    pub proved: Option<PasswordHash>,
    pub session: NewSession,
    /// The browser's session so far: it ends, so that nobody continues in it.
    pub replaces: Option<SessionId>,
    pub code: Option<NewCode>,
    pub password_upgrade: Option<PasswordUpgrade>,
    pub event: AuditEvent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInOutcome {
    SignedIn,
    /// Locked while the password was being checked.
    Locked,
    /// Somebody set another password, or disabled the user, while this one was being checked.
    PasswordChanged,
}

/// Session, grant, code and audit event: all of them or none.
pub async fn sign_in(
    database: &Database,
    server: ServerId,
    sign_in: SignIn,
    now: Timestamp,
) -> Result<SignInOutcome, Error> {
    database
        .write(move |transaction| {
            let sign_in = sign_in.clone();
            Box::pin(async move {
                if !forget_failures(transaction, server, &sign_in, now).await? {
                    return Ok(SignInOutcome::Locked);
                }
                if !holds_password(transaction, server, &sign_in).await? {
                    return Ok(SignInOutcome::PasswordChanged);
                }
                if let Some(before) = sign_in.replaces {
                    session::end(transaction, server, before, now).await?;
                }
                session::begin(transaction, server, &sign_in.session).await?;
                if let Some(code) = &sign_in.code {
                    authorization::insert(transaction, server, code).await?;
                }
                if let Some(upgrade) = &sign_in.password_upgrade {
                    user::replace_password(transaction, server, sign_in.session.session.user_id, upgrade).await?;
                }
                audit::record(transaction, server, &sign_in.event).await?;
                Ok(SignInOutcome::SignedIn)
            })
        })
        .await
}

/// False when the identifier is locked now.
async fn forget_failures(
    transaction: &mut Transaction,
    server: ServerId,
    sign_in: &SignIn,
    now: Timestamp,
) -> Result<bool, Error> {
    let key = params![server.bytes(), &sign_in.identifier];
    let Some(found) = transaction.optional(&HOLD_FAILURES, key).await? else { return Ok(true) };
    if is_locked(&sign_in.policy, Some(&read(&found)?), now) {
        return Ok(false);
    }
    forget(transaction, server, sign_in.identifier).await?;
    Ok(true)
}

/// A password that is set anew ends all sessions; one that begins by the old password must not slip through behind it.
async fn holds_password(transaction: &mut Transaction, server: ServerId, sign_in: &SignIn) -> Result<bool, Error> {
    let Some(PasswordHash(proved)) = &sign_in.proved else { return Ok(true) };
    let values = params![server.bytes(), sign_in.session.session.user_id.bytes(), proved];
    Ok(transaction.execute(&HOLD_PASSWORD, values).await? == 1)
}

fn read(found: &Row) -> Result<FailureRecord, Error> {
    Ok(FailureRecord {
        failures: u32::try_from(found.get::<i64>(0)?).unwrap_or(u32::MAX),
        last_failed_at: row::time(found, 1)?,
        locked_at: row::optional_time(found, 2)?,
    })
}
