//! Secrets of a server, one for a purpose, sealed under the master key (rule 12).

use auth_core::time::Timestamp;
use auth_protocol::id::ServerId;
use database::{Database, Error, Row, params, statements};

use crate::signing_key::Sealed;

statements! {
    EVERY_SECRET = "SELECT purpose, secret, master_key_id FROM server_secret WHERE server_id = $1 ORDER BY purpose";
    SECRET = "SELECT secret, master_key_id FROM server_secret WHERE server_id = $1 AND purpose = $2";
    ADD_SECRET = "INSERT INTO server_secret (server_id, purpose, secret, master_key_id, created_at) \
                  VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
}

/// Every sealed secret, with its purpose.
pub async fn all(database: &Database, server: ServerId) -> Result<Vec<(String, Sealed)>, Error> {
    let rows = database.read_rows(&EVERY_SECRET, params![server.bytes()]).await?;
    rows.iter().map(|found| Ok((found.get(0)?, sealed(found, 1)?))).collect()
}

fn sealed(found: &Row, column: usize) -> Result<Sealed, Error> {
    Ok(Sealed { bytes: found.get(column)?, master_key_id: found.get(column + 1)? })
}

/// The sealed secret for a purpose; `candidate` becomes it when there is none yet, whoever comes first.
pub async fn find_or_add(
    database: &Database,
    server: ServerId,
    purpose: &'static str,
    candidate: Sealed,
    now: Timestamp,
) -> Result<Sealed, Error> {
    if let Some(found) = database.read_optional(&SECRET, params![server.bytes(), purpose]).await? {
        return sealed(&found, 0);
    }
    database
        .write(move |transaction| {
            let Sealed { bytes, master_key_id } = candidate.clone();
            Box::pin(async move {
                let added = params![server.bytes(), purpose, bytes, master_key_id, now.0];
                transaction.execute(&ADD_SECRET, added).await?;
                sealed(&transaction.one(&SECRET, params![server.bytes(), purpose]).await?, 0)
            })
        })
        .await
}
