//! Signed tokens (RFC 7515, compact form). `alg` and `typ` are fixed by us on both sides, never taken from a token.

mod presented_token;
mod signing;
#[cfg(test)]
mod tests;
mod verifying;

use serde::{Deserialize, Serialize};

pub use presented_token::{Header, PresentedToken};
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
