//! Signed tokens (RFC 7515, compact form). `alg` and `typ` are fixed by us on both sides, never taken from a token.

mod signing;
#[cfg(test)]
mod tests;
mod verifying;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use signing::{SignError, SigningKey, new_private_key};
pub use verifying::{VerifyError, VerifyingKey};

/// An access token's `typ` (RFC 9068 §2.1).
pub const ACCESS_TOKEN: &str = "at+jwt";
/// An ID token's `typ`.
pub const ID_TOKEN: &str = "JWT";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
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

    /// Whether a header or a key of somebody else's means this one: Ed25519 has a name of its own since RFC 9864.
    pub fn is_named(self, name: &str) -> bool {
        name == self.name() || self == Algorithm::EdDsa && name == "Ed25519"
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

/// What a token's header says, before anything is believed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Header {
    pub alg: String,
    #[serde(default)]
    pub typ: Option<String>,
    #[serde(default)]
    pub kid: Option<String>,
    /// Extensions that must be understood (RFC 7515 §4.1.11). We understand none.
    #[serde(default)]
    pub crit: Option<Value>,
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

/// The claims of a token that nobody has verified: enough to find out whose key to verify it with, and nothing else may be
/// taken from it.
pub fn unverified_claims<C: DeserializeOwned>(token: &str) -> Result<C, VerifyError> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(VerifyError::Malformed);
    };
    let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|_| VerifyError::Malformed)?;
    serde_json::from_slice(&claims).map_err(|_| VerifyError::Malformed)
}
