use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use auth_protocol::id::TokenId;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;

use crate::floor::{claims, signing};

/// Who calls through the gateway with tokens of her own, signed by the load generator.
pub struct Shopper(signing::Signer);

impl Shopper {
    /// With a new key, whose public half is written to the file as a key set.
    pub fn arrive(key_set: &Path) -> Result<Self> {
        let signer = signing::Signer::generate()?;
        let point = signer.public_point();
        let (x, y) = point.split_at_checked(33).context("a point of another curve")?;
        let [x, y] = [&x[1..], y].map(|half| URL_SAFE_NO_PAD.encode(half));
        let key = json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": signing::KEY_ID, "x": x, "y": y });
        fs::write(key_set, json!({ "keys": [key] }).to_string())?;
        Ok(Self(signer))
    }

    /// One that no server has seen.
    pub fn token(&self) -> Option<String> {
        let jti = TokenId::from_bytes(signing::random_bytes()?).to_string();
        self.0.sign(signing::ACCESS_TOKEN, &claims::access_token(&jti, Some(claims::user())))
    }
}

/// The least that a service may check.
pub struct Verifier(UnparsedPublicKey<Vec<u8>>);

#[derive(Deserialize)]
struct KeySet {
    keys: [Key; 1],
}

#[derive(Deserialize)]
struct Key {
    x: String,
    y: String,
}

#[derive(Deserialize)]
struct Age {
    exp: u64,
}

impl Verifier {
    pub fn read(key_set: &Path) -> Result<Self> {
        let KeySet { keys: [Key { x, y }] } = serde_json::from_slice(&fs::read(key_set)?)?;
        let mut point = vec![4];
        for half in [x, y] {
            URL_SAFE_NO_PAD.decode_vec(half, &mut point)?;
        }
        Ok(Self(UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)))
    }

    pub fn verify(&self, token: &str) -> Result<()> {
        let (signed, signature) = token.rsplit_once('.').context("no signature")?;
        let (_, claims) = signed.split_once('.').context("no claims")?;
        if self.0.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature)?).is_err() {
            bail!("a signature of another key");
        }
        let Age { exp } = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims)?)?;
        if exp < claims::now() {
            bail!("an old token");
        }
        Ok(())
    }
}
