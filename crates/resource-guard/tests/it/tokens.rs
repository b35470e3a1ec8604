//! Tokens that must not be believed.

use auth_protocol::jws::{Algorithm, ID_TOKEN};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use resource_guard::TokenError;
use serde_json::{Value, json};

use crate::issuer::{CUSTOMER, Issuer, NOW, OTHER_TENANT, TENANT, claims, key, key_of, token};

#[tokio::test]
async fn a_good_token_says_who_calls() {
    let key = key();
    let issuer = Issuer::publishing(&[&key]);
    let caller = issuer.guard.verify(&token(&key, json!({}))).await.unwrap();
    assert_eq!(caller.tenant_id(), TENANT.parse().unwrap());
    assert_eq!(caller.customer_id(), Some(CUSTOMER.parse().unwrap()));
    assert_eq!(caller.claims().sub, "anna");
}

#[tokio::test]
async fn claims_that_do_not_fit_the_issuer_are_refused() {
    let key = key();
    let issuer = Issuer::publishing(&[&key]);
    for (changes, error) in [
        (json!({ "exp": NOW }), TokenError::Expired),
        (json!({ "nbf": NOW + 120 }), TokenError::NotYetValid),
        (json!({ "iss": "https://evil.example/auth" }), TokenError::UnknownIssuer),
        (json!({ "tenant_id": OTHER_TENANT }), TokenError::WrongTenant),
        (json!({ "tenant_id": null }), TokenError::Malformed),
        (json!({ "aud": ["other-api"] }), TokenError::WrongAudience),
        (json!({ "aud": null }), TokenError::Malformed),
        (json!({ "exp": null }), TokenError::Malformed),
    ] {
        assert_eq!(issuer.guard.verify(&token(&key, changes.clone())).await.unwrap_err(), error, "{changes}");
    }
    assert_eq!(issuer.guard.cached_tokens(), 0);
}

#[tokio::test]
async fn an_id_token_is_no_access_token() {
    let key = key();
    let issuer = Issuer::publishing(&[&key]);
    let id_token = key.sign(ID_TOKEN, &claims(json!({}))).unwrap();
    assert_eq!(issuer.guard.verify(&id_token).await.unwrap_err(), TokenError::WrongType);
}

#[tokio::test]
async fn forgeries_are_refused() {
    let (key, foreign) = (key(), key());
    let issuer = Issuer::publishing(&[&key]);
    let good = token(&key, json!({}));
    let parts: Vec<&str> = good.split('.').collect();
    let with = |header: Value, claims: Value, signature: &str| {
        format!(
            "{}.{}.{signature}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        )
    };
    let kid = key.public().key_id();
    let header = |alg: &str| json!({ "alg": alg, "typ": "at+jwt", "kid": kid });
    let with_crit = json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid, "crit": ["b64"] });
    let by_foreign_key = token(&foreign, json!({}));
    let foreign_signature = by_foreign_key.rsplit('.').next().unwrap();
    for (forged, error) in [
        (with(header("none"), claims(json!({})), ""), None),
        (with(header("None"), claims(json!({})), parts[2]), None),
        (with(header("HS256"), claims(json!({})), parts[2]), None),
        (with(header("ES256"), claims(json!({ "customer_id": TENANT })), parts[2]), Some(TokenError::Signature)),
        (with(header("ES256"), claims(json!({})), foreign_signature), Some(TokenError::Signature)),
        (with(json!({ "alg": "ES256", "typ": "at+jwt" }), claims(json!({})), parts[2]), Some(TokenError::Malformed)),
        (with(header("ES256"), json!({ "aud": ["linden-api"] }), parts[2]), Some(TokenError::Malformed)),
        (with(header("ES256"), json!("no claims"), parts[2]), Some(TokenError::Malformed)),
        (with(with_crit, claims(json!({})), parts[2]), Some(TokenError::Malformed)),
        (by_foreign_key.clone(), Some(TokenError::UnknownKey)),
        (format!("{good}.x"), Some(TokenError::Malformed)),
        (format!("{good}{}", "A".repeat(9_000)), Some(TokenError::Malformed)),
    ] {
        let answer = issuer.guard.verify(&forged).await.unwrap_err();
        assert!(error.is_none_or(|expected| expected == answer), "{forged}: {answer:?}");
    }
    assert!(issuer.guard.verify(&good).await.is_ok());
}

#[tokio::test]
async fn a_key_of_one_issuer_signs_for_no_other() {
    let (key, other) = (key(), key());
    let issuer = Issuer::publishing(&[&key]);
    // Another trusted issuer with the same key set address, for another tenant.
    let mut admin = crate::issuer::trusted();
    admin.issuer = "https://admin.example/auth".to_owned();
    admin.tenant_id = OTHER_TENANT.parse().unwrap();
    issuer.guard.trust(vec![crate::issuer::trusted(), admin]);
    let across = token(&key, json!({ "iss": "https://admin.example/auth" }));
    assert_eq!(issuer.guard.verify(&across).await.unwrap_err(), TokenError::WrongTenant);
    let unknown = token(&other, json!({}));
    assert_eq!(issuer.guard.verify(&unknown).await.unwrap_err(), TokenError::UnknownKey);
}

const ALGORITHMS: [Algorithm; 3] = [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa];

#[tokio::test]
async fn a_key_of_each_algorithm_is_taken_and_they_may_stand_beside_each_other() {
    let keys = ALGORITHMS.map(key_of);
    let issuer = Issuer::publishing(&keys.each_ref());
    for key in &keys {
        assert!(issuer.guard.verify(&token(key, json!({}))).await.is_ok(), "{key:?}");
    }
    assert_eq!(issuer.published.fetches(), 1);
}

/// What a key is for says the key set, never the token.
#[tokio::test]
async fn a_key_takes_no_other_algorithm_than_its_own() {
    let keys = ALGORITHMS.map(key_of);
    let issuer = Issuer::publishing(&keys.each_ref());
    for key in &keys {
        for other in ALGORITHMS.into_iter().filter(|other| *other != key.algorithm()) {
            let good = token(key, json!({}));
            let (header, rest) = good.split_once('.').unwrap();
            let header = String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
            let header = header.replace(key.algorithm().name(), other.name());
            let forged = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header));
            let answer = issuer.guard.verify(&forged).await.unwrap_err();
            assert_eq!(answer, TokenError::Signature, "{key:?} as {}", other.name());
        }
    }
}
