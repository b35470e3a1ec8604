use anyhow::{Result, anyhow};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

pub const ACCESS_TOKEN: &str = "at+jwt";
pub const ID_TOKEN: &str = "JWT";

/// As long as a thumbprint.
pub const KEY_ID: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// An ES256 key of the floor's own.
pub struct Signer {
    key: EcdsaKeyPair,
    random: SystemRandom,
}

impl Signer {
    pub fn generate() -> Result<Self> {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            .map_err(|_| anyhow!("no key could be made"))?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref())?;
        Ok(Self { key, random })
    }

    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Option<String> {
        signed("ES256", typ, claims, |message| Some(self.key.sign(&self.random, message).ok()?.as_ref().to_vec()))
    }

    /// 4, x and y.
    pub fn public_point(&self) -> &[u8] {
        self.key.public_key().as_ref()
    }
}

/// An RS256 key of 2048 bits.
pub struct RsaSigner(KeyPair);

impl RsaSigner {
    pub fn generate() -> Option<Self> {
        KeyPair::generate(KeySize::Rsa2048).ok().map(Self)
    }

    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Option<String> {
        signed("RS256", typ, claims, |message| {
            let mut signature = vec![0; self.0.public_modulus_len()];
            self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
            Some(signature)
        })
    }
}

fn signed(
    algorithm: &str,
    typ: &str,
    claims: &impl Serialize,
    sign: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Option<String> {
    let header = format!(r#"{{"alg":"{algorithm}","typ":"{typ}","kid":"{KEY_ID}"}}"#);
    let claims = serde_json::to_vec(claims).ok()?;
    let mut token = String::with_capacity((header.len() + claims.len()) * 4 / 3 + 352);
    URL_SAFE_NO_PAD.encode_string(header, &mut token);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let signature = sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Some(token)
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

/// `N` random bytes as base64url.
pub fn random_text<const N: usize>() -> Option<String> {
    random_bytes::<N>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
}

#[allow(clippy::disallowed_methods, reason = "a floor has no randomness but the machine's")]
pub fn random_bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(bytes)
}
