use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::VerifyError;

/// What a token's header says.
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

/// A token taken apart (RFC 7515 §7.1). Nothing in it is believed: it tells whose key to verify it with, and nothing else
/// may be taken from it.
#[derive(Debug)]
pub struct PresentedToken<'t> {
    pub header: Header,
    /// JSON, as far as anybody knows.
    claims: Vec<u8>,
    /// What is signed.
    pub(super) message: &'t str,
    pub(super) signature: &'t str,
}

impl<'t> PresentedToken<'t> {
    pub fn read(token: &'t str) -> Result<Self, VerifyError> {
        let (message, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
        let (header, claims) = message.split_once('.').ok_or(VerifyError::Malformed)?;
        let header = serde_json::from_slice(&decoded(header)?).map_err(|_| VerifyError::Malformed)?;
        Ok(Self { header, claims: decoded(claims)?, message, signature })
    }

    /// The id of the key that it names.
    pub fn key_id(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    pub fn unverified_claims<C: DeserializeOwned>(&self) -> Result<C, VerifyError> {
        serde_json::from_slice(&self.claims).map_err(|_| VerifyError::Malformed)
    }
}

/// Dots are no signs of base64url, so that a part too many is refused here.
pub(super) fn decoded(part: &str) -> Result<Vec<u8>, VerifyError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| VerifyError::Malformed)
}
