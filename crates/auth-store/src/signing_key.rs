//! Signing keys of a server, sealed under the master key: nothing here can be used without it (rule 12). What is to be
//! done with them, `auth_core::signing_key` decides, on rows that are read behind the generation's lock: two nodes, or a
//! node and an operator, never decide on the same rows at once.

use auth_core::signing_key::{Due, Key, RetireRefusal, Rotation, RotationPolicy, due, retire as may_retire, rotate};
use auth_core::time::{Span, Timestamp};
use auth_protocol::id::ServerId;
use auth_protocol::jws::Algorithm;
use database::{Database, Error, Fence, Row, Transaction, params, statements};

use crate::audit::{self, AuditEvent};
use crate::{generation, row};

statements! {
    KEYS = "SELECT key_id, algorithm, created_at, activates_at, retired_at, private_key, master_key_id FROM signing_key \
            WHERE server_id = $1 AND retired_at IS NULL ORDER BY activates_at DESC, created_at DESC, key_id DESC";
    EVERY_KEY = "SELECT key_id, algorithm, created_at, activates_at, retired_at FROM signing_key \
                 WHERE server_id = $1 ORDER BY created_at DESC, key_id DESC";
    ADD_FIRST_KEY = "INSERT INTO signing_key \
                         (server_id, key_id, algorithm, private_key, master_key_id, created_at, activates_at) \
                     SELECT $1, $2, $3, $4, $5, $6, $6 WHERE NOT EXISTS ( \
                         SELECT 1 FROM signing_key WHERE server_id = $1 AND algorithm = $3 AND retired_at IS NULL)";
    /// A key id that was ever there is not taken again.
    ADD_KEY = "INSERT INTO signing_key \
                   (server_id, key_id, algorithm, private_key, master_key_id, created_at, activates_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    BRING_FORWARD = "UPDATE signing_key SET activates_at = $3 \
                     WHERE server_id = $1 AND key_id = $2 AND retired_at IS NULL AND activates_at > $3";
    RETIRE = "UPDATE signing_key SET retired_at = $3, private_key = $4 \
              WHERE server_id = $1 AND key_id = $2 AND retired_at IS NULL";
}

/// What lies encrypted in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Empty for what was sealed before master keys had names.
    pub master_key_id: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone)]
pub struct SealedKey {
    pub key: Key,
    pub private_key: Sealed,
}

/// One that was made just now.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub key_id: String,
    pub algorithm: Algorithm,
    pub private_key: Sealed,
}

fn read_key(found: &Row) -> Result<Key, Error> {
    let algorithm = Algorithm::from_name(&found.get::<String>(1)?);
    Ok(Key {
        key_id: found.get(0)?,
        algorithm: algorithm.ok_or_else(|| row::unreadable(1, "unknown algorithm"))?,
        created_at: row::time(found, 2)?,
        activates_at: row::time(found, 3)?,
        retired_at: row::optional_time(found, 4)?,
    })
}

/// Those that are not erased, the one that signs last first.
pub async fn keys(database: &Database, server: ServerId) -> Result<Vec<SealedKey>, Error> {
    let rows = database.read_rows(&KEYS, params![server.bytes()]).await?;
    rows.iter()
        .map(|found| {
            let private_key = Sealed { bytes: found.get(5)?, master_key_id: found.get(6)? };
            Ok(SealedKey { key: read_key(found)?, private_key })
        })
        .collect()
}

/// Erased ones too, newest first. Nothing of it is secret.
pub async fn list(database: &Database, server: ServerId) -> Result<Vec<Key>, Error> {
    database.read_rows(&EVERY_KEY, params![server.bytes()]).await?.iter().map(read_key).collect()
}

async fn list_locked(transaction: &mut Transaction, server: ServerId) -> Result<Vec<Key>, Error> {
    generation::lock(transaction).await?;
    transaction.rows(&EVERY_KEY, params![server.bytes()]).await?.iter().map(read_key).collect()
}

/// Keeps the key unless the server has one of its algorithm: of several nodes that make a first key at once one wins, and
/// the others take its key. True for the winner. The generation rises, so that every node publishes the key.
pub async fn add_first_key(database: &Database, server: ServerId, key: &NewKey, now: Timestamp) -> Result<bool, Error> {
    let key = key.clone();
    database
        .write(move |transaction| {
            let NewKey { key_id, algorithm, private_key } = key.clone();
            Box::pin(async move {
                generation::lock(transaction).await?;
                let Sealed { master_key_id, bytes } = private_key;
                let values = params![server.bytes(), key_id, algorithm.name(), bytes, master_key_id, now.0];
                let won = transaction.execute(&ADD_FIRST_KEY, values).await? == 1;
                if won {
                    generation::raise(transaction).await?;
                }
                Ok(won)
            })
        })
        .await
}

async fn add(
    transaction: &mut Transaction,
    server: ServerId,
    key: NewKey,
    activates_at: Timestamp,
    now: Timestamp,
) -> Result<bool, Error> {
    let NewKey { key_id, algorithm, private_key: Sealed { master_key_id, bytes } } = key;
    let values = params![server.bytes(), key_id, algorithm.name(), bytes, master_key_id, now.0, activates_at.0];
    Ok(transaction.execute(&ADD_KEY, values).await? == 1)
}

