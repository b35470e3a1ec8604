//! Proof Key for Code Exchange (RFC 7636): S256 only.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProof {
    #[error("code_challenge_method must be S256")]
    Method,
    #[error("code_challenge must be the 43 characters of a base64url SHA-256")]
    Challenge,
    #[error("code_verifier must be 43 to 128 unreserved characters")]
    Verifier,
    #[error("code_verifier is missing")]
    VerifierMissing,
    #[error("code_verifier was sent for a code without a challenge")]
    VerifierUnasked,
    #[error("code_verifier does not belong to the code_challenge")]
    Mismatch,
}

/// The base64url SHA-256 of the verifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// A missing method means S256: the walkthrough's silent request omits it, and `plain` is never taken.
    pub fn read(challenge: &str, method: Option<&str>) -> Result<Self, InvalidProof> {
        if method.is_some_and(|method| method != "S256") {
            return Err(InvalidProof::Method);
        }
        match URL_SAFE_NO_PAD.decode(challenge) {
            Ok(hash) if hash.len() == 32 => Ok(Self(challenge.to_owned())),
            _ => Err(InvalidProof::Challenge),
        }
    }

    pub fn from_stored(challenge: String) -> Self {
        Self(challenge)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// RFC 7636 §4.6, and RFC 9700 §4.8.2: a verifier for a code without a challenge is a downgrade.
pub fn check_verifier(challenge: Option<&CodeChallenge>, verifier: Option<&str>) -> Result<(), InvalidProof> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(InvalidProof::VerifierUnasked),
        (Some(_), None) => Err(InvalidProof::VerifierMissing),
        (Some(challenge), Some(verifier)) => {
            let well_formed = (43..=128).contains(&verifier.len())
                && verifier
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'));
            if !well_formed {
                return Err(InvalidProof::Verifier);
            }
            let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            if bool::from(hash.as_bytes().ct_eq(challenge.0.as_bytes())) { Ok(()) } else { Err(InvalidProof::Mismatch) }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b() {
        let challenge = CodeChallenge::read("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", Some("S256")).unwrap();
        assert_eq!(check_verifier(Some(&challenge), Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")), Ok(()));
        assert_eq!(CodeChallenge::read(challenge.as_str(), None), Ok(challenge.clone()));
        assert_eq!(CodeChallenge::read(challenge.as_str(), Some("plain")), Err(InvalidProof::Method));
        assert_eq!(check_verifier(None, Some("x")), Err(InvalidProof::VerifierUnasked));
        assert_eq!(check_verifier(Some(&challenge), None), Err(InvalidProof::VerifierMissing));
    }

    proptest! {
        #[test]
        fn only_the_verifier_itself_passes(verifier in "[A-Za-z0-9._~-]{43,128}", other in "[A-Za-z0-9._~-]{40,130}") {
            let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            let challenge = CodeChallenge::read(&hash, Some("S256")).unwrap();
            prop_assert_eq!(check_verifier(Some(&challenge), Some(&verifier)), Ok(()));
            if other != verifier {
                prop_assert!(check_verifier(Some(&challenge), Some(&other)).is_err());
            }
            prop_assert!(check_verifier(Some(&challenge), Some(&hash)).is_err() || hash == verifier);
        }
    }
}
