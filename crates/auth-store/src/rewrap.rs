//! Sealing everything of a server under another master key. What is written was sealed by the caller; each row repeats
//! which key it lay under before, so that nothing is written over that changed meanwhile.

use auth_protocol::id::ServerId;
use database::{Database, Error, params, statements};

use crate::audit::{self, AuditEvent};
use crate::generation;
use crate::signing_key::Sealed;

statements! {
    KEYS_OF_OTHERS = "SELECT key_id, private_key, master_key_id FROM signing_key \
                      WHERE server_id = $1 AND retired_at IS NULL AND master_key_id <> $2 ORDER BY key_id";
    SECRETS_OF_OTHERS = "SELECT purpose, secret, master_key_id FROM server_secret \
                         WHERE server_id = $1 AND master_key_id <> $2 ORDER BY purpose";
    REWRAP_KEY = "UPDATE signing_key SET private_key = $3, master_key_id = $4 \
                  WHERE server_id = $1 AND key_id = $2 AND retired_at IS NULL AND master_key_id = $5";
    REWRAP_SECRET = "UPDATE server_secret SET secret = $3, master_key_id = $4 \
                     WHERE server_id = $1 AND purpose = $2 AND master_key_id = $5";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// By its id.
    SigningKey(String),
    /// By its purpose.
    Secret(String),
}

#[derive(Debug, Clone)]
pub struct SealedRow {
    pub row: Row,
    pub sealed: Sealed,
}

/// What lies under another master key than this one, or under one that is not named.
pub async fn rows_of_others(
    database: &Database,
    server: ServerId,
    master_key_id: &str,
) -> Result<Vec<SealedRow>, Error> {
    let values = params![server.bytes(), master_key_id];
    let keys = database.read_rows(&KEYS_OF_OTHERS, values).await?;
    let secrets = database.read_rows(&SECRETS_OF_OTHERS, values).await?;
    let read = |found: &database::Row, row: fn(String) -> Row| {
        let sealed = Sealed { bytes: found.get(1)?, master_key_id: found.get(2)? };
        Ok(SealedRow { row: row(found.get(0)?), sealed })
    };
    let keys = keys.iter().map(|found| read(found, Row::SigningKey));
    keys.chain(secrets.iter().map(|found| read(found, Row::Secret))).collect()
}

/// Each row with what it is to hold. One transaction, in which the generation rises; how many rows were written.
pub async fn rewrap(
    database: &Database,
    server: ServerId,
    rows: Vec<(SealedRow, Sealed)>,
    event: AuditEvent,
) -> Result<u64, Error> {
    database
        .write(move |transaction| {
            let (rows, event) = (rows.clone(), event.clone());
            Box::pin(async move {
                generation::lock(transaction).await?;
                let mut written = 0;
                for (SealedRow { row, sealed: former }, Sealed { master_key_id, bytes }) in rows {
                    let (statement, key) = match row {
                        Row::SigningKey(id) => (&REWRAP_KEY, id),
                        Row::Secret(purpose) => (&REWRAP_SECRET, purpose),
                    };
                    let values = params![server.bytes(), key, bytes, master_key_id, former.master_key_id];
                    written += transaction.execute(statement, values).await?;
                }
                generation::raise(transaction).await?;
                audit::record(transaction, server, &event).await?;
                Ok(written)
            })
        })
        .await
}