/// Who makes, moves or retires a key, and when.
#[derive(Debug, Clone)]
pub struct KeyDeed {
    pub server: ServerId,
    /// Its object is set to the key that it comes to be about.
    pub event: AuditEvent,
    pub now: Timestamp,
}

impl KeyDeed {
    async fn record(&self, transaction: &mut Transaction, key_id: &str) -> Result<(), Error> {
        let event = AuditEvent { object: key_id.to_owned(), ..self.event.clone() };
        audit::record(transaction, self.server, &event).await?;
        generation::raise(transaction).await
    }
}

/// Keeps `key` as the successor that is due, if one still is. Of several nodes at once one wins.
pub async fn add_successor(
    database: &Database,
    fence: &Fence,
    policy: &RotationPolicy,
    key: &NewKey,
    deed: &KeyDeed,
) -> Result<bool, Error> {
    let (fence, policy, key, deed) = (fence.clone(), *policy, key.clone(), deed.clone());
    database
        .write(move |transaction| {
            let (fence, key, deed) = (fence.clone(), key.clone(), deed.clone());
            Box::pin(async move {
                let keys = list_locked(transaction, deed.server).await?;
                let due = due(&keys, &policy, deed.now).into_iter().find_map(|due| match due {
                    Due::Make { algorithm, activates_at } if algorithm == key.algorithm => Some(activates_at),
                    _ => None,
                });
                let (Some(activates_at), key_id) = (due, key.key_id.clone()) else { return Ok(false) };
                let added = add(transaction, deed.server, key, activates_at, deed.now).await?;
                if added {
                    fence.check(transaction).await?;
                    deed.record(transaction, &key_id).await?;
                }
                Ok(added)
            })
        })
        .await
}

/// An operator wants another key to sign; `key` is kept when none is published already.
pub async fn rotate_now(
    database: &Database,
    publish_ahead: Span,
    key: &NewKey,
    deed: &KeyDeed,
) -> Result<Rotation, Error> {
    let (key, deed) = (key.clone(), deed.clone());
    database
        .write(move |transaction| {
            let (key, deed) = (key.clone(), deed.clone());
            Box::pin(async move {
                let keys = list_locked(transaction, deed.server).await?;
                let rotation = rotate(&keys, key.algorithm, publish_ahead, deed.now);
                let changed = match &rotation {
                    Rotation::Make { activates_at } => {
                        let key_id = key.key_id.clone();
                        add(transaction, deed.server, key, *activates_at, deed.now).await?.then_some(key_id)
                    }
                    Rotation::BringForward { key_id, activates_at } => {
                        let values = params![deed.server.bytes(), key_id, activates_at.0];
                        (transaction.execute(&BRING_FORWARD, values).await? == 1).then(|| key_id.clone())
                    }
                    Rotation::Waiting { .. } => None,
                };
                if let Some(key_id) = changed {
                    deed.record(transaction, &key_id).await?;
                }
                Ok(rotation)
            })
        })
        .await
}

#[derive(Debug, Clone, thiserror::Error)]
pub enum RetireError {
    #[error(transparent)]
    Refused(#[from] RetireRefusal),
    #[error(transparent)]
    Storage(#[from] Error),
}

/// Takes a key out of the key set and erases its private half. `at_once` also one whose tokens are in use still.
pub async fn retire(
    database: &Database,
    policy: &RotationPolicy,
    key_id: &str,
    at_once: bool,
    deed: &KeyDeed,
) -> Result<(), RetireError> {
    let (policy, key_id, deed) = (*policy, key_id.to_owned(), deed.clone());
    database
        .write(move |transaction| {
            let (key_id, deed) = (key_id.clone(), deed.clone());
            Box::pin(async move {
                let keys = list_locked(transaction, deed.server).await?;
                for over in may_retire(&keys, &key_id, at_once, &policy, deed.now)? {
                    erase(transaction, &deed, &over).await?;
                }
                Ok(deed.record(transaction, &key_id).await?)
            })
        })
        .await
}

async fn erase(transaction: &mut Transaction, deed: &KeyDeed, key_id: &str) -> Result<bool, Error> {
    let values = params![deed.server.bytes(), key_id, deed.now.0, Vec::<u8>::new()];
    Ok(transaction.execute(&RETIRE, values).await? == 1)
}

/// Erases one key that nobody needs any more, if that is still so.
pub async fn erase_unneeded(
    database: &Database,
    fence: &Fence,
    policy: &RotationPolicy,
    key_id: &str,
    deed: &KeyDeed,
) -> Result<bool, Error> {
    let (fence, policy, deed) = (fence.clone(), *policy, deed.clone());
    let (key_id, unneeded) = (key_id.to_owned(), Due::Erase { key_id: key_id.to_owned() });
    database
        .write(move |transaction| {
            let (fence, key_id, unneeded, deed) = (fence.clone(), key_id.clone(), unneeded.clone(), deed.clone());
            Box::pin(async move {
                let keys = list_locked(transaction, deed.server).await?;
                if !due(&keys, &policy, deed.now).contains(&unneeded) {
                    return Ok(false);
                }
                let erased = erase(transaction, &deed, &key_id).await?;
                if erased {
                    fence.check(transaction).await?;
                    deed.record(transaction, &key_id).await?;
                }
                Ok(erased)
            })
        })
        .await
}
