//! Key sets (RFC 7517): what a server publishes and a verifier reads.

mod given;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse, ThumbprintHash};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::jws::Algorithm;

pub use given::InvalidKey;
pub use jsonwebtoken::jwk::JwkSet;

/// A published key: the JWK with `kid` (its RFC 7638 thumbprint), `use` `sig` and `alg`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicKey(pub(crate) Jwk);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key is of no kind that we sign with (EC P-256, RSA, Ed25519)")]
pub struct UnusableKey;

impl PublicKey {
    pub(crate) fn new(parameters: PublicParameters<'_>) -> Result<Self, UnusableKey> {
        let (algorithm, members) = match parameters {
            PublicParameters::EcP256 { x, y } => {
                (Algorithm::Es256, json!({ "kty": "EC", "crv": "P-256", "x": encoded(x), "y": encoded(y) }))
            }
            PublicParameters::Ed25519 { x } => {
                (Algorithm::EdDsa, json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(x) }))
            }
            PublicParameters::Rsa { n, e } => {
                (Algorithm::Rs256, json!({ "kty": "RSA", "n": encoded(n), "e": encoded(e) }))
            }
        };
        let mut jwk: Jwk = serde_json::from_value(members).map_err(|_| UnusableKey)?;
        let thumbprint = jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| UnusableKey)?;
        jwk.common.key_id = Some(thumbprint);
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        jwk.common.key_algorithm = Some(match algorithm {
            Algorithm::Es256 => KeyAlgorithm::ES256,
            Algorithm::Rs256 => KeyAlgorithm::RS256,
            Algorithm::EdDsa => KeyAlgorithm::EdDSA,
        });
        Ok(Self(jwk))
    }

    pub fn key_id(&self) -> &str {
        self.0.common.key_id.as_deref().unwrap_or_default()
    }

    /// What it verifies, by its kind.
    pub fn algorithm(&self) -> Algorithm {
        match self.0.algorithm {
            AlgorithmParameters::RSA(_) => Algorithm::Rs256,
            AlgorithmParameters::OctetKeyPair(_) => Algorithm::EdDsa,
            _ => Algorithm::Es256,
        }
    }
}

/// The public half of a key, as numbers in big-endian bytes.
pub(crate) enum PublicParameters<'a> {
    EcP256 { x: &'a [u8], y: &'a [u8] },
    Ed25519 { x: &'a [u8] },
    Rsa { n: &'a [u8], e: &'a [u8] },
}

fn encoded(number: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(number)
}

/// The document at `/oauth/jwks`.
pub fn key_set(keys: impl IntoIterator<Item = PublicKey>) -> JwkSet {
    JwkSet { keys: keys.into_iter().map(|key| key.0).collect() }
}
