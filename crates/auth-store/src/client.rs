//! Authorized clients and their secrets.

use std::collections::HashSet;

use auth_core::client::{Client, ClientSettings, KeptSecret};
use auth_core::time::Timestamp;
use auth_protocol::id::ServerId;
use database::{Database, Error, params, statements};

use crate::row;

statements! {
    FIND = "SELECT settings, enabled FROM client WHERE server_id = $1 AND client_id = $2";
    SECRETS = "SELECT secret_hash, expires_at FROM client_secret \
               WHERE server_id = $1 AND client_id = $2 AND (expires_at IS NULL OR expires_at > $3)";
    PAGE = "SELECT client_id, settings FROM client \
            WHERE server_id = $1 AND client_id > $2 AND enabled ORDER BY client_id LIMIT 200";
}

/// The client with the secrets that count now; disabled ones too.
pub async fn find(
    database: &Database,
    server: ServerId,
    client_id: &str,
    now: Timestamp,
) -> Result<Option<Client>, Error> {
    let client_id = client_id.to_owned();
    database
        .read(move |snapshot| {
            let client_id = client_id.clone();
            Box::pin(async move {
                let key = params![server.bytes(), client_id.as_str()];
                let Some(found) = snapshot.optional(&FIND, key).await? else { return Ok(None) };
                let (settings, enabled) = (row::json(&found, 0)?, found.get(1)?);
                let secrets = snapshot.rows(&SECRETS, params![server.bytes(), client_id.as_str(), now.0]).await?;
                let secrets = secrets
                    .iter()
                    .map(|secret| Ok(KeptSecret { hash: secret.get(0)?, expires_at: row::optional_time(secret, 1)? }));
                let secrets = secrets.collect::<Result<_, Error>>()?;
                Ok(Some(Client { client_id, enabled, settings, secrets }))
            })
        })
        .await
}

/// Where pages of enabled clients are: the origins that preflights may come from. A client that cannot be read has none:
/// whoever asks for it is told, and the others need not suffer.
pub async fn origins(database: &Database, server: ServerId) -> Result<HashSet<String>, Error> {
    let (mut origins, mut after) = (HashSet::new(), String::new());
    loop {
        let page = database.read_rows(&PAGE, params![server.bytes(), after.as_str()]).await?;
        for found in &page {
            after = found.get(0)?;
            if let Ok(settings) = row::json::<ClientSettings>(found, 1) {
                origins.extend(settings.origins().map(str::to_owned));
            }
        }
        if page.is_empty() {
            return Ok(origins);
        }
    }
}
