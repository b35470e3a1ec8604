//! Signing out.

use auth_core::time::Timestamp;
use auth_protocol::id::{ServerId, SessionId};
use database::{Database, Error};

use crate::audit::{self, AuditEvent};
use crate::session;

/// Ends a session and what rests on it; false when it was over already, which is as good.
pub async fn sign_out(
    database: &Database,
    server: ServerId,
    session: SessionId,
    event: AuditEvent,
    now: Timestamp,
) -> Result<bool, Error> {
    database
        .write(move |transaction| {
            let event = event.clone();
            Box::pin(async move {
                let ended = session::end(transaction, server, session, now).await?;
                if ended {
                    audit::record(transaction, server, &event).await?;
                }
                Ok(ended)
            })
        })
        .await
}
