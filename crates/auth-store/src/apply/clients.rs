use auth_core::client::KeptSecret;
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
    READ_END = "SELECT expires_at FROM client_secret \
                WHERE server_id = $1 AND client_id = $2 AND secret_hash = $3 AND expires_at IS NOT NULL";
    REMOVE_OTHER_SECRETS = "DELETE FROM client_secret \
                            WHERE server_id = $1 AND client_id = $2 AND secret_hash <> $3 AND expires_at IS NULL";
    /// These are remembered, so that no file brings them back.
    END_OTHER_SECRETS = "UPDATE client_secret SET expires_at = $4 \
                         WHERE server_id = $1 AND client_id = $2 AND secret_hash <> $3 AND expires_at > $4";
    READ_SECRETS = "SELECT secret_hash, expires_at FROM client_secret \
                    WHERE server_id = $1 AND client_id = $2 AND (expires_at IS NULL OR expires_at > $3) \
                    ORDER BY secret_hash";
    INSERT_SECRET = "INSERT INTO client_secret (server_id, client_id, secret_hash, created_at, expires_at) \
                     VALUES ($1, $2, $3, $4, $5)";
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
    check_ends(transaction, entry).await?;
    let outcome = CLIENTS.write(transaction, key, content, params![now.0]).await?;
    let changed = secret(transaction, entry, now).await?;
    if changed && matches!(entry.secret, DeclaredSecret::WhenNone(_)) {
        applied.new_secrets.push((entry.server_id, entry.client_id.clone()));
    }
    applied.changes.add(entry.server_id, Kind::Client, &entry.client_id, outcome.or_changed(changed));
    Ok(())
}

/// A secret that has an end does not get a later one, or none: it ended for a reason.
async fn check_ends(transaction: &mut Transaction, entry: &ClientEntry) -> Result<(), ApplyError> {
    let declared = match &entry.secret {
        DeclaredSecret::Is(hash) => &[KeptSecret { hash: *hash, expires_at: None }][..],
        DeclaredSecret::Are(secrets) => secrets,
        DeclaredSecret::None | DeclaredSecret::WhenNone(_) => &[],
    };
    for secret in declared {
        let values = params![entry.server_id.bytes(), &entry.client_id, secret.hash];
        let Some(found) = transaction.optional(&READ_END, values).await? else { continue };
        let end = Timestamp(found.get(0)?);
        if secret.expires_at.is_none_or(|declared| declared > end) {
            return Err(ApplyError::SecretEnded { server: entry.server_id, client_id: entry.client_id.clone() });
        }
    }
    Ok(())
}

/// Whether the client's secrets changed.
async fn secret(transaction: &mut Transaction, entry: &ClientEntry, now: Timestamp) -> Result<bool, Error> {
    let (server, client) = (entry.server_id.bytes(), &entry.client_id);
    let changed = match &entry.secret {
        DeclaredSecret::None => transaction.execute(&REMOVE_SECRETS, params![server, client]).await?,
        DeclaredSecret::Is(hash) => {
            transaction.execute(&ADD_SECRET, params![server, client, hash, now.0]).await?
                + transaction.execute(&REMOVE_OTHER_SECRETS, params![server, client, hash]).await?
                + transaction.execute(&END_OTHER_SECRETS, params![server, client, hash, now.0]).await?
        }
        DeclaredSecret::Are(secrets) => return replace(transaction, entry, secrets, now).await,
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

/// Whether they were others. Those that ended by themselves do not count.
async fn replace(
    transaction: &mut Transaction,
    entry: &ClientEntry,
    secrets: &[KeptSecret],
    now: Timestamp,
) -> Result<bool, Error> {
    let key = params![entry.server_id.bytes(), &entry.client_id];
    let mut kept = Vec::new();
    for found in transaction.rows(&READ_SECRETS, &[&key[..], params![now.0]].concat()).await? {
        kept.push((found.get::<[u8; 32]>(0)?, found.get::<Option<i64>>(1)?));
    }
    let mut declared: Vec<_> = secrets.iter().map(|secret| (secret.hash, secret.expires_at.map(|at| at.0))).collect();
    declared.sort_unstable();
    if kept == declared {
        return Ok(false);
    }
    transaction.execute(&REMOVE_SECRETS, key).await?;
    for (hash, expires_at) in declared {
        transaction.execute(&INSERT_SECRET, &[&key[..], params![hash, now.0, expires_at]].concat()).await?;
    }
    Ok(true)
}
