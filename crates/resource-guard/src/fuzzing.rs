//! What the fuzz targets (`fuzz/`) call of this crate; compiled for them alone.

use auth_protocol::claims::AccessTokenClaims;
use auth_protocol::jws::PresentedToken;

use crate::verification::{Issuer, check_times};

/// Whatever a caller presents, and whatever an issuer that we trust would sign, is read or refused.
pub fn token(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = PresentedToken::read(text).map(|token| token.unverified_claims::<Issuer>());
    }
    if let Ok(claims) = serde_json::from_slice::<AccessTokenClaims>(bytes) {
        for now in [i64::MIN, -1, 0, 1_800_000_000, i64::MAX] {
            let _ = check_times(&claims, now);
        }
    }
}
