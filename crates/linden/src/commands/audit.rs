//! What a command puts on record: who sat at the terminal is the machine's to know, so the actor is the command line.

use auth_core::time::Timestamp;
use auth_protocol::id::AuditEventId;
use auth_server::environment::{Random, SystemRandom, random_bytes};
use auth_store::audit::{AuditEvent, AuditKind, Origin};

pub const ACTOR: &str = "command line";

/// `subject` is the user it is done to, if any, `object` what is written; `detail` is for people.
pub fn event(kind: AuditKind, subject: &str, object: &str, detail: String, now: Timestamp) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::new(unix_millis(now), random_bytes(random())),
        kind,
        actor: ACTOR.to_owned(),
        subject: subject.to_owned(),
        object: object.to_owned(),
        origin: Origin::default(),
        detail,
        at: now,
    }
}

pub fn unix_millis(now: Timestamp) -> u64 {
    u64::try_from(now.millis()).unwrap_or_default()
}

fn random() -> &'static dyn Random {
    &SystemRandom
}
