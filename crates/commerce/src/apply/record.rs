use auth_protocol::id::AuditEventId;
use database::{Error, Transaction};

use super::Changes;
use crate::audit::{AuditKind, Event, record};

/// Puts each change on record, by kind and id: names may be people's.
pub(super) async fn changes(
    transaction: &mut Transaction,
    changes: &Changes,
    generation: i64,
    now: i64,
) -> Result<(), Error> {
    for (number, change) in (0..).zip(changes.written()) {
        let event = Event {
            id: AuditEventId::of_write(u64::try_from(now / 1_000).unwrap_or_default(), generation, number),
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
