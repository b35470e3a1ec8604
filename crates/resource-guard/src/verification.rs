//! What makes an access token good (RFC 9068 §4), as pure rules.

#[cfg(test)]
mod tests;

use auth_protocol::claims::AccessTokenClaims;
use auth_protocol::jws::VerifyError;
use serde::Deserialize;

use crate::TrustedIssuer;

/// Bytes. Issuers keep tokens under 4 kB.
pub(crate) const LARGEST_TOKEN: usize = 8 * 1024;
/// How far in the future `nbf` and `iat` may lie, in seconds. `exp` has no such grace: the SDK renews well before.
const CLOCK_DIFFERENCE: i64 = 60;

/// Why a token is not believed. All but the last are `invalid_token` outside (RFC 6750 §3.1); which one is for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token has not the form of one we issue")]
    Malformed,
    #[error("it is another type of token than an access token")]
    WrongType,
    #[error("its issuer is not one that is trusted here")]
    UnknownIssuer,
    #[error("its issuer publishes no such key")]
    UnknownKey,
    #[error("its signature is not right")]
    Signature,
    #[error("it is meant for another audience")]
    WrongAudience,
    #[error("it belongs to another tenant than its issuer")]
    WrongTenant,
    #[error("it has expired")]
    Expired,
    #[error("it is not valid yet")]
    NotYetValid,
    /// Nobody's fault but ours: 503, not 401, or honest users would be signed out.
    #[error("its issuer's keys cannot be had at the moment")]
    KeysUnavailable,
}

impl From<VerifyError> for TokenError {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Malformed => TokenError::Malformed,
            VerifyError::WrongType => TokenError::WrongType,
            VerifyError::Signature => TokenError::Signature,
        }
    }
}

/// The issuer that a token names, and nothing else of its claims.
#[derive(Deserialize)]
pub(crate) struct Issuer {
    pub(crate) iss: String,
}

/// The claims of a token whose signature and type are right, held against its issuer's configuration.
pub(crate) fn check(claims: &AccessTokenClaims, issuer: &TrustedIssuer, now: i64) -> Result<(), TokenError> {
    if claims.iss != issuer.issuer {
        return Err(TokenError::UnknownIssuer);
    }
    if !claims.aud.contains(&issuer.audience) {
        return Err(TokenError::WrongAudience);
    }
    if claims.tenant_id != issuer.tenant_id {
        return Err(TokenError::WrongTenant);
    }
    check_times(claims, now)
}

pub(crate) fn check_times(claims: &AccessTokenClaims, now: i64) -> Result<(), TokenError> {
    if now >= claims.exp {
        return Err(TokenError::Expired);
    }
    if claims.nbf.max(claims.iat) > now.saturating_add(CLOCK_DIFFERENCE) {
        return Err(TokenError::NotYetValid);
    }
    Ok(())
}
