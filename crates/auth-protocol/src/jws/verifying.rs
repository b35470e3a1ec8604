use std::fmt;

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::Jwk;
use serde::de::DeserializeOwned;

use super::{Algorithm, Header, unverified_claims};
use crate::jwk::PublicKey;

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
        self.verified(&header, token)
    }

    /// As [`Self::verify`], for tokens that others made, who may leave the type out.
    pub fn verify_of_any_type<C: DeserializeOwned>(&self, token: &str) -> Result<C, VerifyError> {
        self.verified(&Header::read(token)?, token)
    }

    fn verified<C: DeserializeOwned>(&self, header: &Header, token: &str) -> Result<C, VerifyError> {
        if header.crit.is_some() {
            return Err(VerifyError::Malformed);
        }
        if !self.algorithm.is_named(&header.alg) {
            return Err(VerifyError::Signature);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
        match jsonwebtoken::crypto::verify(signature, message.as_bytes(), &self.decoding, self.algorithm.into()) {
            Ok(true) => unverified_claims(token),
            Ok(false) | Err(_) => Err(VerifyError::Signature),
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({} {})", self.algorithm.name(), self.key_id)
    }
}
