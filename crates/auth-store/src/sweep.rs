//! Sweeping what has expired, in small batches, so that nothing grows for ever and no sweep holds up a sign-in.

use auth_core::time::Timestamp;
use auth_protocol::id::{AuditEventId, ServerId};
use database::{Database, Error, Statement, params, statements};

statements! {
    CODES = "DELETE FROM authorization_code WHERE server_id = $1 AND code_hash IN ( \
                 SELECT code_hash FROM authorization_code WHERE server_id = $1 AND expires_at < $2 LIMIT 200)";
    PUSHED = "DELETE FROM pushed_authorization WHERE server_id = $1 AND reference_hash IN ( \
                  SELECT reference_hash FROM pushed_authorization WHERE server_id = $1 AND expires_at < $2 LIMIT 200)";
    GRANTS = "DELETE FROM oauth_grant WHERE server_id = $1 AND grant_id IN ( \
                  SELECT grant_id FROM oauth_grant WHERE server_id = $1 AND expires_at < $2 LIMIT 200)";
    SESSIONS = "DELETE FROM session WHERE server_id = $1 AND session_id IN ( \
                    SELECT session_id FROM session WHERE server_id = $1 AND hard_end_at < $2 LIMIT 200)";
    FAILURES = "DELETE FROM sign_in_failure WHERE server_id = $1 AND identifier_hash IN ( \
                    SELECT identifier_hash FROM sign_in_failure \
                    WHERE server_id = $1 AND last_failed_at < $2 AND locked_at IS NULL LIMIT 200)";
    LOCKS = "DELETE FROM sign_in_failure WHERE server_id = $1 AND identifier_hash IN ( \
                 SELECT identifier_hash FROM sign_in_failure \
                 WHERE server_id = $1 AND last_failed_at < $2 AND locked_at IS NOT NULL LIMIT 200)";
    AUDIT_EVENTS = "DELETE FROM audit_event WHERE server_id = $1 AND event_id IN ( \
                        SELECT event_id FROM audit_event WHERE server_id = $1 AND event_id < $2 ORDER BY event_id LIMIT 200)";
    ASSERTIONS = "DELETE FROM client_assertion WHERE server_id = $1 AND assertion_hash IN ( \
                      SELECT assertion_hash FROM client_assertion WHERE server_id = $1 AND expires_at < $2 LIMIT 200)";
}

/// Up to 200 events that are older than `before`; how many went. An event's id begins with its time, so that the oldest
/// are the first by id.
pub async fn audit_events(database: &Database, server: ServerId, before: Timestamp) -> Result<u64, Error> {
    let Ok(before) = u64::try_from(before.millis()) else { return Ok(0) };
    let before = AuditEventId::new(before, [0; 10]);
    database.execute(&AUDIT_EVENTS, params![server.bytes(), before.bytes()]).await
}

/// One batch of pushed requests that expired before `before`; how many went. They go sooner than the rest: whoever is a
/// public client may push, and a request is long.
pub async fn pushed_authorizations(database: &Database, server: ServerId, before: Timestamp) -> Result<u64, Error> {
    database.execute(&PUSHED, params![server.bytes(), before.0]).await
}

/// One batch of each other kind; the number of rows that went. Callers leave codes a while beyond their expiry, so that a
/// second use of one is still recognised. Failures go when the last one is older than `failures_before`, those that led to
/// a lock when it is older than `locks_before`, which is where no lock counts any more. Clients' secrets that ended stay, as
/// hashes: only operators add them, and applying knows by them what not to bring back.
pub async fn batch(
    database: &Database,
    server: ServerId,
    expired_before: Timestamp,
    failures_before: Timestamp,
    locks_before: Timestamp,
) -> Result<u64, Error> {
    let plan: [(&Statement, Timestamp); 6] = [
        (&CODES, expired_before),
        (&GRANTS, expired_before),
        (&SESSIONS, expired_before),
        (&FAILURES, failures_before),
        (&LOCKS, locks_before),
        (&ASSERTIONS, expired_before),
    ];
    let mut swept = 0;
    for (statement, before) in plan {
        swept += database.execute(statement, params![server.bytes(), before.0]).await?;
    }
    Ok(swept)
}
