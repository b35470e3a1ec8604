//! Old events go, in small batches, so that the trail does not grow for ever and no sweep holds up a shopper.

use auth_protocol::id::AuditEventId;
use database::{Database, Error, Fence, params, statements};

statements! {
    TENANTS = "SELECT tenant_id FROM tenant ORDER BY tenant_id";
    OLDEST = "SELECT event_id FROM audit_event WHERE tenant_id = $1 AND event_id < $2 ORDER BY event_id LIMIT 200";
    FORGET = "DELETE FROM audit_event WHERE tenant_id = $1 AND event_id <= $2";
}

const MICROS_A_DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// How long events are kept.
const KEPT: i64 = 180 * MICROS_A_DAY;

/// Deletes up to 200 events of each tenant that are older than 180 days, and tells how many. `now` is in microseconds
/// since the epoch. An event's id begins with its time, so the oldest are the first by id.
pub async fn sweep(database: &Database, fence: &Fence, now: i64) -> Result<u64, Error> {
    let Ok(before) = u64::try_from((now - KEPT) / 1_000) else { return Ok(0) };
    let before = AuditEventId::new(before, [0; 10]);
    let mut swept = 0;
    for tenant in database.read_rows(&TENANTS, params![]).await? {
        let tenant: [u8; 16] = tenant.get(0)?;
        let oldest = database.read_rows(&OLDEST, params![tenant, before.bytes()]).await?;
        if let Some(last) = oldest.last() {
            swept += fence.execute(database, &FORGET, params![tenant, last.get::<[u8; 16]>(0)?]).await?;
        }
    }
    Ok(swept)
}
