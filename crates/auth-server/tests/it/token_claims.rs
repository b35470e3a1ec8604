//! The token response and the tokens, member by member against the contract.

use std::collections::BTreeSet;

use auth_core::time::{Span, Timestamp};
use auth_protocol::jws::PresentedToken;
use aws_lc_rs::digest::{SHA256, digest};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use crate::browser::{Authorization, Browser, exchange, exchange_with};
use crate::seed::{ANNA, ANNA_CUSTOMER, APPLICATION, CUSTOMERS, TENANT, TRADE_SECRET};
use crate::shop::{ISSUER, START, Shop};

fn names(value: &Json) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn set<const N: usize>(names: [&'static str; N]) -> BTreeSet<&'static str> {
    names.into_iter().collect()
}

async fn tokens(shop: &Shop, browser: &mut Browser, request: &Authorization) -> Json {
    let code = browser.send(request.call()).await.parameter("code");
    let answer = shop.send(exchange(&code)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()
}

#[tokio::test]
async fn a_first_party_client_gets_identity_and_session_times_beside_its_tokens() {
    let shop = Shop::open().await;
    let answer = shop.browser().sign_in_with_tokens("anna").await;
    let mut shown = answer.clone();
    for secret in ["access_token", "id_token"] {
        assert_eq!(shown[secret].as_str().unwrap().split('.').count(), 3, "{secret}");
        shown.as_object_mut().unwrap().remove(secret);
    }
    let start = START.seconds();
    assert_eq!(
        shown,
        json!({
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "openid USER CUSTOMER",
            "sub": ANNA,
            "user_id": ANNA,
            "username": "anna",
            "full_name": "ANNA Example",
            "email_address": "anna@shop.example",
            "user_type": "CUSTOMER",
            "customer_id": ANNA_CUSTOMER,
            "customer_context_ids": [CUSTOMERS],
            "exp": start + 300,
            "max": start + 12 * 3600,
            "inactivity_at": start + 1800,
            "remember_me_available": false,
        })
    );
}

#[tokio::test]
async fn an_access_token_has_the_claims_of_the_contract_and_no_others() {
    let shop = Shop::open().await;
    let answer = shop.browser().sign_in_with_tokens("anna").await;
    let header = PresentedToken::read(answer["access_token"].as_str().unwrap()).unwrap().header;
    assert_eq!((header.alg.as_str(), header.typ.as_deref()), ("ES256", Some("at+jwt")));
    let claims = shop.access_token(&answer).await;
    let mut known = claims.clone();
    for id in ["jti", "sid", "gid"] {
        assert_eq!(claims[id].as_str().unwrap().len(), 26, "{id} is a ULID");
        known.as_object_mut().unwrap().remove(id);
    }
    let start = START.seconds();
    assert_eq!(
        known,
        json!({
            "iss": ISSUER,
            "aud": ["linden-api", ISSUER],
            "exp": start + 300,
            "iat": start,
            "nbf": start,
            "sub": ANNA,
            "client_id": "storefront",
            "scope": "openid USER CUSTOMER",
            "authorities": [
                "READ_ACCOUNT", "READ_ITEM_LIST", "CREATE_ITEM_LIST", "UPDATE_ITEM_LIST", "DELETE_ITEM_LIST",
                "ALL_ITEM_LIST", "USER", "CUSTOMER",
            ],
            "max": start + 12 * 3600,
            "tenant_id": TENANT,
            "application_id": APPLICATION,
            "user_id": ANNA,
            "username": "anna",
            "full_name": "ANNA Example",
            "email_address": "anna@shop.example",
            "user_type": "CUSTOMER",
            "customer_id": ANNA_CUSTOMER,
            "customer_context_ids": [CUSTOMERS],
        }),
        "READ_PAYMENT is held, and no scope names it"
    );
    assert!(answer["access_token"].as_str().unwrap().len() < 4096);
}

#[tokio::test]
async fn an_id_token_speaks_of_the_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    shop.wait(Span::seconds(100));
    let request = Authorization::new().with("scope", "openid profile email phone");
    let answer = tokens(&shop, &mut browser, &request).await;
    let header = PresentedToken::read(answer["id_token"].as_str().unwrap()).unwrap().header;
    assert_eq!((header.alg.as_str(), header.typ.as_deref()), ("ES256", Some("JWT")));
    let hash = digest(&SHA256, answer["access_token"].as_str().unwrap().as_bytes());
    let now = START.seconds() + 100;
    let access_token = shop.access_token(&answer).await;
    assert_eq!(
        shop.id_token(&answer).await,
        json!({
            "iss": ISSUER,
            "sub": ANNA,
            "aud": "storefront",
            "exp": now + 300,
            "iat": now,
            "auth_time": START.seconds(),
            "sid": access_token["sid"],
            "acr": "urn:linden:acr:password",
            "amr": ["pwd"],
            "at_hash": URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]),
            "nonce": "nonce-1",
            "name": "ANNA Example",
            "preferred_username": "anna",
            "email": "anna@shop.example",
            "phone_number": "+47 55 00 00 00",
        })
    );
}

