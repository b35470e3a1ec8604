use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::Algorithm;
use crate::jwk::{PublicKey, PublicParameters, UnusableKey};

/// A new private key in PKCS#8, ready for [`SigningKey::from_pkcs8`]. An RSA key takes long enough to be made apart from
/// requests.
pub fn new_private_key(algorithm: Algorithm) -> Result<Vec<u8>, UnusableKey> {
    let made = match algorithm {
        Algorithm::Es256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map(|key| key.as_ref().to_vec()),
        Algorithm::EdDsa => {
            Ed25519KeyPair::generate().and_then(|key| key.to_pkcs8v1()).map(|key| key.as_ref().to_vec())
        }
        Algorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048)
            .and_then(|key| AsDer::<Pkcs8V1Der<'_>>::as_der(&key))
            .map(|key| key.as_ref().to_vec()),
    };
    made.map_err(|_| UnusableKey)
}

enum KeyPair {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

impl KeyPair {
    fn public(&self) -> Result<PublicKey, UnusableKey> {
        match self {
            KeyPair::Es256(key) => match key.public_key().as_ref() {
                // SEC 1, uncompressed: 4, x, y.
                [4, point @ ..] if point.len() == 64 => {
                    PublicKey::new(PublicParameters::EcP256 { x: &point[..32], y: &point[32..] })
                }
                _ => Err(UnusableKey),
            },
            KeyPair::EdDsa(key) => PublicKey::new(PublicParameters::Ed25519 { x: key.public_key().as_ref() }),
            KeyPair::Rs256(key) => {
                let public = key.public_key();
                PublicKey::new(PublicParameters::Rsa {
                    n: public.modulus().big_endian_without_leading_zero(),
                    e: public.exponent().big_endian_without_leading_zero(),
                })
            }
        }
    }
}

/// A private key ready to sign. The key pair is parsed once: parsing costs more than a signature
/// (docs/decisions/signing-and-verifying-with-parsed-keys.md).
pub struct SigningKey {
    algorithm: Algorithm,
    key_pair: KeyPair,
    public: PublicKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    #[error("the claims could not be written as JSON")]
    Claims,
    #[error("the key refused to sign")]
    Key,
}

impl SigningKey {
    /// From PKCS#8 (version 1 for Ed25519).
    pub fn from_pkcs8(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, UnusableKey> {
        let key_pair = match algorithm {
            Algorithm::Es256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(KeyPair::Es256),
            Algorithm::Rs256 => RsaKeyPair::from_pkcs8(pkcs8).map(KeyPair::Rs256),
            Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(KeyPair::EdDsa),
        }
        .map_err(|_| UnusableKey)?;
        let public = key_pair.public()?;
        Ok(Self { algorithm, key_pair, public })
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The token as sent: header, claims and signature.
    pub fn sign<C: Serialize>(&self, typ: &str, claims: &C) -> Result<String, SignError> {
        let header = format!(r#"{{"alg":"{}","typ":"{typ}","kid":"{}"}}"#, self.algorithm.name(), self.public.key_id());
        let claims = written(claims)?;
        let mut token = String::with_capacity((header.len() + claims.len()) * 4 / 3 + 512);
        URL_SAFE_NO_PAD.encode_string(header, &mut token);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = self.signature(token.as_bytes()).map_err(|_| SignError::Key)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, aws_lc_rs::error::Unspecified> {
        Ok(match &self.key_pair {
            KeyPair::Es256(key) => key.sign(&SystemRandom::new(), message)?.as_ref().to_vec(),
            KeyPair::EdDsa(key) => key.sign(message).as_ref().to_vec(),
            KeyPair::Rs256(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)?;
                signature
            }
        })
    }
}

/// With room for what most tokens claim, taken at once.
fn written<C: Serialize>(claims: &C) -> Result<Vec<u8>, SignError> {
    let mut written = Vec::with_capacity(1024);
    serde_json::to_writer(&mut written, claims).map_err(|_| SignError::Claims)?;
    Ok(written)
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {})", self.algorithm.name(), self.public.key_id())
    }
}
