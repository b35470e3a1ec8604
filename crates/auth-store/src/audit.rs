//! The audit trail: who did what, for whom, on what, from where. Written in the transaction of the deed.

use auth_core::time::Timestamp;
use auth_protocol::id::{AuditEventId, ServerId};
use database::{Error, Transaction, params, statements};

statements! {
    RECORD = "INSERT INTO audit_event (server_id, event_id, kind, actor, subject, object, remote_address, request_id, \
                                       detail, happened_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditKind {
    SignedIn,
    SignInFailed,
    Locked,
    SignedOut,
    CodeReused,
    ClientSecretRotated,
    UserAdded,
    PasswordSet,
    Unlocked,
    ClientAdded,
    /// By a declarative file.
    Configured,
    SigningKeyRotated,
    SigningKeyRetired,
    KeysRewrapped,
    UsersSeeded,
}

impl AuditKind {
    const fn name(self) -> &'static str {
        match self {
            AuditKind::SignedIn => "signed_in",
            AuditKind::SignInFailed => "sign_in_failed",
            AuditKind::Locked => "locked",
            AuditKind::SignedOut => "signed_out",
            AuditKind::CodeReused => "code_reused",
            AuditKind::ClientSecretRotated => "client_secret_rotated",
            AuditKind::UserAdded => "user_added",
            AuditKind::PasswordSet => "password_set",
            AuditKind::Unlocked => "unlocked",
            AuditKind::ClientAdded => "client_added",
            AuditKind::Configured => "configured",
            AuditKind::SigningKeyRotated => "signing_key_rotated",
            AuditKind::SigningKeyRetired => "signing_key_retired",
            AuditKind::KeysRewrapped => "keys_rewrapped",
            AuditKind::UsersSeeded => "users_seeded",
        }
    }
}

/// Where a request came from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    pub remote_address: String,
    pub request_id: String,
}

/// `actor`, `subject` and `object` are ids or canonical names; `detail` is for people and holds no secret.
#[derive(Debug, Clone)]
pub struct AuditEvent {
    pub id: AuditEventId,
    pub kind: AuditKind,
    pub actor: String,
    pub subject: String,
    pub object: String,
    pub origin: Origin,
    pub detail: String,
    pub at: Timestamp,
}

pub(crate) async fn record(transaction: &mut Transaction, server: ServerId, event: &AuditEvent) -> Result<(), Error> {
    let values = params![
        server.bytes(),
        event.id.bytes(),
        event.kind.name(),
        event.actor.as_str(),
        event.subject.as_str(),
        event.object.as_str(),
        event.origin.remote_address.as_str(),
        event.origin.request_id.as_str(),
        event.detail.as_str(),
        event.at.0
    ];
    transaction.execute(&RECORD, values).await.map(|_| ())
}
