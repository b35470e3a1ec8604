//! What a declaration writes: authorization servers, scopes, roles, clients, users; and, in a transaction of its own, the
//! copy of account memberships.
//!
//! 1. One call is one transaction; the generation's row is locked first, so that declarations go one after the other.
//! 2. Each entry is compared with what is there, and written when it differs. What a declaration does not name stays.
//! 3. When anything changed, each change goes on record, the generation rises, and servers drop what they cached.

mod changes;
mod clients;
mod declaration;
mod json;
mod known;
mod memberships;
mod roles;
mod servers;
mod users;

use auth_core::time::Timestamp;
use auth_protocol::id::{AuditEventId, CustomerId, ServerId, UserId};
use database::{Database, Error, Statement, Transaction};

use crate::audit::{self, AuditEvent, AuditKind, Origin};
use crate::generation;

pub use changes::{Change, Changes, Kind};
pub(crate) use clients::client;
pub use database::Outcome;
pub use declaration::{
    ClientEntry, Declaration, DeclaredSecret, MembershipEntry, NewPassword, RoleEntry, ScopeEntry, ServerEntry,
    UserEntry,
};
pub use known::{Known, KnownClient, KnownUser, known};
pub(crate) use users::{INSERT_USER, user, user_row};

/// Why a declaration was not applied. Nothing of it was written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ApplyError {
    #[error("{entry}: {what} belongs to another")]
    Taken { entry: String, what: String },
    #[error("{entry}: its {what} cannot be changed")]
    Fixed { entry: String, what: &'static str },
    /// Whoever ended the secret, with [`crate::client_secret::rotate_client_secret`], may have done so because it leaked.
    #[error(
        "the secret of client {client_id} was replaced, and would count again: declare the new one, or \
         secret = {{ generate = true }}, which keeps what the client has"
    )]
    SecretEnded { server: ServerId, client_id: String },
    #[error(transparent)]
    Storage(#[from] Error),
}

#[derive(Debug, Clone, Default)]
pub struct Applied {
    pub changes: Changes,
    /// Clients whose offered secret became theirs.
    pub new_secrets: Vec<(ServerId, String)>,
    pub users: Vec<KeptUser>,
}

/// A declared user as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptUser {
    pub server_id: ServerId,
    pub username_canonical: String,
    pub user_id: UserId,
    pub customer_id: Option<CustomerId>,
}

pub async fn apply(database: &Database, declaration: &Declaration, now: Timestamp) -> Result<Applied, ApplyError> {
    let declaration = declaration.clone();
    database
        .write(move |transaction| {
            let declaration = declaration.clone();
            Box::pin(async move { write(transaction, &declaration, now).await })
        })
        .await
}

async fn write(
    transaction: &mut Transaction,
    declaration: &Declaration,
    now: Timestamp,
) -> Result<Applied, ApplyError> {
    generation::lock(transaction).await?;
    let mut applied = Applied::default();
    for entry in &declaration.servers {
        servers::server(transaction, entry, now, &mut applied.changes).await?;
    }
    for entry in &declaration.scopes {
        roles::scope(transaction, entry, &mut applied.changes).await?;
    }
    for entry in &declaration.roles {
        roles::role(transaction, entry, &mut applied.changes).await?;
    }
    for entry in &declaration.clients {
        clients::client(transaction, entry, now, &mut applied).await?;
    }
    for entry in &declaration.users {
        let kept = users::user(transaction, entry, now, &mut applied.changes).await?;
        applied.users.push(kept);
    }
    conclude(transaction, &applied.changes, now).await?;
    Ok(applied)
}

/// Whether [`apply`] would succeed now. All of it is done in a transaction that is then undone.
pub async fn rehearse(database: &Database, declaration: &Declaration, now: Timestamp) -> Result<(), ApplyError> {
    let declaration = declaration.clone();
    database
        .rehearse(move |transaction| {
            let declaration = declaration.clone();
            Box::pin(async move { write(transaction, &declaration, now).await })
        })
        .await
}

/// Auth's copy of who belongs to which account.
pub async fn apply_memberships(
    database: &Database,
    entries: &[MembershipEntry],
    now: Timestamp,
) -> Result<Changes, ApplyError> {
    let entries = entries.to_vec();
    database
        .write(move |transaction| {
            let entries = entries.clone();
            Box::pin(async move {
                generation::lock(transaction).await?;
                let mut changes = Changes::default();
                for entry in &entries {
                    memberships::membership(transaction, entry, &mut changes).await?;
                }
                conclude(transaction, &changes, now).await?;
                Ok(changes)
            })
        })
        .await
}

/// Puts every change on record, and has servers drop what they cached.
async fn conclude(transaction: &mut Transaction, changes: &Changes, now: Timestamp) -> Result<(), Error> {
    if changes.is_empty() {
        return Ok(());
    }
    generation::raise(transaction).await?;
    let generation = generation::current(transaction).await?;
    for (number, change) in (0..).zip(changes.written()) {
        audit::record(transaction, change.server_id, &event(change, generation, number, now)).await?;
    }
    Ok(())
}

fn event(change: &Change, generation: i64, number: u32, now: Timestamp) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::of_write(u64::try_from(now.millis()).unwrap_or_default(), generation, number),
        kind: AuditKind::Configured,
        actor: "configuration".to_owned(),
        subject: String::new(),
        object: format!("{} {}", change.kind.name(), change.name),
        origin: Origin::default(),
        detail: change.outcome.name().to_owned(),
        at: now,
    }
}

pub(crate) fn statements() -> Vec<&'static Statement> {
    [
        clients::STATEMENTS,
        known::STATEMENTS,
        memberships::STATEMENTS,
        roles::STATEMENTS,
        servers::STATEMENTS,
        users::STATEMENTS,
    ]
    .concat()
}
