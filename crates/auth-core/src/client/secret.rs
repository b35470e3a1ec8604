//! Client secrets: what a client is given, and what is kept of it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::time::{Span, Timestamp};

/// How many secrets of one client may count at a time.
pub const MOST_SECRETS: usize = 5;
/// How long the former secrets go on counting after a change, unless an operator says otherwise.
pub const SECRET_OVERLAP: Span = Span::minutes(24 * 60);
/// The longest overlap: a change that is never finished is none.
pub const LONGEST_SECRET_OVERLAP: Span = Span::minutes(90 * 24 * 60);

/// A secret of 256 random bits, written in unreserved characters, so that no client has to encode it. Shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(String);

impl ClientSecret {
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn hash(&self) -> [u8; 32] {
        secret_hash(&self.0)
    }
}

impl std::fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

/// What is stored of a secret: its SHA-256, which is enough for random ones.
pub fn secret_hash(secret: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
    hash
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptSecret {
    pub hash: [u8; 32],
    /// Absent means that it counts until it is replaced.
    pub expires_at: Option<Timestamp>,
}

impl KeptSecret {
    /// Whether this is the presented secret's hash and counts now. Takes the same time for every hash.
    pub(super) fn is(&self, presented: &[u8; 32], now: Timestamp) -> bool {
        bool::from(self.hash.ct_eq(presented)) && self.expires_at.is_none_or(|end| now < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_of_unreserved_characters_and_shows_itself_to_nobody() {
        let secret = ClientSecret::from_random([0xfb; 32]);
        assert_eq!(secret.text().len(), 43);
        assert!(secret.text().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)));
        assert_eq!(format!("{secret:?}"), "ClientSecret(…)");
        assert_ne!(secret.hash(), ClientSecret::from_random([0xfa; 32]).hash());
    }

    #[test]
    fn a_secret_counts_until_the_moment_of_its_end() {
        let end = Timestamp::from_seconds(1000);
        let hash = secret_hash("secret");
        let (ending, lasting) = (KeptSecret { hash, expires_at: Some(end) }, KeptSecret { hash, expires_at: None });
        assert!(ending.is(&hash, end - Span(1)) && !ending.is(&hash, end));
        assert!(lasting.is(&hash, end) && !lasting.is(&secret_hash("other"), end));
    }
}
