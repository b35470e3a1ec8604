//! One server's keys, opened: signing keys by algorithm, the key that seals requests under way, the CSRF key.

use std::sync::Arc;

use auth_core::server::Server;
use auth_core::signing_key::{RotationPolicy, next_retirement, signing_at, standings};
use auth_core::time::Timestamp;
use auth_protocol::id::ServerId;
use auth_protocol::jwk::{UnusableKey, key_set};
use auth_protocol::jws::{Algorithm, PresentedToken, SigningKey, VerifyingKey};
use auth_store::signing_key::{self, SealedKey};
use auth_store::{Database, Error, server_secret};
use aws_lc_rs::hmac;
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::master_key::Sealer;
use super::new_key::make_first;
use super::{MasterKeys, SealError};
use crate::environment::{Clock, Random, random_bytes};

pub(super) const SIGNING: &str = "signing key";

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

/// A key, and when it begins to sign.
type Activated = (Timestamp, Arc<SigningKey>);

pub struct ServerKeys {
    /// By algorithm, each in the order of their `activates_at`.
    signing: Vec<(Algorithm, Vec<Activated>)>,
    verifying: Vec<VerifyingKey>,
    /// When one of these leaves the key set, if nothing is written before.
    pub(crate) retires_at: Option<Timestamp>,
    pub(crate) requests: Sealer,
    pub(crate) csrf: hmac::Key,
    /// The document at `/oauth/jwks`.
    pub key_set: Bytes,
}

pub struct KeySource<'a> {
    pub database: &'a Database,
    pub master: &'a MasterKeys,
    pub clock: &'a dyn Clock,
    pub random: &'a dyn Random,
}

impl ServerKeys {
    /// Opens what is there, as it stands at `now`; a first start makes the key that access tokens are signed with unless a
    /// client asks for another.
    pub async fn load(source: &KeySource<'_>, server: &Server, now: Timestamp) -> Result<Self, KeyError> {
        let published = published(source, server, now).await?;
        let requests = secret(source, server.id, "sealed requests").await?;
        let csrf = secret(source, server.id, "csrf").await?;
        let set = key_set(published.keys.iter().map(|(_, key)| key.public().clone()));
        Ok(Self {
            verifying: published.keys.iter().filter_map(|(_, key)| VerifyingKey::from_public(key.public())).collect(),
            signing: by_algorithm(published.keys),
            retires_at: published.retires_at,
            requests: Sealer::new(&requests)?,
            csrf: hmac::Key::new(hmac::HMAC_SHA256, &csrf),
            key_set: serde_json::to_vec(&set).unwrap_or_default().into(),
        })
    }

    /// The key that signs with this algorithm now, if one was made.
    pub fn signing(&self, algorithm: Algorithm, now: Timestamp) -> Option<&Arc<SigningKey>> {
        let (_, keys) = self.signing.iter().find(|(of, _)| *of == algorithm)?;
        signing_at(keys, now, |(activates_at, _)| *activates_at).map(|(_, key)| key)
    }

    /// The claims of a token of this type that one of these keys signed, whether or not it has expired.
    pub fn verified<C: DeserializeOwned>(&self, typ: &str, token: &str) -> Option<C> {
        let token = PresentedToken::read(token).ok()?;
        let key_id = token.key_id()?;
        self.verifying.iter().find(|key| key.key_id() == key_id)?.verify(typ, &token).ok()
    }
}

struct Published {
    /// The one that signs last comes first.
    keys: Vec<Activated>,
    retires_at: Option<Timestamp>,
}

async fn published(source: &KeySource<'_>, server: &Server, now: Timestamp) -> Result<Published, KeyError> {
    let algorithm = server.settings.access_token_algorithm;
    let mut sealed = signing_key::keys(source.database, server.id).await?;
    if !sealed.iter().any(|sealed| sealed.key.algorithm == algorithm) {
        make_first(source, server.id, algorithm).await?;
        sealed = signing_key::keys(source.database, server.id).await?;
    }
    let policy = RotationPolicy::of(&server.settings);
    let rows: Vec<_> = sealed.iter().map(|sealed| sealed.key.clone()).collect();
    let mut keys = Vec::new();
    for (sealed, standing) in sealed.iter().zip(standings(&rows, &policy, now)) {
        let opened = open(source.master, sealed)?;
        if standing.is_published() {
            keys.push((sealed.key.activates_at, Arc::new(opened)));
        }
    }
    Ok(Published { keys, retires_at: next_retirement(&rows, &policy, now) })
}

fn by_algorithm(published: Vec<Activated>) -> Vec<(Algorithm, Vec<Activated>)> {
    let mut signing: Vec<(Algorithm, Vec<_>)> = Vec::new();
    for (activates_at, key) in published.into_iter().rev() {
        let algorithm = key.algorithm();
        match signing.iter_mut().find(|(of, _)| *of == algorithm) {
            Some((_, keys)) => keys.push((activates_at, key)),
            None => signing.push((algorithm, vec![(activates_at, key)])),
        }
    }
    signing
}

fn open(master: &MasterKeys, sealed: &SealedKey) -> Result<SigningKey, KeyError> {
    let private = master.open(SIGNING, &sealed.private_key)?;
    Ok(SigningKey::from_pkcs8(sealed.key.algorithm, &private)?)
}

/// Opens everything that lies sealed in the database, and makes nothing; how much that was.
pub async fn check_keys(database: &Database, master: &MasterKeys) -> Result<usize, KeyError> {
    let mut opened = 0;
    for server in auth_store::server::all(database).await? {
        for sealed in signing_key::keys(database, server.id).await? {
            open(master, &sealed)?;
            opened += 1;
        }
        for (purpose, sealed) in server_secret::all(database, server.id).await? {
            master.open(&purpose, &sealed)?;
            opened += 1;
        }
    }
    Ok(opened)
}

async fn secret(source: &KeySource<'_>, server: ServerId, purpose: &'static str) -> Result<[u8; 32], KeyError> {
    let candidate: [u8; 32] = random_bytes(source.random);
    let candidate = source.master.seal(purpose, &candidate, source.random)?;
    let found = server_secret::find_or_add(source.database, server, purpose, candidate, source.clock.now()).await?;
    let opened = source.master.open(purpose, &found)?;
    opened.as_slice().try_into().map_err(|_| KeyError::WrongMasterKey(SealError))
}
