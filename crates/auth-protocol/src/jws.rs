//! Signed tokens (RFC 7515, compact form). `alg` and `typ` are fixed by us on both sides, never taken from a token.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::jwk::{PublicKey, PublicParameters, UnusableKey};

/// An access token's `typ` (RFC 9068 §2.1).
pub const ACCESS_TOKEN: &str = "at+jwt";
/// An ID token's `typ`.
pub const ID_TOKEN: &str = "JWT";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Es256 => "ES256",
            Algorithm::Rs256 => "RS256",
            Algorithm::EdDsa => "EdDSA",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa].into_iter().find(|known| known.name() == name)
    }
}

impl From<Algorithm> for jsonwebtoken::Algorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
            Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
            Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }
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
/// (docs/decisions/signing-with-a-parsed-key.md).
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
        let claims = serde_json::to_vec(claims).map_err(|_| SignError::Claims)?;
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

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {})", self.algorithm.name(), self.public.key_id())
    }
}

/// A public key that verifies tokens of one algorithm.
#[derive(Clone)]
pub struct VerifyingKey {
    key_id: String,
    algorithm: Algorithm,
    decoding: DecodingKey,
}

/// Why a token is not to be believed. All of these are `invalid_token` outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    #[error("not a signed token of the form we issue")]
    Malformed,
    #[error("another type of token")]
    WrongType,
    #[error("the signature is not right")]
    Signature,
}

/// What a token's header says, before anything is believed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Header {
    pub alg: String,
    #[serde(default)]
    pub typ: Option<String>,
    #[serde(default)]
    pub kid: Option<String>,
}

impl Header {
    pub fn read(token: &str) -> Result<Self, VerifyError> {
        let (header, rest) = token.split_once('.').ok_or(VerifyError::Malformed)?;
        if rest.split('.').count() != 2 {
            return Err(VerifyError::Malformed);
        }
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| VerifyError::Malformed)?;
        serde_json::from_slice(&header).map_err(|_| VerifyError::Malformed)
    }
}

impl VerifyingKey {
    /// `None` for keys that are not for signatures, or of kinds that we never sign with.
    pub fn from_jwk(jwk: &Jwk) -> Option<Self> {
        let algorithm = Algorithm::from_name(&jwk.common.key_algorithm?.to_string())?;
        Some(Self { key_id: jwk.common.key_id.clone()?, algorithm, decoding: DecodingKey::from_jwk(jwk).ok()? })
    }

    pub fn from_public(key: &PublicKey) -> Option<Self> {
        Self::from_jwk(&key.0)
    }

    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The claims of a token with this `typ`, signed by this key. Times, issuer and audience are the caller's to check.
    pub fn verify<C: DeserializeOwned>(&self, typ: &str, token: &str) -> Result<C, VerifyError> {
        let header = Header::read(token)?;
        if header.typ.as_deref().is_none_or(|found| !found.eq_ignore_ascii_case(typ)) {
            return Err(VerifyError::WrongType);
        }
        let mut validation = Validation::new(self.algorithm.into());
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        match jsonwebtoken::decode::<C>(token, &self.decoding, &validation) {
            Ok(data) => Ok(data.claims),
            Err(error) => Err(match error.kind() {
                jsonwebtoken::errors::ErrorKind::Json(_) | jsonwebtoken::errors::ErrorKind::Base64(_) => {
                    VerifyError::Malformed
                }
                _ => VerifyError::Signature,
            }),
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({} {})", self.algorithm.name(), self.key_id)
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::AsDer;
    use serde_json::{Value, json};

    use super::*;

    fn key(algorithm: Algorithm) -> SigningKey {
        let rng = SystemRandom::new();
        let pkcs8 = match algorithm {
            Algorithm::Es256 => {
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap().as_ref().to_vec()
            }
            Algorithm::EdDsa => Ed25519KeyPair::generate().unwrap().to_pkcs8v1().unwrap().as_ref().to_vec(),
            Algorithm::Rs256 => {
                let key = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
                AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&key).unwrap().as_ref().to_vec()
            }
        };
        SigningKey::from_pkcs8(algorithm, &pkcs8).unwrap()
    }

    #[test]
    fn what_a_key_signs_its_published_half_verifies() {
        for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256] {
            let signing = key(algorithm);
            let published = serde_json::to_string(&crate::jwk::key_set([signing.public().clone()])).unwrap();
            assert!(!published.contains("\"d\""), "{published}");
            let set: crate::jwk::JwkSet = serde_json::from_str(&published).unwrap();
            let verifying = VerifyingKey::from_jwk(&set.keys[0]).unwrap();
            assert_eq!(verifying.key_id(), signing.public().key_id());

            let token = signing.sign(ACCESS_TOKEN, &json!({ "sub": "anna" })).unwrap();
            assert_eq!(verifying.verify::<Value>(ACCESS_TOKEN, &token).unwrap()["sub"], "anna");
            assert_eq!(verifying.verify::<Value>(ID_TOKEN, &token), Err(VerifyError::WrongType));
        }
    }

    #[test]
    fn a_changed_token_and_a_foreign_key_are_refused() {
        let (ours, theirs) = (key(Algorithm::Es256), key(Algorithm::Es256));
        let verifying = VerifyingKey::from_public(ours.public()).unwrap();
        let foreign = theirs.sign(ACCESS_TOKEN, &json!({ "sub": "anna" })).unwrap();
        assert_eq!(verifying.verify::<Value>(ACCESS_TOKEN, &foreign), Err(VerifyError::Signature));

        let token = ours.sign(ACCESS_TOKEN, &json!({ "sub": "anna" })).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"ben"}"#);
        let changed = format!("{}.{claims}.{}", parts[0], parts[2]);
        assert_eq!(verifying.verify::<Value>(ACCESS_TOKEN, &changed), Err(VerifyError::Signature));
    }

    #[test]
    fn no_algorithm_but_the_keys_own_counts() {
        let signing = key(Algorithm::Es256);
        let verifying = VerifyingKey::from_public(signing.public()).unwrap();
        for header in [r#"{"alg":"none","typ":"at+jwt"}"#, r#"{"alg":"HS256","typ":"at+jwt"}"#] {
            let forged = format!("{}.{}.", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode("{}"));
            assert!(verifying.verify::<Value>(ACCESS_TOKEN, &forged).is_err(), "{header}");
        }
        for token in ["", ".", "a.b", "a.b.c.d", "ä.b.c"] {
            assert_eq!(verifying.verify::<Value>(ACCESS_TOKEN, token), Err(VerifyError::Malformed), "{token}");
        }
    }
}