#[tokio::test]
async fn profile_claims_come_only_from_the_scopes_that_grant_them() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    for (scope, granted) in [
        ("openid", vec![]),
        ("openid profile", vec!["name", "preferred_username"]),
        ("openid email", vec!["email"]),
        ("openid phone", vec!["phone_number"]),
    ] {
        let answer = tokens(&shop, &mut browser, &Authorization::new().with("scope", scope)).await;
        let claims = shop.id_token(&answer).await;
        let mut found = names(&claims);
        for always in ["iss", "sub", "aud", "exp", "iat", "auth_time", "sid", "acr", "amr", "at_hash", "nonce"] {
            assert!(found.remove(always), "{always}");
        }
        assert_eq!(found.into_iter().collect::<Vec<_>>(), granted, "{scope}");
    }
}

#[tokio::test]
async fn scopes_are_narrowed_and_the_answer_says_so() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let request = Authorization::new().with("scope", "CUSTOMER STAFF GUEST address UNKNOWN USER CUSTOMER");
    let answer = tokens(&shop, &mut browser, &request).await;
    assert_eq!(
        answer["scope"], "CUSTOMER USER",
        "not STAFF, which she has nothing of, nor what the client may not ask for"
    );
    assert!(answer.get("id_token").is_none(), "openid was not asked for");
    let claims = shop.access_token(&answer).await;
    assert!(!claims["authorities"].as_array().unwrap().contains(&json!("STAFF")));

    let none = tokens(&shop, &mut browser, &Authorization::new().without("scope")).await;
    assert_eq!((none["scope"].as_str(), none.get("id_token")), (Some(""), None));
}

#[tokio::test]
async fn a_third_partys_answer_is_plain_oauth_and_its_id_token_is_rs256() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let uri = "https://trade.example/callback";
    let code = browser.send(Authorization::of("trade", uri).call()).await.parameter("code");
    let call = exchange_with(&code, &[("client_id", ""), ("redirect_uri", uri)]).basic("trade", TRADE_SECRET);
    let answer = shop.send(call).await.json();
    assert_eq!(names(&answer), set(["access_token", "token_type", "expires_in", "scope", "id_token"]));
    assert_eq!(PresentedToken::read(answer["id_token"].as_str().unwrap()).unwrap().header.alg, "RS256");
    assert_eq!(shop.id_token(&answer).await["aud"], "trade");
    assert!(shop.access_token(&answer).await.get("application_id").is_none());
}

#[tokio::test]
async fn lifetimes_are_the_clients_and_never_reach_beyond_the_sessions_end() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let short = Authorization::new().with("client_id", "storefront-5s");
    let code = browser.send(short.call()).await.parameter("code");
    let answer = shop.send(exchange_with(&code, &[("client_id", "storefront-5s")])).await.json();
    assert_eq!((answer["expires_in"].as_i64(), answer["exp"].as_i64()), (Some(5), Some(START.seconds() + 5)));

    let hard_end = START + Span::seconds(12 * 3600);
    while shop.now() < hard_end - Span::minutes(25) {
        shop.wait(Span::minutes(20));
        browser.send(Authorization::new().silent().call()).await.parameter("code");
    }
    shop.clock.set(hard_end - Span::seconds(10));
    let late = tokens(&shop, &mut browser, &Authorization::new()).await;
    let end = json!(hard_end.seconds());
    assert_eq!((&late["expires_in"], &late["exp"], &late["max"]), (&json!(10), &end, &end));
    assert_eq!(late["inactivity_at"], end, "inactivity never reaches beyond it either");
}

#[tokio::test]
async fn the_nonce_is_of_the_request_and_absent_without_one() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    for nonce in [Some("n-0S6_WzA2Mj"), None] {
        let request =
            nonce.map_or(Authorization::new().without("nonce"), |nonce| Authorization::new().with("nonce", nonce));
        let answer = tokens(&shop, &mut browser, &request).await;
        assert_eq!(shop.id_token(&answer).await.get("nonce").and_then(Json::as_str), nonce);
    }
}

#[tokio::test]
async fn a_clock_set_back_shortens_no_session_and_lengthens_none() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let code = browser.sign_in("anna").await;
    shop.clock.set(Timestamp(START.0 - Span::minutes(10).0));
    let answer = shop.send(exchange(&code)).await.json();
    assert_eq!(answer["max"], START.seconds() + 12 * 3600);
    assert_eq!(answer["inactivity_at"], START.seconds() + 1800, "what is stored is what is reported");
}
