//! One server's keys, opened: signing keys by algorithm, the key that seals requests under way, the CSRF key.

use std::sync::Arc;

use auth_core::server::Server;
use auth_protocol::id::ServerId;
use auth_protocol::jwk::{UnusableKey, key_set};
use auth_protocol::jws::{Algorithm, SigningKey, VerifyingKey, new_private_key};
use auth_store::signing_key::{self, SealedKey};
use auth_store::{Database, Error};
use aws_lc_rs::hmac;
use bytes::Bytes;
use zeroize::Zeroizing;

use super::master_key::Sealer;
use super::{MasterKey, SealError};
use crate::environment::{Clock, Random, random_bytes};

const SIGNING: &str = "signing key";

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the keys in the database were sealed under another master key: give the master.key that belongs to them")]
    WrongMasterKey(#[from] SealError),
    #[error("a key in the database cannot be used")]
    Unusable(#[from] UnusableKey),
    #[error("the issuer {0} is no web address")]
    Issuer(String),
    #[error("a new key could not be made")]
    Generation,
    #[error(transparent)]
    Store(#[from] Error),
}

pub struct ServerKeys {
    signing: Vec<Arc<SigningKey>>,
    verifying: Vec<VerifyingKey>,
    pub(crate) requests: Sealer,
    pub(crate) csrf: hmac::Key,
    /// The document at `/oauth/jwks`.
    pub key_set: Bytes,
}

pub struct KeySource<'a> {
    pub database: &'a Database,
    pub master: &'a MasterKey,
    pub clock: &'a dyn Clock,
    pub random: &'a dyn Random,
}

impl ServerKeys {
    /// Opens what is there; a first start makes the key that access tokens are signed with unless a client asks for another.
    pub async fn load(source: &KeySource<'_>, server: &Server) -> Result<Self, KeyError> {
        let (server, algorithm) = (server.id, server.settings.access_token_algorithm);
        let mut sealed = signing_key::keys(source.database, server).await?;
        if !sealed.iter().any(|key| key.algorithm == algorithm) {
            make_first(source, server, algorithm).await?;
            sealed = signing_key::keys(source.database, server).await?;
        }
        let mut signing = Vec::new();
        for key in sealed {
            let private = source.master.open(SIGNING, &key.sealed_private_key)?;
            signing.push(Arc::new(SigningKey::from_pkcs8(key.algorithm, &private)?));
        }
        let verifying = signing.iter().filter_map(|key| VerifyingKey::from_public(key.public())).collect();
        let published = key_set(signing.iter().map(|key| key.public().clone()));
        let requests = secret(source, server, "sealed requests").await?;
        let csrf = secret(source, server, "csrf").await?;
        Ok(Self {
            signing,
            verifying,
            requests: Sealer::new(&requests)?,
            csrf: hmac::Key::new(hmac::HMAC_SHA256, &csrf),
            key_set: serde_json::to_vec(&published).unwrap_or_default().into(),
        })
    }

    /// The key that signs with this algorithm, if one was made.
    pub fn signing(&self, algorithm: Algorithm) -> Option<&Arc<SigningKey>> {
        self.signing.iter().find(|key| key.algorithm() == algorithm)
    }

    pub fn verifying(&self, key_id: &str) -> Option<&VerifyingKey> {
        self.verifying.iter().find(|key| key.key_id() == key_id)
    }
}

/// Opens everything that lies sealed in the database, and makes nothing; how much that was.
pub async fn check_keys(database: &Database, master: &MasterKey) -> Result<usize, KeyError> {
    let mut opened = 0;
    for server in auth_store::server::all(database).await? {
        for key in signing_key::keys(database, server.id).await? {
            let private = master.open(SIGNING, &key.sealed_private_key)?;
            SigningKey::from_pkcs8(key.algorithm, &private)?;
            opened += 1;
        }
        for (purpose, sealed) in signing_key::secrets(database, server.id).await? {
            master.open(&purpose, &sealed)?;
            opened += 1;
        }
    }
    Ok(opened)
}

/// Makes the server's first key of this algorithm. Several nodes may do so at once: one wins, and all take its key.
pub async fn make_first(source: &KeySource<'_>, server: ServerId, algorithm: Algorithm) -> Result<(), KeyError> {
    // An RSA key takes long enough to hold up other requests.
    let made = tokio::task::spawn_blocking(move || new_private_key(algorithm).map(Zeroizing::new)).await;
    let private = made.map_err(|_| KeyError::Generation)?.map_err(|_| KeyError::Generation)?;
    let key_id = SigningKey::from_pkcs8(algorithm, &private)?.public().key_id().to_owned();
    let sealed_private_key = source.master.seal(SIGNING, &private, source.random)?;
    let key = SealedKey { key_id, algorithm, sealed_private_key };
    signing_key::add_first_key(source.database, server, &key, source.clock.now()).await?;
    Ok(())
}

async fn secret(source: &KeySource<'_>, server: ServerId, purpose: &'static str) -> Result<[u8; 32], KeyError> {
    let candidate: [u8; 32] = random_bytes(source.random);
    let candidate = source.master.seal(purpose, &candidate, source.random)?;
    let sealed = signing_key::secret(source.database, server, purpose, candidate, source.clock.now()).await?;
    let opened = source.master.open(purpose, &sealed)?;
    opened.as_slice().try_into().map_err(|_| KeyError::WrongMasterKey(SealError))
}
