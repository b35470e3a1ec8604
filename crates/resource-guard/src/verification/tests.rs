use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_764_000_000;
const TENANT: &str = "01K0000000000000000000000A";

fn issuer() -> TrustedIssuer {
    TrustedIssuer::new("https://shop.example/auth", TENANT.parse().unwrap(), "https://shop.example/auth/oauth/jwks")
}

fn claims(changes: Value) -> AccessTokenClaims {
    let mut claims = json!({
        "iss": "https://shop.example/auth", "aud": ["linden-api", "https://shop.example/auth"], "exp": NOW + 300,
        "iat": NOW, "nbf": NOW, "jti": TENANT, "sub": "storefront-gateway", "client_id": "storefront-gateway",
        "scope": "", "tenant_id": TENANT,
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    serde_json::from_value(claims).unwrap()
}

fn checked(changes: Value) -> Result<(), TokenError> {
    check(&claims(changes), &issuer(), NOW)
}

#[test]
fn issuer_audience_and_tenant_are_the_configured_ones() {
    assert_eq!(checked(json!({})), Ok(()));
    assert_eq!(checked(json!({ "iss": "https://shop.example/auth/" })), Err(TokenError::UnknownIssuer));
    assert_eq!(checked(json!({ "aud": ["https://shop.example/auth"] })), Err(TokenError::WrongAudience));
    assert_eq!(checked(json!({ "aud": [] })), Err(TokenError::WrongAudience));
    assert_eq!(checked(json!({ "tenant_id": "01K0000000000000000000000B" })), Err(TokenError::WrongTenant));
}

#[test]
fn a_token_ends_on_the_second_and_may_begin_a_minute_early() {
    assert_eq!(checked(json!({ "exp": NOW + 1 })), Ok(()));
    assert_eq!(checked(json!({ "exp": NOW })), Err(TokenError::Expired));
    for begin in ["nbf", "iat"] {
        assert_eq!(checked(json!({ begin: NOW + 60 })), Ok(()));
        assert_eq!(checked(json!({ begin: NOW + 61 })), Err(TokenError::NotYetValid));
    }
}

/// What has no field of its own is what users' attributes are told as.
#[test]
fn attributes_of_the_user_are_read_as_they_are() {
    let caller = crate::Caller::verified(claims(json!({ "loyalty": "gold", "clubs": ["sail"], "sid": null })));
    assert_eq!(
        (caller.attribute("loyalty"), caller.attribute("clubs")),
        (Some(&json!("gold")), Some(&json!(["sail"])))
    );
    for ours in ["iss", "sub", "authorities", "tenant_id", "customer_id", "absent"] {
        assert_eq!(caller.attribute(ours), None, "{ours}");
    }
}

proptest! {
    /// Alive means: not over, and begun as far as clocks may differ.
    #[test]
    fn times_are_a_window(exp in -100_i64..100, nbf in -100_i64..100, iat in -100_i64..100) {
        let alive = checked(json!({ "exp": NOW + exp, "nbf": NOW + nbf, "iat": NOW + iat })).is_ok();
        prop_assert_eq!(alive, exp > 0 && nbf <= 60 && iat <= 60);
    }
}
