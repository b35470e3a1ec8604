//! What a client's assertion must say, once its signature is right (RFC 7523 §3, OpenID Connect Core §9).
//!
//! 1. `iss` and `sub` are the client itself.
//! 2. `aud` is this server: its issuer, or the address of an endpoint that authenticates clients. Every entry of an array
//!    has to be, so that no assertion is good at two servers.
//! 3. `exp` is needed, is ahead, and not further than [`LONGEST_ASSERTION`]. `nbf` and `iat` may be left out, and lie
//!    ahead only as far as clocks differ.
//! 4. `jti` is needed: an assertion is good once, and its hash is kept until it has expired.

use serde::Deserialize;

use super::secret_hash;
use crate::time::{Span, Timestamp};

/// The only `client_assertion_type` (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// What widespread client libraries write unless they are told otherwise.
pub const LONGEST_ASSERTION: Span = Span::minutes(60);
const CLOCK_DIFFERENCE: Span = Span::minutes(1);
const LONGEST_IDENTIFIER: usize = 255;

/// The claims as they come; which of them there must be is for [`AssertionClaims::check`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct AssertionClaims {
    pub iss: Option<String>,
    pub sub: Option<String>,
    pub aud: Option<Audience>,
    pub exp: Option<NumericDate>,
    pub nbf: Option<NumericDate>,
    pub iat: Option<NumericDate>,
    pub jti: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Epoch seconds, with or without a fraction (RFC 7519 §2).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct NumericDate(f64);

impl NumericDate {
    /// Nothing beyond the year 9999, so that sums stay sums.
    #[allow(clippy::cast_possible_truncation, reason = "within the bounds a fraction is all that is lost")]
    fn time(self) -> Option<Timestamp> {
        (0.0..253_402_300_800.0).contains(&self.0).then(|| Timestamp::from_seconds(self.0.floor() as i64))
    }
}

/// Why an assertion with a right signature is refused. Told to the client, which is who it says it is by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAssertion {
    #[error("the assertion has no {0}")]
    Missing(&'static str),
    #[error("iss and sub of the assertion must be the client_id")]
    OtherClient,
    #[error("aud of the assertion must be this issuer or this endpoint, and nothing else beside it")]
    Audience,
    #[error("{0} of the assertion is no time")]
    NoTime(&'static str),
    #[error("the assertion has expired")]
    Expired,
    #[error("exp of the assertion is more than an hour ahead")]
    TooLong,
    #[error("the assertion is not valid yet: see to the client's clock")]
    NotYetValid,
    #[error("jti of the assertion must be 1 to 255 characters")]
    Identifier,
    #[error("the assertion was used before: each is good once")]
    Replayed,
}

/// An assertion that is good, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoodAssertion {
    /// Of client and `jti`.
    pub hash: [u8; 32],
    pub expires_at: Timestamp,
}

impl AssertionClaims {
    pub fn check(
        &self,
        client_id: &str,
        audiences: &[String],
        now: Timestamp,
    ) -> Result<GoodAssertion, InvalidAssertion> {
        use InvalidAssertion::{Expired, Identifier, Missing, NotYetValid, OtherClient, TooLong};
        for (name, claim) in [("iss", &self.iss), ("sub", &self.sub)] {
            if claim.as_deref().ok_or(Missing(name))? != client_id {
                return Err(OtherClient);
            }
        }
        check_audience(self.aud.as_ref().ok_or(Missing("aud"))?, audiences)?;
        let expires_at = time("exp", self.exp)?.ok_or(Missing("exp"))?;
        if expires_at <= now {
            return Err(Expired);
        }
        if expires_at > now + LONGEST_ASSERTION + CLOCK_DIFFERENCE {
            return Err(TooLong);
        }
        for begin in [time("nbf", self.nbf)?, time("iat", self.iat)?].into_iter().flatten() {
            if begin > now + CLOCK_DIFFERENCE {
                return Err(NotYetValid);
            }
        }
        let jti = self.jti.as_deref().ok_or(Missing("jti"))?;
        if !(1..=LONGEST_IDENTIFIER).contains(&jti.len()) {
            return Err(Identifier);
        }
        // A client id holds no space, so that no two pairs make one text.
        Ok(GoodAssertion { hash: secret_hash(&format!("{client_id} {jti}")), expires_at })
    }
}

fn check_audience(audience: &Audience, accepted: &[String]) -> Result<(), InvalidAssertion> {
    let named = match audience {
        Audience::One(one) => std::slice::from_ref(one),
        Audience::Many(many) => many.as_slice(),
    };
    let all_ours = !named.is_empty() && named.iter().all(|entry| accepted.contains(entry));
    if all_ours { Ok(()) } else { Err(InvalidAssertion::Audience) }
}

