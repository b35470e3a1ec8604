use auth_core::time::Span;
use axum::http::StatusCode;
use serde_json::json;

use crate::browser::{Authorization, Call, exchange, exchange_with};
use crate::seed::{ANNA, ANNA_CUSTOMER, CUSTOMERS, TRADE_SECRET};
use crate::shop::{Shop, just_short_of};

#[tokio::test]
async fn a_first_party_client_is_told_who_it_is() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let request = Authorization::new().with("scope", "openid profile email USER");
    let code = browser.sign_in_for("anna", &request).await.parameter("code");
    let answer = shop.send(exchange(&code)).await.json();
    let token = answer["access_token"].as_str().unwrap();
    for call in [Call::get("/userinfo"), Call::new("POST", "/userinfo")] {
        let info = shop.send(call.bearer(token)).await;
        assert_eq!((info.status, info.header("cache-control")), (StatusCode::OK, "no-store"));
        assert_eq!(
            info.json(),
            json!({
                "sub": ANNA,
                "name": "ANNA Example",
                "preferred_username": "anna",
                "email": "anna@shop.example",
                "user_id": ANNA,
                "username": "anna",
                "full_name": "ANNA Example",
                "email_address": "anna@shop.example",
                "user_type": "CUSTOMER",
                "customer_id": ANNA_CUSTOMER,
                "customer_context_ids": [CUSTOMERS],
            })
        );
    }
}

#[tokio::test]
async fn a_third_party_is_told_what_its_scopes_grant() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let uri = "https://trade.example/callback";
    let request = Authorization::of("trade", uri).with("scope", "openid email");
    let code = browser.sign_in_for("anna", &request).await.parameter("code");
    let call = exchange_with(&code, &[("client_id", ""), ("redirect_uri", uri)]).basic("trade", TRADE_SECRET);
    let token = shop.send(call).await.json();
    let info = shop.send(Call::get("/userinfo").bearer(token["access_token"].as_str().unwrap())).await;
    assert_eq!(info.json(), json!({ "sub": ANNA, "email": "anna@shop.example" }));
}

#[tokio::test]
pub async fn without_a_valid_access_token_nothing_is_told() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let (good, id_token) = (tokens["access_token"].as_str().unwrap(), tokens["id_token"].as_str().unwrap());
    for method in ["GET", "POST"] {
        let ask = || Call::new(method, "/userinfo");
        let missing = browser.send(ask()).await;
        assert_eq!(missing.status, StatusCode::UNAUTHORIZED, "a session cookie is no access token");
        assert_eq!(missing.header("www-authenticate"), "Bearer realm=\"linden\"");
        let mut forged = good.to_owned();
        let within_signature = forged.len() - 6..forged.len() - 5;
        let other = if &forged[within_signature.clone()] == "A" { "B" } else { "A" };
        forged.replace_range(within_signature, other);
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", good.split('.').nth(1).unwrap());
        for wrong in ["", "x", "a.b.c", id_token, &forged, &unsigned] {
            let refused = shop.send(ask().bearer(wrong)).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{wrong}");
            assert!(refused.header("www-authenticate").contains("error=\"invalid_token\""), "{wrong}");
            assert_eq!(refused.oauth_error(), "invalid_token");
        }
        let twice = ask().bearer(good).bearer(good);
        assert_eq!(shop.send(twice).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(shop.send(ask().basic("trade", TRADE_SECRET)).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            shop.send(ask().at(&format!("/userinfo?access_token={good}"))).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let elsewhere = Call::get("/userinfo").bearer(good);
    let elsewhere = elsewhere.send(&shop.router, "http://localhost:8080/auth/s/other", "").await;
    assert_eq!(elsewhere.status, StatusCode::UNAUTHORIZED, "another server's token");
}

#[tokio::test]
async fn a_token_counts_until_it_expires_its_session_ends_or_its_user_is_disabled() {
    let shop = Shop::open().await;
    let status = async |token: &str| shop.send(Call::get("/userinfo").bearer(token)).await.status;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let token = tokens["access_token"].as_str().unwrap();
    shop.wait(just_short_of(Span::seconds(300)));
    assert_eq!(status(token).await, StatusCode::OK);
    shop.wait(Span(1));
    assert_eq!(status(token).await, StatusCode::UNAUTHORIZED);

    let code = browser.send(Authorization::new().call()).await.parameter("code");
    let tokens = shop.send(exchange(&code)).await.json();
    let (token, hint) = (tokens["access_token"].as_str().unwrap(), tokens["id_token"].as_str().unwrap());
    assert_eq!(status(token).await, StatusCode::OK);
    browser.send(Call::post("/logout", &[("id_token_hint", hint)])).await;
    assert_eq!(status(token).await, StatusCode::UNAUTHORIZED);

    let tokens = shop.browser().sign_in_with_tokens("ben").await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(status(token).await, StatusCode::OK);
    crate::authorize::disable("ben", &shop).await;
    assert_eq!(status(token).await, StatusCode::UNAUTHORIZED);
}
