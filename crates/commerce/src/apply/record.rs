use auth_protocol::id::AuditEventId;
use database::{Error, Transaction};

use super::Changes;
use crate::audit::{AuditKind, Event, record};

/// Puts each change on record. An event's id is the only one of its generation and number, so that it needs no randomness.
/// It tells what was changed by kind and id: names may be people's.
pub(super) async fn changes(
    transaction: &mut Transaction,
    changes: &Changes,
    generation: i64,
    now: i64,
) -> Result<(), Error> {
    for (number, change) in (0_u32..).zip(changes.written()) {
        let mut place = [0; 10];
        place[..6].copy_from_slice(&generation.to_be_bytes()[2..]);
        place[6..].copy_from_slice(&number.to_be_bytes());
        let event = Event {
            id: AuditEventId::new(u64::try_from(now / 1_000).unwrap_or_default(), place),
            tenant: change.tenant_id,
            kind: AuditKind::Configured,
            actor: "configuration",
            subject: "",
            object: &format!("{} {}", change.kind.name(), change.id),
            remote_address: "",
            request_id: "",
            detail: change.outcome.name(),
            at: now,
        };
        record(transaction, event).await?;
    }
    Ok(())
}