fn time(name: &'static str, date: Option<NumericDate>) -> Result<Option<Timestamp>, InvalidAssertion> {
    date.map(|date| date.time().ok_or(InvalidAssertion::NoTime(name))).transpose()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn check(changes: Value) -> Result<GoodAssertion, InvalidAssertion> {
        let mut claims = json!({
            "iss": "erp", "sub": "erp", "aud": "https://shop.example/auth", "exp": NOW + 60, "jti": "1",
        });
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => claims.as_object_mut().unwrap().remove(name),
                _ => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
            };
        }
        let claims: AssertionClaims = serde_json::from_value(claims).unwrap();
        let accepted = ["https://shop.example/auth", "https://shop.example/auth/oauth/token"].map(str::to_owned);
        claims.check("erp", &accepted, Timestamp::from_seconds(NOW))
    }

    #[test]
    fn what_is_good() {
        for changes in [
            json!({}),
            json!({ "iat": NOW, "nbf": NOW }),
            json!({ "aud": "https://shop.example/auth/oauth/token" }),
            json!({ "aud": ["https://shop.example/auth"] }),
            json!({ "aud": ["https://shop.example/auth", "https://shop.example/auth/oauth/token"] }),
            json!({ "exp": NOW + 1 }),
            json!({ "exp": NOW + 3660 }),
            json!({ "exp": NOW as f64 + 59.5, "iat": NOW as f64 + 0.5 }),
            json!({ "iat": NOW + 60, "nbf": NOW + 60 }),
            json!({ "iat": NOW - 86_400 }),
            json!({ "jti": "x".repeat(255) }),
        ] {
            assert!(check(changes.clone()).is_ok(), "{changes}");
        }
    }

    #[test]
    fn what_is_not() {
        use InvalidAssertion::*;
        for (changes, wrong) in [
            (json!({ "iss": null }), Missing("iss")),
            (json!({ "sub": null }), Missing("sub")),
            (json!({ "aud": null }), Missing("aud")),
            (json!({ "exp": null }), Missing("exp")),
            (json!({ "jti": null }), Missing("jti")),
            (json!({ "iss": "other" }), OtherClient),
            (json!({ "sub": "other" }), OtherClient),
            (json!({ "sub": "ERP" }), OtherClient),
            (json!({ "aud": "https://shop.example/auth/" }), Audience),
            (json!({ "aud": "https://other.example" }), Audience),
            (json!({ "aud": [] }), Audience),
            (json!({ "aud": ["https://shop.example/auth", "https://other.example"] }), Audience),
            (json!({ "exp": NOW }), Expired),
            (json!({ "exp": NOW - 1 }), Expired),
            (json!({ "exp": NOW as f64 + 0.9 }), Expired),
            (json!({ "exp": NOW + 3661 }), TooLong),
            (json!({ "exp": 1e300 }), NoTime("exp")),
            (json!({ "exp": -1 }), NoTime("exp")),
            (json!({ "nbf": -1e300 }), NoTime("nbf")),
            (json!({ "nbf": NOW + 61 }), NotYetValid),
            (json!({ "iat": NOW + 61 }), NotYetValid),
            (json!({ "jti": "" }), Identifier),
            (json!({ "jti": "x".repeat(256) }), Identifier),
        ] {
            assert_eq!(check(changes.clone()), Err(wrong), "{changes}");
        }
    }

    #[test]
    fn each_jti_of_a_client_has_a_hash_of_its_own() {
        let first = check(json!({})).unwrap();
        assert_eq!(check(json!({ "exp": NOW + 10 })).unwrap().hash, first.hash, "whatever else it says");
        assert_ne!(check(json!({ "jti": "2" })).unwrap().hash, first.hash);
        assert_eq!(first.expires_at, Timestamp::from_seconds(NOW + 60));
    }

    #[test]
    fn claims_of_another_kind_or_twice_are_no_assertion() {
        for text in [
            r#"{"iss":1}"#,
            r#"{"exp":"1800000060"}"#,
            r#"{"exp":1,"exp":2}"#,
            r#"{"aud":{}}"#,
            r#"{"aud":[1]}"#,
            r#"{"jti":["a"]}"#,
            "[]",
            "null",
        ] {
            assert!(serde_json::from_str::<AssertionClaims>(text).is_err(), "{text}");
        }
    }
}
