//! The `claims` parameter (OpenID Connect Core §5.5).

use auth_core::session::ACR_PASSWORD;
use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::browser::{Authorization, Browser, Call, exchange, exchange_with};
use crate::seed::{ANNA, BEN, PASSWORD};
use crate::shop::Shop;

fn asking_for(claims: &Json) -> Authorization {
    Authorization::new().with("scope", "openid").with("claims", &claims.to_string())
}

async fn tokens(browser: &mut Browser, request: &Authorization) -> Json {
    let code = browser.send(request.call()).await.parameter("code");
    browser.send(exchange(&code)).await.json()
}

#[tokio::test]
async fn each_place_says_what_was_asked_for_there() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let claims = json!({
        "id_token": { "email": null, "nickname": { "essential": true } },
        "userinfo": { "name": { "essential": true }, "email": null, "iss": { "value": "x" } },
    });
    let answer = tokens(&mut browser, &asking_for(&claims)).await;
    assert_eq!(answer["scope"], "openid");
    let id_token = shop.id_token(&answer).await;
    assert_eq!((&id_token["email"], &id_token["name"]), (&json!("anna@shop.example"), &Json::Null));
    assert_eq!(id_token["nickname"], Json::Null, "what there is not is left out");
    let info = shop.send(Call::get("/userinfo").bearer(answer["access_token"].as_str().unwrap())).await.json();
    assert_eq!((&info["name"], &info["email"]), (&json!("ANNA Example"), &json!("anna@shop.example")));
    assert_eq!((&info["phone_number"], &info["iss"]), (&Json::Null, &Json::Null), "asked for by nobody, or no claim");
    let plain = tokens(&mut browser, &Authorization::new().with("scope", "openid")).await;
    assert_eq!(shop.id_token(&plain).await["email"], Json::Null);
}

/// A client that may not ask for the scope gets its claims no other way.
#[tokio::test]
async fn what_the_client_may_not_ask_for_by_scope_it_does_not_get_by_name() {
    let shop = Shop::open().await;
    let bank = asking_for(&json!({ "id_token": { "email": { "essential": true } }, "userinfo": { "email": null } }))
        .with("client_id", "bank");
    let pushed = shop.send(bank.pushed()).await.json();
    let request =
        Authorization::new().with("client_id", "bank").with("request_uri", pushed["request_uri"].as_str().unwrap());
    let mut browser = shop.browser();
    let code = browser.sign_in_for("anna", &request).await.parameter("code");
    let answer = shop.send(exchange_with(&code, &[("client_id", "bank")])).await.json();
    assert_eq!(shop.id_token(&answer).await["email"], Json::Null);
    let info = shop.send(Call::get("/userinfo").bearer(answer["access_token"].as_str().unwrap())).await.json();
    assert_eq!(info["email"], Json::Null);
}

#[tokio::test]
async fn a_subject_with_a_value_is_the_only_one_whose_sign_in_will_do() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let of = |user: &str| asking_for(&json!({ "id_token": { "sub": { "value": user } } }));
    let (anna, ben) = (of(&ANNA.to_string()), of(&BEN.to_string()));
    assert!(browser.send(anna.call()).await.parameters().contains_key("code"));
    for other in [&ben, &of("nobody")] {
        let silent = browser.send(other.clone().silent().call()).await;
        assert_eq!(silent.parameter("error"), "login_required");
    }
    let page = browser.sign_in_page(&ben).await;
    assert_eq!(browser.clone().submit(&page, "anna", PASSWORD).await.parameter("error"), "login_required");
    let code = browser.submit(&page, "ben", PASSWORD).await.parameter("code");
    assert_eq!(shop.id_token(&shop.send(exchange(&code)).await.json()).await["sub"], json!(BEN));
}

#[tokio::test]
async fn an_essential_acr_that_there_is_not_cannot_be_met() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let acr = |wish: Json| asking_for(&json!({ "id_token": { "acr": wish } }));
    for unmet in
        [json!({ "essential": true, "value": "urn:other" }), json!({ "essential": true, "values": ["a", "b"] })]
    {
        for request in [acr(unmet.clone()), acr(unmet.clone()).silent()] {
            let answer = browser.send(request.call()).await;
            assert_eq!(answer.parameter("error"), "unmet_authentication_requirements", "{unmet}");
        }
    }
    for met in [
        json!({ "essential": true, "values": ["urn:other", ACR_PASSWORD] }),
        json!({ "essential": true }),
        json!({ "values": ["urn:other"] }),
        Json::Null,
    ] {
        let answer = tokens(&mut browser, &acr(met.clone())).await;
        assert_eq!(shop.id_token(&answer).await["acr"], ACR_PASSWORD, "{met}");
    }
}

#[tokio::test]
async fn without_an_id_token_it_has_no_meaning_but_must_be_well_formed() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let of_ben = json!({ "id_token": { "sub": { "value": BEN }, "acr": { "essential": true, "value": "x" } } });
    let oauth = Authorization::new().with("scope", "USER").with("claims", &of_ben.to_string());
    assert!(browser.send(oauth.call()).await.parameters().contains_key("code"));
    let malformed = browser.send(oauth.with("claims", "{").call()).await;
    assert_eq!(malformed.parameter("error"), "invalid_request");
    let long = browser.send(Authorization::new().with("claims", &" ".repeat(2049)).call()).await;
    assert_eq!((long.status, long.is_redirect()), (StatusCode::BAD_REQUEST, false));
}
