use auth_core::time::Span;
use axum::http::StatusCode;
use serde_json::json;

use crate::browser::{Authorization, Call, exchange, exchange_with};
use crate::seed::{ANNA, ANNA_CUSTOMER, CUSTOMERS, GATEWAY_SECRET, TRADE_SECRET};
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
        assert_eq!(shop.send(ask().basic("trade", TRADE_SECRET)).await.status, StatusCode::UNAUTHORIZED);
    }
    let elsewhere = Call::get("/userinfo").bearer(good);
    let elsewhere = elsewhere.send(&shop.router, "http://localhost:8080/auth/s/other", "").await;
    assert_eq!(elsewhere.status, StatusCode::UNAUTHORIZED, "another server's token");
}

/// RFC 6750 §2 and §3.
#[tokio::test]
async fn a_token_comes_once_in_the_header_or_in_a_form_and_never_in_an_address() {
    let shop = Shop::open().await;
    let tokens = shop.browser().sign_in_with_tokens("anna").await;
    let good = tokens["access_token"].as_str().unwrap();
    let in_form = || Call::post("/userinfo", &[("access_token", good)]);
    let in_query = format!("/userinfo?access_token={good}");
    let as_json = Call::new("POST", "/userinfo").header("content-type", "application/json");
    let form_type = "application/x-www-form-urlencoded";
    let get_with_form = Call::get("/userinfo").header("content-type", form_type).body(format!("access_token={good}"));
    for (what, call, status, error) in [
        ("form", in_form(), 200, ""),
        ("scheme in capitals", Call::get("/userinfo").header("authorization", format!("BEARER {good}")), 200, ""),
        ("form without it", Call::post("/userinfo", &[("access_token", "")]), 401, ""),
        ("wrong in form", Call::post("/userinfo", &[("access_token", "x")]), 401, "invalid_token"),
        ("twice in form", Call::post("/userinfo", &[("access_token", good), ("access_token", good)]), 400, ""),
        ("header and form", in_form().bearer(good), 400, "invalid_request"),
        ("two headers", Call::get("/userinfo").bearer(good).bearer(good), 400, "invalid_request"),
        ("query", Call::get(&in_query), 400, "invalid_request"),
        ("query beside header", Call::get(&in_query).bearer(good), 400, "invalid_request"),
        ("query by POST", Call::new("POST", &in_query), 400, "invalid_request"),
        ("form of another media type", as_json.body(format!("access_token={good}")), 401, ""),
        ("form by GET", get_with_form, 401, ""),
        ("no text", Call::get("/userinfo").header("authorization", b"Bearer \xff"), 401, "invalid_token"),
        ("over-long", Call::get("/userinfo").bearer(&"x".repeat(10_000)), 401, "invalid_token"),
        ("over-long in form", Call::post("/userinfo", &[("access_token", &"x".repeat(10_000))]), 400, ""),
    ] {
        let answer = shop.send(call).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.body);
        let challenged = answer.header("www-authenticate").contains(&format!("error=\"{error}\""));
        assert_eq!(challenged, !error.is_empty(), "{what}: {}", answer.header("www-authenticate"));
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    }
}

#[tokio::test]
async fn a_token_without_openid_is_not_for_user_info() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let code =
        browser.sign_in_for("anna", &Authorization::new().with("scope", "USER CUSTOMER")).await.parameter("code");
    let answer = shop.send(exchange(&code)).await.json();
    let refused = shop.send(Call::get("/userinfo").bearer(answer["access_token"].as_str().unwrap())).await;
    assert_eq!((refused.status, refused.oauth_error().as_str()), (StatusCode::FORBIDDEN, "insufficient_scope"));
    let challenge = "Bearer realm=\"linden\", error=\"insufficient_scope\", scope=\"openid\"";
    assert_eq!(refused.header("www-authenticate"), challenge);
}

/// A token of a client's own is about nobody.
#[tokio::test]
async fn a_client_that_acts_for_itself_is_no_user() {
    let shop = Shop::open().await;
    let form = Call::post("/oauth/token", &[("grant_type", "client_credentials")]).basic("gateway", GATEWAY_SECRET);
    let answer = shop.send(form).await.json();
    let refused = shop.send(Call::get("/userinfo").bearer(answer["access_token"].as_str().unwrap())).await;
    assert_eq!((refused.status, refused.oauth_error().as_str()), (StatusCode::UNAUTHORIZED, "invalid_token"));
}

#[tokio::test]
async fn a_page_of_the_tokens_client_may_read_it_and_no_other() {
    let shop = Shop::open().await;
    let tokens = shop.browser().sign_in_with_tokens("anna").await;
    let good = tokens["access_token"].as_str().unwrap();
    let ask = |origin: &str, token: &str| Call::get("/userinfo").bearer(token).header("origin", origin);
    for (origin, token, allowed) in [
        ("http://localhost:8080", good, true),
        ("https://partner.example", good, false),
        ("https://evil.example", good, false),
        ("null", good, false),
        ("http://localhost:8080", "x", true),
        ("https://partner.example", "x", true),
        ("https://evil.example", "x", false),
    ] {
        let answer = shop.send(ask(origin, token)).await;
        assert_eq!(answer.header("access-control-allow-origin") == origin, allowed, "{origin} {token}");
    }
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
