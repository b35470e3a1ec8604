//! Sweeping what has expired, in small batches, so that nothing grows for ever and no sweep holds up a sign-in. Each kind
//! is found by an index in the order in which it goes: a batch costs the same beside a thousand rows and a million.

use auth_core::time::Timestamp;
use auth_protocol::id::{AuditEventId, ServerId};
use database::{Database, Error, Fence, Statement, params, statements};

statements! {
    CODES = "DELETE FROM authorization_code WHERE server_id = $1 AND code_hash IN ( \
                 SELECT code_hash FROM authorization_code WHERE server_id = $1 AND expires_at < $2 \
                 ORDER BY expires_at LIMIT 200)";
    PUSHED = "DELETE FROM pushed_authorization WHERE server_id = $1 AND reference_hash IN ( \
                  SELECT reference_hash FROM pushed_authorization WHERE server_id = $1 AND expires_at < $2 \
                  ORDER BY expires_at LIMIT 200)";
    GRANTS = "DELETE FROM oauth_grant WHERE server_id = $1 AND grant_id IN ( \
                  SELECT grant_id FROM oauth_grant WHERE server_id = $1 AND expires_at < $2 \
                  ORDER BY expires_at LIMIT 200)";
    SESSIONS = "DELETE FROM session WHERE server_id = $1 AND session_id IN ( \
                    SELECT session_id FROM session WHERE server_id = $1 AND hard_end_at < $2 \
                    ORDER BY hard_end_at LIMIT 200)";
    FAILURES = "DELETE FROM sign_in_failure WHERE server_id = $1 AND identifier_hash IN ( \
                    SELECT identifier_hash FROM sign_in_failure \
                    WHERE server_id = $1 AND last_failed_at < $2 AND locked_at IS NULL \
                    ORDER BY last_failed_at LIMIT 200)";
    LOCKS = "DELETE FROM sign_in_failure WHERE server_id = $1 AND identifier_hash IN ( \
                 SELECT identifier_hash FROM sign_in_failure \
                 WHERE server_id = $1 AND last_failed_at < $2 AND locked_at IS NOT NULL \
                 ORDER BY last_failed_at LIMIT 200)";
    AUDIT_EVENTS = "DELETE FROM audit_event WHERE server_id = $1 AND event_id IN ( \
                        SELECT event_id FROM audit_event WHERE server_id = $1 AND event_id < $2 ORDER BY event_id LIMIT 200)";
    ASSERTIONS = "DELETE FROM client_assertion WHERE server_id = $1 AND assertion_hash IN ( \
                      SELECT assertion_hash FROM client_assertion WHERE server_id = $1 AND expires_at < $2 \
                      ORDER BY expires_at LIMIT 200)";
}

/// Rows after which a batch ends; the kind that reaches it may bring as many again.
pub const BATCH: u64 = 200;

/// What is older than these moments goes.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// By expiry. Callers leave codes a while beyond it, so that a second use of one is still recognised.
    pub expired: Timestamp,
    /// By expiry, too: they go sooner than the rest, since whoever is a public client may push, and a request is long.
    pub pushed_authorizations: Timestamp,
    /// By the last failure.
    pub failures: Timestamp,
    /// Failures that led to a lock, where no lock counts any more.
    pub locks: Timestamp,
    /// An event's id begins with its time, so that the oldest are the first by id.
    pub audit_events: Timestamp,
}

impl Before {
    fn plan(self) -> [(&'static Statement, database::Value); 8] {
        let millis = u64::try_from(self.audit_events.millis()).unwrap_or_default();
        [
            (&CODES, self.expired.0.into()),
            (&GRANTS, self.expired.0.into()),
            (&SESSIONS, self.expired.0.into()),
            (&ASSERTIONS, self.expired.0.into()),
            (&PUSHED, self.pushed_authorizations.0.into()),
            (&FAILURES, self.failures.0.into()),
            (&LOCKS, self.locks.0.into()),
            (&AUDIT_EVENTS, AuditEventId::new(millis, [0; 10]).bytes().into()),
        ]
    }
}

/// One batch of one server, in one transaction; the number of rows that went, less than [`BATCH`] when no more are old. The
/// kinds come in turns, so that one that grows as fast as it is swept keeps no other waiting. Clients' secrets that ended
/// stay, as hashes: only operators add them, and applying knows by them what not to bring back.
pub async fn batch(
    database: &Database,
    fence: &Fence,
    server: ServerId,
    before: Before,
    turn: usize,
) -> Result<u64, Error> {
    let fence = fence.clone();
    database
        .write(move |transaction| {
            let (fence, plan) = (fence.clone(), before.plan());
            Box::pin(async move {
                let mut swept = 0;
                for (statement, before) in plan.iter().cycle().skip(turn % plan.len()).take(plan.len()) {
                    swept += transaction.execute(statement, params![server.bytes(), before.clone()]).await?;
                    if swept >= BATCH {
                        break;
                    }
                }
                if swept > 0 {
                    fence.check(transaction).await?;
                }
                Ok(swept)
            })
        })
        .await
}
