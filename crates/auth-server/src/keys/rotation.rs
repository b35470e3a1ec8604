//! Signing keys as they come and go (`auth_core::signing_key`): by themselves, and as an operator asks.

use auth_core::server::Server;
use auth_core::signing_key::{Due, Rotation, RotationPolicy, due};
use auth_core::time::Span;
use auth_protocol::id::AuditEventId;
use auth_protocol::jws::Algorithm;
use auth_store::audit::{AuditEvent, AuditKind, Origin};
use auth_store::signing_key::{self, KeyDeed, RetireError};
use database::Fence;

use super::new_key::new_key;
use super::server_keys::{KeyError, KeySource};
use crate::environment::random_bytes;

/// Makes the keys that are due and erases those that nobody needs; how many those were. Decided anew behind the lock in
/// each transaction, which passes the fence.
pub async fn rotate_due(source: &KeySource<'_>, fence: &Fence, server: &Server) -> Result<usize, KeyError> {
    const ACTOR: &str = "rotation";
    let policy = RotationPolicy::of(&server.settings);
    let keys = signing_key::list(source.database, server.id).await?;
    let mut done = 0;
    for due in due(&keys, &policy, source.clock.now()) {
        let changed = match due {
            Due::Make { algorithm, .. } => {
                let key = new_key(source, algorithm).await?;
                let deed = deed(source, server, AuditKind::SigningKeyRotated, ACTOR, algorithm.name().to_owned());
                signing_key::add_successor(source.database, fence, &policy, &key, &deed).await?
            }
            Due::Erase { key_id } => {
                let deed = deed(source, server, AuditKind::SigningKeyRetired, ACTOR, "nothing it signed lives".into());
                signing_key::erase_unneeded(source.database, fence, &policy, &key_id, &deed).await?
            }
        };
        done += usize::from(changed);
    }
    Ok(done)
}

/// An operator's rotation: another key signs after `publish_ahead`. The key's id, and when it signs.
pub async fn rotate(
    source: &KeySource<'_>,
    server: &Server,
    algorithm: Algorithm,
    publish_ahead: Option<Span>,
    actor: &str,
) -> Result<(String, Rotation), KeyError> {
    let publish_ahead = publish_ahead.unwrap_or(RotationPolicy::of(&server.settings).publish_ahead);
    let key = new_key(source, algorithm).await?;
    let deed = deed(source, server, AuditKind::SigningKeyRotated, actor, algorithm.name().to_owned());
    let rotation = signing_key::rotate_now(source.database, publish_ahead, &key, &deed).await?;
    let key_id = match &rotation {
        Rotation::Make { .. } => key.key_id,
        Rotation::BringForward { key_id, .. } | Rotation::Waiting { key_id, .. } => key_id.clone(),
    };
    Ok((key_id, rotation))
}

/// Takes a key out of the key set; `at_once` also while tokens that it signed are in use.
pub async fn retire(
    source: &KeySource<'_>,
    server: &Server,
    key_id: &str,
    at_once: bool,
    actor: &str,
) -> Result<(), RetireError> {
    let detail = if at_once { "at once" } else { "not in use" };
    let deed = deed(source, server, AuditKind::SigningKeyRetired, actor, detail.to_owned());
    signing_key::retire(source.database, &RotationPolicy::of(&server.settings), key_id, at_once, &deed).await
}

fn deed(source: &KeySource<'_>, server: &Server, kind: AuditKind, actor: &str, detail: String) -> KeyDeed {
    let event = event(source, kind, actor, detail);
    KeyDeed { server: server.id, now: event.at, event }
}

pub(super) fn event(source: &KeySource<'_>, kind: AuditKind, actor: &str, detail: String) -> AuditEvent {
    let now = source.clock.now();
    AuditEvent {
        id: AuditEventId::new(u64::try_from(now.millis()).unwrap_or_default(), random_bytes(source.random)),
        kind,
        actor: actor.to_owned(),
        subject: String::new(),
        object: String::new(),
        origin: Origin::default(),
        detail,
        at: now,
    }
}
