//! How often key sets are fetched, and how old they may be.

use futures::future::join_all;
use resource_guard::TokenError;
use serde_json::json;

use crate::issuer::{Issuer, NOW, key, token};

const LONG: i64 = NOW + 100_000;

/// When the fetch under way has ended.
async fn refused_in_the_end(issuer: &Issuer, token: &str) {
    for _ in 0..10_000 {
        match issuer.guard.verify(token).await {
            Ok(_) => tokio::task::yield_now().await,
            Err(refused) => return assert_eq!(refused, TokenError::UnknownKey),
        }
    }
    panic!("the new set was never fetched");
}

#[tokio::test]
async fn many_callers_lead_to_one_fetch() {
    let key = key();
    let issuer = Issuer::behind_a_closed_gate(&[&key]);
    let tokens: Vec<String> = (0..50).map(|number| token(&key, json!({ "sub": format!("user {number}") }))).collect();
    let callers = join_all(tokens.iter().map(|token| issuer.guard.verify(token)));
    let open = async {
        while issuer.published.fetches() == 0 {
            tokio::task::yield_now().await;
        }
        issuer.published.gate.add_permits(50);
    };
    let (answers, ()) = tokio::join!(callers, open);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(issuer.published.fetches(), 1);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_stop_the_fetch() {
    let key = key();
    let issuer = Issuer::behind_a_closed_gate(&[&key]);
    let guard = issuer.guard.clone();
    let first = token(&key, json!({}));
    let impatient = tokio::spawn(async move { guard.verify(&first).await });
    while issuer.published.fetches() == 0 {
        tokio::task::yield_now().await;
    }
    impatient.abort();
    issuer.published.gate.add_permits(1);
    assert!(issuer.guard.verify(&token(&key, json!({ "sub": "ben" }))).await.is_ok());
    assert_eq!(issuer.published.fetches(), 1);
}

#[tokio::test]
async fn invented_key_ids_cannot_make_us_fetch_without_end() {
    let (ours, foreign) = (key(), key());
    let issuer = Issuer::publishing(&[&ours]);
    let good = token(&ours, json!({ "exp": LONG }));
    issuer.guard.verify(&good).await.unwrap();
    let flood: Vec<String> = (0..100).map(|number| token(&foreign, json!({ "sub": number.to_string() }))).collect();
    for _ in 0..2 {
        for answer in join_all(flood.iter().map(|token| issuer.guard.verify(token))).await {
            assert_eq!(answer.unwrap_err(), TokenError::UnknownKey);
        }
    }
    assert_eq!(issuer.published.fetches(), 2, "the first, and one for a thousand unknown ids");
    issuer.let_pass(10);
    for _ in 0..2 {
        assert!(issuer.guard.verify(&flood[0]).await.is_err());
    }
    assert_eq!(issuer.published.fetches(), 4, "one since the set was old, one for an unknown id");
    assert!(issuer.guard.verify(&good).await.is_ok());
}

#[tokio::test]
async fn a_new_key_is_learned_when_it_is_first_met() {
    let (old, new) = (key(), key());
    let issuer = Issuer::publishing(&[&old]);
    let before = token(&old, json!({ "exp": LONG }));
    issuer.guard.verify(&before).await.unwrap();
    issuer.let_pass(15);
    issuer.published.keys(&[&old, &new]);
    assert!(issuer.guard.verify(&token(&new, json!({ "exp": LONG }))).await.is_ok());
    assert!(issuer.guard.verify(&before).await.is_ok());
    assert_eq!(issuer.published.fetches(), 2);
}

/// As when a key is made for a client that is the first to ask for its algorithm.
#[tokio::test]
async fn a_key_that_is_made_right_after_a_fetch_is_learned_at_once() {
    let (old, new, newer) = (key(), key(), key());
    let issuer = Issuer::publishing(&[&old]);
    issuer.guard.verify(&token(&old, json!({}))).await.unwrap();
    issuer.published.keys(&[&old, &new]);
    assert!(issuer.guard.verify(&token(&new, json!({}))).await.is_ok());
    issuer.published.keys(&[&old, &new, &newer]);
    let next = token(&newer, json!({}));
    assert_eq!(issuer.guard.verify(&next).await.unwrap_err(), TokenError::UnknownKey, "one search in ten seconds");
    issuer.let_pass(10);
    assert!(issuer.guard.verify(&next).await.is_ok());
    assert_eq!(issuer.published.fetches(), 3);
}

#[tokio::test]
async fn a_withdrawn_key_counts_for_two_seconds_at_most() {
    let (old, new) = (key(), key());
    for since_last_fetch in [3, 300, 80_000] {
        let issuer = Issuer::publishing(&[&old]);
        let token = token(&old, json!({ "exp": LONG }));
        issuer.guard.verify(&token).await.unwrap();
        issuer.published.keys(&[&new]);
        assert!(issuer.guard.verify(&token).await.is_ok());
        issuer.let_pass(since_last_fetch);
        assert_eq!(issuer.guard.verify(&token).await.unwrap_err(), TokenError::UnknownKey);
    }
}

/// Callers come all the time, and none of them waits.
#[tokio::test]
async fn under_traffic_a_withdrawn_key_counts_for_two_seconds_too() {
    let (old, new) = (key(), key());
    let issuer = Issuer::publishing(&[&old]);
    let token = token(&old, json!({ "exp": LONG }));
    issuer.guard.verify(&token).await.unwrap();
    issuer.published.keys(&[&new]);
    issuer.let_pass(1);
    assert!(issuer.guard.verify(&token).await.is_ok(), "the fetch has only begun");
    refused_in_the_end(&issuer, &token).await;
    assert_eq!(issuer.published.fetches(), 3, "the first, the newer one, and a search for the key that is gone");
}

#[tokio::test]
async fn an_old_set_serves_until_there_is_a_new_one() {
    let (old, new) = (key(), key());
    let issuer = Issuer::publishing(&[&old]);
    let by_old = token(&old, json!({ "exp": LONG }));
    issuer.guard.verify(&by_old).await.unwrap();
    issuer.published.fail(true);
    issuer.let_pass(3_600);
    for _ in 0..2 {
        assert!(issuer.guard.verify(&by_old).await.is_ok());
        assert_eq!(issuer.published.fetches(), 2, "not again within the same second");
    }
    issuer.let_pass(86_400);
    assert!(issuer.guard.verify(&by_old).await.is_ok());
    issuer.published.fail(false);
    issuer.published.keys(&[&new]);
    issuer.let_pass(1);
    refused_in_the_end(&issuer, &by_old).await;
    assert!(issuer.guard.verify(&token(&new, json!({ "exp": LONG }))).await.is_ok());
}

#[tokio::test]
async fn without_any_key_set_it_is_our_fault_not_the_tokens() {
    let key = key();
    let issuer = Issuer::publishing(&[&key]);
    for nonsense in ["", "[]", "{}", "<html>"] {
        issuer.published.document(nonsense);
        issuer.let_pass(1);
        let answer = issuer.guard.verify(&token(&key, json!({}))).await.unwrap_err();
        assert_eq!(answer, TokenError::KeysUnavailable, "{nonsense}");
    }
}

#[tokio::test]
async fn keys_that_we_do_not_know_are_passed_over() {
    let (ours, encryption) = (key(), key());
    let issuer = Issuer::publishing(&[]);
    let mut for_encryption = json!(encryption.public());
    for_encryption["use"] = json!("enc");
    let unknown = json!({ "kty": "XYZ", "kid": "future", "alg": "ML-DSA-44" });
    issuer.published.document(json!({ "keys": [unknown, for_encryption, 7, ours.public()] }).to_string());
    assert!(issuer.guard.verify(&token(&ours, json!({}))).await.is_ok());
    let refused = issuer.guard.verify(&token(&encryption, json!({}))).await.unwrap_err();
    assert_eq!(refused, TokenError::UnknownKey);
}

#[tokio::test]
async fn a_refresh_that_hangs_keeps_nobody_waiting_whose_key_is_known() {
    let key = key();
    let issuer = Issuer::behind_a_closed_gate(&[&key]);
    issuer.published.gate.add_permits(1);
    issuer.guard.verify(&token(&key, json!({ "exp": LONG }))).await.unwrap();
    issuer.let_pass(300);
    let (guard, first) = (issuer.guard.clone(), token(&key, json!({ "exp": LONG, "sub": "first" })));
    let refreshing = tokio::spawn(async move { guard.verify(&first).await });
    while issuer.published.fetches() < 2 {
        tokio::task::yield_now().await;
    }
    assert!(issuer.guard.verify(&token(&key, json!({ "exp": LONG, "sub": "second" }))).await.is_ok());
    issuer.published.gate.add_permits(1);
    assert!(refreshing.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_clock_set_back_makes_a_set_old() {
    let key = key();
    let issuer = Issuer::publishing(&[&key]);
    issuer.let_pass(50_000);
    issuer.guard.verify(&token(&key, json!({ "exp": LONG }))).await.unwrap();
    issuer.let_pass(-50_000);
    issuer.guard.verify(&token(&key, json!({ "exp": LONG, "sub": "again" }))).await.unwrap();
    assert_eq!(issuer.published.fetches(), 2);
}
