//! What an operator does with authorized clients, beside declaring them.

use auth_core::time::Timestamp;
use database::{Database, Error, params, statements};

use crate::apply::{self, Applied, ApplyError, ClientEntry};
use crate::audit::{self, AuditEvent};
use crate::generation;

statements! {
    IS_THERE = "SELECT client_id FROM client WHERE server_id = $1 AND client_id = $2";
}

/// Why no client was added. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AddClientError {
    #[error("there is a client of this name already")]
    Taken,
    #[error(transparent)]
    Storage(#[from] Error),
}

/// A client that is not there yet. Raising the generation first makes operators go one after the other.
pub async fn add(
    database: &Database,
    entry: ClientEntry,
    event: AuditEvent,
    now: Timestamp,
) -> Result<(), AddClientError> {
    database
        .write(move |transaction| {
            let (entry, event) = (entry.clone(), event.clone());
            Box::pin(async move {
                generation::raise(transaction).await?;
                let key = params![entry.server_id.bytes(), &entry.client_id];
                if transaction.optional(&IS_THERE, key).await?.is_some() {
                    return Err(AddClientError::Taken);
                }
                let added = apply::client(transaction, &entry, now, &mut Applied::default()).await;
                added.map_err(|error| match error {
                    ApplyError::Storage(error) => AddClientError::Storage(error),
                    ApplyError::Taken { .. } | ApplyError::Fixed { .. } | ApplyError::SecretEnded { .. } => {
                        AddClientError::Taken
                    }
                })?;
                Ok(audit::record(transaction, entry.server_id, &event).await?)
            })
        })
        .await
}
