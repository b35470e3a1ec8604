//! Attributes of users as claims, where the server's map says so.

use auth_core::server::{ClaimMapping, ClaimPlace, ServerSettings};
use database::{Statement, params};
use serde_json::{Value as Json, json};

use crate::browser::{Authorization, Call, exchange, exchange_with};
use crate::seed::{ANNA, SERVER, TRADE_SECRET, administer};
use crate::shop::Shop;

static SET_ATTRIBUTES: Statement =
    Statement::new("SET_ATTRIBUTES", "UPDATE users SET attributes = $3 WHERE server_id = $1 AND user_id = $2");

fn mapping(attribute: &str, claim: &str, places: &[ClaimPlace]) -> ClaimMapping {
    ClaimMapping {
        attribute: attribute.to_owned(),
        claim: claim.to_owned(),
        places: places.to_vec(),
        scope: None,
        longest_bytes: 64,
    }
}

const EVERYWHERE: [ClaimPlace; 3] = [ClaimPlace::AccessToken, ClaimPlace::IdToken, ClaimPlace::Userinfo];

async fn shop(claims: Vec<ClaimMapping>) -> Shop {
    let shop = Shop::open_with(ServerSettings { claims, ..ServerSettings::default() }).await;
    let attributes = r#"{"clubs":["sail","ski"],"employee":17,"tier":"gold","vip":true}"#;
    let values = params![SERVER.bytes(), ANNA.bytes(), attributes].to_vec();
    administer(&shop.database, vec![(&SET_ATTRIBUTES, values)]).await;
    shop
}

/// Access token, ID token and user info.
async fn told(shop: &Shop, answer: &Json) -> [Json; 3] {
    let info = shop.send(Call::get("/userinfo").bearer(answer["access_token"].as_str().unwrap())).await.json();
    [shop.access_token(answer).await, shop.id_token(answer).await, info]
}

#[tokio::test]
async fn attributes_are_told_in_their_places_as_they_are() {
    let shop = shop(vec![
        mapping("tier", "loyalty", &EVERYWHERE),
        mapping("vip", "vip", &[ClaimPlace::AccessToken]),
        mapping("employee", "https://shop.example/employee", &[ClaimPlace::IdToken]),
        mapping("clubs", "clubs", &[ClaimPlace::Userinfo]),
        mapping("absent", "absent", &EVERYWHERE),
    ])
    .await;
    let answer = shop.browser().sign_in_with_tokens("anna").await;
    let [access, id, info] = told(&shop, &answer).await;
    let named = |claims: &Json| {
        ["loyalty", "vip", "https://shop.example/employee", "clubs", "absent"].map(|name| claims[name].clone())
    };
    assert_eq!(named(&access), [json!("gold"), json!(true), Json::Null, Json::Null, Json::Null]);
    assert_eq!(named(&id), [json!("gold"), Json::Null, json!(17), Json::Null, Json::Null]);
    assert_eq!(named(&info), [json!("gold"), Json::Null, Json::Null, json!(["sail", "ski"]), Json::Null]);
    assert!(answer.get("loyalty").is_none(), "beside the tokens stand the identity claims alone");

    let document = shop.send(Call::get("/.well-known/openid-configuration")).await.json();
    let supported = document["claims_supported"].as_array().unwrap();
    assert!(supported.contains(&json!("loyalty")) && supported.contains(&json!("clubs")));
    assert!(!supported.contains(&json!("vip")), "what is for services is not announced to clients");

    let of_ben = shop.browser().sign_in_with_tokens("ben").await;
    assert_eq!(
        told(&shop, &of_ben).await.map(|claims| claims["loyalty"].clone()),
        [Json::Null, Json::Null, Json::Null]
    );
}

#[tokio::test]
async fn no_map_in_the_database_overwrites_a_claim_of_ours() {
    let names = ["sub", "iss", "aud", "authorities", "scope", "customer_id", "sid", "acr", "email", "username", "act"];
    let plain = shop(vec![]).await;
    let mapped = shop(names.iter().map(|claim| mapping("tier", claim, &EVERYWHERE)).collect()).await;
    let request = Authorization::new().with("scope", "openid email USER CUSTOMER");
    let tell = async |shop: &Shop| {
        let code = shop.browser().sign_in_for("anna", &request).await.parameter("code");
        told(shop, &shop.send(exchange(&code)).await.json()).await
    };
    for (plain, mapped) in tell(&plain).await.into_iter().zip(tell(&mapped).await) {
        for name in names.iter().filter(|name| **name != "sid") {
            assert_eq!(plain[name], mapped[name], "{name}");
        }
        assert_ne!(mapped["sid"], json!("gold"));
    }
}

#[tokio::test]
async fn a_third_party_is_told_by_scope_alone() {
    let by_scope = ClaimMapping { scope: Some("profile".to_owned()), ..mapping("tier", "loyalty", &EVERYWHERE) };
    let shop = shop(vec![by_scope, mapping("vip", "vip", &EVERYWHERE)]).await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let uri = "https://trade.example/callback";
    for (scope, loyalty) in [("openid profile", json!("gold")), ("openid", Json::Null)] {
        let code = browser.send(Authorization::of("trade", uri).with("scope", scope).call()).await.parameter("code");
        let call = exchange_with(&code, &[("client_id", ""), ("redirect_uri", uri)]).basic("trade", TRADE_SECRET);
        let answer = shop.send(call).await.json();
        for claims in told(&shop, &answer).await {
            assert_eq!((&claims["loyalty"], &claims["vip"]), (&loyalty, &Json::Null), "{scope}");
        }
    }
}

#[tokio::test]
async fn a_value_that_outgrew_its_claim_is_left_out_and_nobody_is_locked_out() {
    let short = ClaimMapping { longest_bytes: 5, ..mapping("tier", "loyalty", &EVERYWHERE) };
    let shop = shop(vec![short, mapping("vip", "vip", &EVERYWHERE)]).await;
    let answer = shop.browser().sign_in_with_tokens("anna").await;
    for claims in told(&shop, &answer).await {
        assert_eq!((&claims["loyalty"], &claims["vip"]), (&Json::Null, &json!(true)));
    }
}
