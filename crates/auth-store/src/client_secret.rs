//! Secrets of clients while they change: the new one counts at once, the former ones until an overlap is over, so that
//! no deployment has to change on both sides at the same moment.

use auth_core::client::{Client, ClientSettings, LONGEST_SECRET_OVERLAP, MOST_SECRETS};
use auth_core::time::{Span, Timestamp};
use auth_protocol::id::ServerId;
use database::{Database, Error, Transaction, params, statements};

use crate::audit::{self, AuditEvent};
use crate::{generation, row};

statements! {
    SETTINGS = "SELECT settings FROM client WHERE server_id = $1 AND client_id = $2";
    pub(crate) COUNT_SECRETS = "SELECT count(*) AS secrets FROM client_secret \
                                WHERE server_id = $1 AND client_id = $2 AND (expires_at IS NULL OR expires_at > $3)";
    /// One that was on its way out counts again, for good.
    pub(crate) ADD_SECRET = "INSERT INTO client_secret (server_id, client_id, secret_hash, created_at) \
                             VALUES ($1, $2, $3, $4) \
                             ON CONFLICT (server_id, client_id, secret_hash) DO UPDATE SET expires_at = NULL \
                             WHERE client_secret.expires_at IS NOT NULL";
    END_OTHERS = "UPDATE client_secret SET expires_at = $4 \
                  WHERE server_id = $1 AND client_id = $2 AND secret_hash <> $3 \
                    AND (expires_at IS NULL OR expires_at > $4)";
}

#[derive(Debug, Clone, thiserror::Error)]
pub enum RotateError {
    #[error("there is no such client")]
    UnknownClient,
    #[error("this client authenticates without a secret")]
    TakesNoSecret,
    #[error("the overlap is not between 0 and 90 days")]
    Overlap,
    #[error("{MOST_SECRETS} secrets of this client count already: wait until one ends, or give a shorter overlap")]
    TooMany,
    #[error(transparent)]
    Storage(#[from] Error),
}

/// What became of the secrets that the client had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// How many still count beside the new one.
    pub former: usize,
    /// When the last of them ends at the latest.
    pub former_end_at: Timestamp,
}

/// Gives the client another secret, by its hash ([`auth_core::client::ClientSecret`] makes one), and lets those that it
/// had end after `overlap`; with [`Span`] 0 at once. Raises the generation, so that every running server follows.
pub async fn rotate_client_secret(
    database: &Database,
    server: ServerId,
    client_id: &str,
    secret_hash: [u8; 32],
    overlap: Span,
    event: AuditEvent,
    now: Timestamp,
) -> Result<Rotated, RotateError> {
    if !(Span(0)..=LONGEST_SECRET_OVERLAP).contains(&overlap) {
        return Err(RotateError::Overlap);
    }
    let client_id = client_id.to_owned();
    let former_end_at = now + overlap;
    database
        .write(move |transaction| {
            let (client_id, event) = (client_id.clone(), event.clone());
            Box::pin(async move {
                // First, since it locks: two rotations of one client go one after the other.
                generation::raise(transaction).await?;
                check_client(transaction, server, &client_id).await?;
                let former = params![server.bytes(), &client_id, secret_hash, former_end_at.0];
                transaction.execute(&END_OTHERS, former).await?;
                let added = params![server.bytes(), &client_id, secret_hash, now.0];
                transaction.execute(&ADD_SECRET, added).await?;
                let counting = params![server.bytes(), &client_id, now.0];
                let counting: i64 = transaction.one(&COUNT_SECRETS, counting).await?.get(0)?;
                let counting = usize::try_from(counting).unwrap_or(usize::MAX);
                if counting > MOST_SECRETS {
                    return Err(RotateError::TooMany);
                }
                audit::record(transaction, server, &event).await?;
                Ok(Rotated { former: counting.saturating_sub(1), former_end_at })
            })
        })
        .await
}

async fn check_client(transaction: &mut Transaction, server: ServerId, client_id: &str) -> Result<(), RotateError> {
    let found = transaction.optional(&SETTINGS, params![server.bytes(), client_id]).await?;
    let settings: ClientSettings = row::json(&found.ok_or(RotateError::UnknownClient)?, 0)?;
    let client = Client { client_id: client_id.to_owned(), enabled: true, settings, secrets: Vec::new() };
    if client.takes_secret() { Ok(()) } else { Err(RotateError::TakesNoSecret) }
}
