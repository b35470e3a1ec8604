//! Keys of a server, sealed under the master key: nothing here can be used without it (rule 12).

use auth_core::time::Timestamp;
use auth_protocol::id::ServerId;
use auth_protocol::jws::Algorithm;
use database::{Database, Error, Row, params, statements};

use crate::generation;
use crate::row;

statements! {
    KEYS = "SELECT key_id, algorithm, private_key FROM signing_key \
            WHERE server_id = $1 AND retired_at IS NULL ORDER BY created_at DESC, key_id";
    ADD_FIRST_KEY = "INSERT INTO signing_key (server_id, key_id, algorithm, private_key, created_at) \
                     SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS ( \
                         SELECT 1 FROM signing_key WHERE server_id = $1 AND algorithm = $3 AND retired_at IS NULL)";
    EVERY_KEY = "SELECT key_id, algorithm, created_at, retired_at FROM signing_key \
                 WHERE server_id = $1 ORDER BY created_at DESC, key_id";
    EVERY_SECRET = "SELECT purpose, secret FROM server_secret WHERE server_id = $1 ORDER BY purpose";
    SECRET = "SELECT secret FROM server_secret WHERE server_id = $1 AND purpose = $2";
    ADD_SECRET = "INSERT INTO server_secret (server_id, purpose, secret, created_at) VALUES ($1, $2, $3, $4) \
                  ON CONFLICT DO NOTHING";
}

#[derive(Debug, Clone)]
pub struct SealedKey {
    pub key_id: String,
    pub algorithm: Algorithm,
    pub sealed_private_key: Vec<u8>,
}

/// Newest first: the first of an algorithm signs, all verify.
pub async fn keys(database: &Database, server: ServerId) -> Result<Vec<SealedKey>, Error> {
    let rows = database.read_rows(&KEYS, params![server.bytes()]).await?;
    rows.iter()
        .map(|found| {
            Ok(SealedKey { key_id: found.get(0)?, algorithm: algorithm(found)?, sealed_private_key: found.get(2)? })
        })
        .collect()
}

/// A key as operators see it: nothing of it is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    pub key_id: String,
    pub algorithm: Algorithm,
    pub created_at: Timestamp,
    pub retired_at: Option<Timestamp>,
}

/// Retired ones too, newest first.
pub async fn list(database: &Database, server: ServerId) -> Result<Vec<ListedKey>, Error> {
    let rows = database.read_rows(&EVERY_KEY, params![server.bytes()]).await?;
    rows.iter()
        .map(|found| {
            Ok(ListedKey {
                key_id: found.get(0)?,
                algorithm: algorithm(found)?,
                created_at: row::time(found, 2)?,
                retired_at: row::optional_time(found, 3)?,
            })
        })
        .collect()
}

fn algorithm(found: &Row) -> Result<Algorithm, Error> {
    Algorithm::from_name(&found.get::<String>(1)?).ok_or_else(|| row::unreadable(1, "unknown algorithm"))
}

/// Keeps the key unless the server has one of its algorithm: of several nodes that make a first key at once one wins, and
/// the others take its key. True for the winner. The generation rises, so that every node publishes the key.
pub async fn add_first_key(
    database: &Database,
    server: ServerId,
    key: &SealedKey,
    now: Timestamp,
) -> Result<bool, Error> {
    let key = key.clone();
    database
        .write(move |transaction| {
            let SealedKey { key_id, algorithm, sealed_private_key } = key.clone();
            Box::pin(async move {
                generation::lock(transaction).await?;
                let values = params![server.bytes(), key_id, algorithm.name(), sealed_private_key, now.0];
                let won = transaction.execute(&ADD_FIRST_KEY, values).await? == 1;
                if won {
                    generation::raise(transaction).await?;
                }
                Ok(won)
            })
        })
        .await
}

/// Every sealed secret, with its purpose.
pub async fn secrets(database: &Database, server: ServerId) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let rows = database.read_rows(&EVERY_SECRET, params![server.bytes()]).await?;
    rows.iter().map(|found| Ok((found.get(0)?, found.get(1)?))).collect()
}

/// The sealed secret for a purpose; `candidate` becomes it when there is none yet, whoever comes first.
pub async fn secret(
    database: &Database,
    server: ServerId,
    purpose: &'static str,
    candidate: Vec<u8>,
    now: Timestamp,
) -> Result<Vec<u8>, Error> {
    if let Some(found) = database.read_optional(&SECRET, params![server.bytes(), purpose]).await? {
        return found.get(0);
    }
    database
        .write(move |transaction| {
            let candidate = candidate.clone();
            Box::pin(async move {
                transaction.execute(&ADD_SECRET, params![server.bytes(), purpose, candidate, now.0]).await?;
                transaction.one(&SECRET, params![server.bytes(), purpose]).await?.get(0)
            })
        })
        .await
}
