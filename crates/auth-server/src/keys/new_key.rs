use auth_protocol::id::ServerId;
use auth_protocol::jws::{Algorithm, SigningKey, new_private_key};
use auth_store::signing_key::{self, NewKey};
use zeroize::Zeroizing;

use super::server_keys::{KeyError, KeySource, SIGNING};

/// Its id is its thumbprint (RFC 7638), so that no id comes twice, at any server.
pub(super) async fn new_key(source: &KeySource<'_>, algorithm: Algorithm) -> Result<NewKey, KeyError> {
    // An RSA key takes long enough to hold up other requests.
    let made = tokio::task::spawn_blocking(move || new_private_key(algorithm).map(Zeroizing::new)).await;
    let private = made.map_err(|_| KeyError::Generation)?.map_err(|_| KeyError::Generation)?;
    let key_id = SigningKey::from_pkcs8(algorithm, &private)?.public().key_id().to_owned();
    let private_key = source.master.seal(SIGNING, &private, source.random)?;
    Ok(NewKey { key_id, algorithm, private_key })
}

/// Makes the server's first key of this algorithm. Several nodes may do so at once: one wins, and all take its key.
pub async fn make_first(source: &KeySource<'_>, server: ServerId, algorithm: Algorithm) -> Result<(), KeyError> {
    let key = new_key(source, algorithm).await?;
    signing_key::add_first_key(source.database, server, &key, source.clock.now()).await?;
    Ok(())
}
