//! Tokens that were verified lately, by the SHA-256 of the token, so that a signature is checked once a token and node.

use std::time::{Duration, Instant};

use aws_lc_rs::digest;
use moka::Expiry;
use moka::sync::Cache;

use crate::Caller;

/// Bytes of tokens; what is least used makes room.
pub(crate) const LARGEST: u64 = 8 * 1024 * 1024;
/// What an entry takes beside its claims.
const OVERHEAD: usize = 256;

pub(crate) type TokenHash = [u8; 32];

pub(crate) fn hash(token: &str) -> TokenHash {
    let mut hash = TokenHash::default();
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    hash
}

#[derive(Clone)]
pub(crate) struct Verified {
    pub(crate) caller: Caller,
    /// Of the key set that the token was verified with. Another set means: verify again.
    pub(crate) key_set_version: u64,
    pub(crate) size: usize,
    pub(crate) seconds_left: u64,
}

pub(crate) struct TokenCache {
    verified: Cache<TokenHash, Verified>,
}

/// Memory is given back when the token is over. Whether it still counts is decided by the guard's clock at each use.
struct EndOfLife;

impl Expiry<TokenHash, Verified> for EndOfLife {
    fn expire_after_create(&self, _: &TokenHash, verified: &Verified, _: Instant) -> Option<Duration> {
        Some(Duration::from_secs(verified.seconds_left))
    }
}

impl TokenCache {
    /// `largest` in bytes.
    pub(crate) fn new(largest: u64) -> Self {
        let weigh = |_: &TokenHash, verified: &Verified| u32::try_from(verified.size + OVERHEAD).unwrap_or(u32::MAX);
        Self { verified: Cache::builder().max_capacity(largest).weigher(weigh).expire_after(EndOfLife).build() }
    }

    pub(crate) fn get(&self, token: &TokenHash) -> Option<Verified> {
        self.verified.get(token)
    }

    pub(crate) fn keep(&self, token: TokenHash, verified: Verified) {
        self.verified.insert(token, verified);
    }

    pub(crate) fn forget(&self, token: &TokenHash) {
        self.verified.invalidate(token);
    }

    pub(crate) fn count(&self) -> u64 {
        self.verified.run_pending_tasks();
        self.verified.entry_count()
    }
}

#[cfg(test)]
mod tests {
    use auth_protocol::claims::AccessTokenClaims;
    use serde_json::json;

    use super::*;

    #[test]
    fn however_many_tokens_come_memory_is_bounded() {
        let id = "01K0000000000000000000000A";
        let claims: AccessTokenClaims = serde_json::from_value(json!({
            "iss": "i", "aud": [], "exp": 1, "iat": 0, "nbf": 0, "jti": id, "sub": "s", "client_id": "c", "scope": "",
            "tenant_id": id,
        }))
        .unwrap();
        let caller = Caller::verified(claims);
        let cache = TokenCache::new(100_000);
        for number in 0..1_000 {
            let verified = Verified { caller: caller.clone(), key_set_version: 0, size: 744, seconds_left: 300 };
            cache.keep(hash(&format!("token {number}")), verified);
        }
        assert!((1..=100).contains(&cache.count()), "{}", cache.count());
    }
}
