use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk};
use serde::de::DeserializeOwned;

use super::presented_token::decoded;
use super::{Algorithm, PresentedToken};
use crate::jwk::PublicKey;

/// A public key that verifies tokens of one algorithm. It is parsed once
/// (docs/decisions/signing-and-verifying-with-parsed-keys.md).
#[derive(Clone)]
pub struct VerifyingKey {
    key_id: String,
    algorithm: Algorithm,
    parsed: ParsedPublicKey,
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
        let (algorithm, parsed) = parsed(&jwk.algorithm)?;
        let is_named = Algorithm::from_name(&jwk.common.key_algorithm?.to_string()) == Some(algorithm);
        is_named.then_some(Self { key_id: jwk.common.key_id.clone()?, algorithm, parsed })
    }

    pub fn from_public(key: &PublicKey) -> Option<Self> {
        Self::from_jwk(&key.0)
    }

    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The claims of a token with this `typ`, signed by this key. Times, issuer and audience are the caller's to check.
    pub fn verify<C: DeserializeOwned>(&self, typ: &str, token: &PresentedToken<'_>) -> Result<C, VerifyError> {
        if token.header.typ.as_deref().is_none_or(|found| !found.eq_ignore_ascii_case(typ)) {
            return Err(VerifyError::WrongType);
        }
        self.verify_of_any_type(token)
    }

    /// As [`Self::verify`], for tokens that others made, who may leave the type out.
    pub fn verify_of_any_type<C: DeserializeOwned>(&self, token: &PresentedToken<'_>) -> Result<C, VerifyError> {
        if token.header.crit.is_some() {
            return Err(VerifyError::Malformed);
        }
        if !self.algorithm.is_named(&token.header.alg) {
            return Err(VerifyError::Signature);
        }
        let signature = decoded(token.signature)?;
        match self.parsed.verify_sig(token.message.as_bytes(), &signature) {
            Ok(()) => token.unverified_claims(),
            Err(_) => Err(VerifyError::Signature),
        }
    }
}

fn parsed(parameters: &AlgorithmParameters) -> Option<(Algorithm, ParsedPublicKey)> {
    let number = |text: &str| decoded(text).ok();
    Some(match parameters {
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            let (x, y) = (number(&key.x)?, number(&key.y)?);
            // SEC 1, uncompressed.
            let point = [&[4][..], &x, &y].concat();
            (Algorithm::Es256, ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()?)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDsa, ParsedPublicKey::new(&ED25519, number(&key.x)?).ok()?)
        }
        AlgorithmParameters::RSA(key) => {
            let components = RsaPublicKeyComponents { n: number(&key.n)?, e: number(&key.e)? };
            (Algorithm::Rs256, components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()?)
        }
        _ => return None,
    })
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({} {})", self.algorithm.name(), self.key_id)
    }
}
