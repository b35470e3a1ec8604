//! Tokens that were verified before.

use resource_guard::TokenError;
use serde_json::json;

use crate::issuer::{Issuer, NOW, key, token, trusted};

#[tokio::test]
async fn a_token_is_kept_once_and_until_its_end() {
    let key = key();
    let issuer = Issuer::publishing(&[&key]);
    let short = token(&key, json!({ "exp": NOW + 10 }));
    for _ in 0..3 {
        issuer.guard.verify(&short).await.unwrap();
    }
    assert_eq!(issuer.guard.cached_tokens(), 1);
    issuer.let_pass(10);
    assert_eq!(issuer.guard.verify(&short).await.unwrap_err(), TokenError::Expired);
    assert_eq!(issuer.guard.cached_tokens(), 0);
}

#[tokio::test]
async fn another_key_set_makes_all_of_them_be_verified_again() {
    let (old, new) = (key(), key());
    let issuer = Issuer::publishing(&[&old]);
    let withdrawn = token(&old, json!({}));
    issuer.guard.verify(&withdrawn).await.unwrap();
    issuer.let_pass(20);
    issuer.published.keys(&[&new]);
    // Someone else's token with the new key brings the new set.
    issuer.guard.verify(&token(&new, json!({}))).await.unwrap();
    assert_eq!(issuer.guard.verify(&withdrawn).await.unwrap_err(), TokenError::UnknownKey);
    assert_eq!(issuer.guard.cached_tokens(), 1);
}

#[tokio::test]
async fn an_issuer_that_is_no_longer_trusted_takes_its_tokens_along() {
    let key = key();
    let issuer = Issuer::publishing(&[&key]);
    let token = token(&key, json!({}));
    issuer.guard.verify(&token).await.unwrap();
    let mut changed = trusted();
    changed.audience = "another-api".to_owned();
    issuer.guard.trust(vec![changed]);
    assert_eq!(issuer.guard.verify(&token).await.unwrap_err(), TokenError::WrongAudience);
    issuer.guard.trust(vec![]);
    assert_eq!(issuer.guard.verify(&token).await.unwrap_err(), TokenError::UnknownIssuer);
    issuer.guard.trust(vec![trusted()]);
    assert!(issuer.guard.verify(&token).await.is_ok());
}

#[tokio::test]
async fn issuers_that_stay_keep_their_keys() {
    let key = key();
    let issuer = Issuer::publishing(&[&key]);
    let token = token(&key, json!({}));
    issuer.guard.verify(&token).await.unwrap();
    issuer.guard.trust(vec![trusted()]);
    issuer.guard.verify(&token).await.unwrap();
    assert_eq!(issuer.published.fetches(), 1);
}
