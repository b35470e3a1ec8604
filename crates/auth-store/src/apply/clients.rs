use auth_core::time::Timestamp;
use database::{DeclaredTable, Error, Transaction, params, statements};

use crate::client_secret::{ADD_SECRET, COUNT_SECRETS};

use super::json::json;
use super::{Applied, ApplyError, ClientEntry, DeclaredSecret, Kind};

statements! {
    READ_CLIENT = "SELECT settings, enabled FROM client WHERE server_id = $1 AND client_id = $2";
    INSERT_CLIENT = "INSERT INTO client (server_id, client_id, settings, enabled, created_at, updated_at) \
                     VALUES ($1, $2, $3, $4, $5, $5)";
    UPDATE_CLIENT = "UPDATE client SET settings = $3, enabled = $4, updated_at = $5 WHERE server_id = $1 AND client_id = $2";
    REMOVE_OTHER_SECRETS = "DELETE FROM client_secret WHERE server_id = $1 AND client_id = $2 AND secret_hash <> $3";
    REMOVE_SECRETS = "DELETE FROM client_secret WHERE server_id = $1 AND client_id = $2";
}

const CLIENTS: DeclaredTable = DeclaredTable { read: &READ_CLIENT, insert: &INSERT_CLIENT, update: &UPDATE_CLIENT };

pub(crate) async fn client(
    transaction: &mut Transaction,
    entry: &ClientEntry,
    now: Timestamp,
    applied: &mut Applied,
) -> Result<(), ApplyError> {
    let key = params![entry.server_id.bytes(), &entry.client_id];
    let content = params![json(&entry.settings)?, entry.enabled];
    let outcome = CLIENTS.write(transaction, key, content, params![now.0]).await?;
    let changed = secret(transaction, entry, now).await?;
    if changed && matches!(entry.secret, DeclaredSecret::WhenNone(_)) {
        applied.new_secrets.push((entry.server_id, entry.client_id.clone()));
    }
    applied.changes.add(Kind::Client, &entry.client_id, outcome.or_changed(changed));
    Ok(())
}

/// Whether the client's secrets changed.
async fn secret(transaction: &mut Transaction, entry: &ClientEntry, now: Timestamp) -> Result<bool, Error> {
    let (server, client) = (entry.server_id.bytes(), &entry.client_id);
    let changed = match entry.secret {
        DeclaredSecret::None => transaction.execute(&REMOVE_SECRETS, params![server, client]).await?,
        DeclaredSecret::Is(hash) => {
            transaction.execute(&ADD_SECRET, params![server, client, hash, now.0]).await?
                + transaction.execute(&REMOVE_OTHER_SECRETS, params![server, client, hash]).await?
        }
        DeclaredSecret::WhenNone(hash) => {
            let counting = transaction.one(&COUNT_SECRETS, params![server, client, now.0]).await?;
            match counting.get::<i64>(0)? {
                0 => transaction.execute(&ADD_SECRET, params![server, client, hash, now.0]).await?,
                _ => 0,
            }
        }
    };
    Ok(changed > 0)
}
