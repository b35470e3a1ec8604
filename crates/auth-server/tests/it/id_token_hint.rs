//! `id_token_hint` at the authorization endpoint: nobody else's sign-in will do.

use auth_core::time::Span;
use axum::http::StatusCode;

use crate::browser::{Authorization, Browser, exchange_with};
use crate::seed::PASSWORD;
use crate::shop::Shop;

async fn id_token(browser: &mut Browser, username: &str) -> String {
    let tokens = browser.sign_in_with_tokens(username).await;
    tokens["id_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_own_hint_is_met_even_when_it_has_expired() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let hint = id_token(&mut browser, "anna").await;
    shop.wait(Span::minutes(20));
    let silent = Authorization::new().silent().with("id_token_hint", &hint);
    assert!(browser.send(silent.call()).await.parameters().contains_key("code"));
}

#[tokio::test]
async fn with_another_user_signed_in_it_is_login_required_or_the_sign_in_page() {
    let shop = Shop::open().await;
    let hint = id_token(&mut shop.browser(), "anna").await;
    let mut browser = shop.browser();
    browser.sign_in("ben").await;
    let silent = browser.send(Authorization::new().silent().with("id_token_hint", &hint).call()).await;
    assert_eq!(silent.parameter("error"), "login_required");
    let hinted = Authorization::new().with("id_token_hint", &hint);
    let page = browser.sign_in_page(&hinted).await;
    // The password may be right: a code for somebody else is not what was asked for.
    let ben = browser.clone().submit(&page, "ben", PASSWORD).await;
    assert_eq!(
        (ben.destination().as_str(), ben.parameter("error").as_str()),
        ("http://localhost:8080/", "login_required")
    );
    let anna = browser.submit(&page, "anna", PASSWORD).await;
    assert!(anna.parameters().contains_key("code"));
}

#[tokio::test]
async fn what_is_no_id_token_of_this_client_is_an_invalid_request() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let hint = tokens["id_token"].as_str().unwrap();
    let code = browser.send(Authorization::new().with("client_id", "storefront-5s").call()).await.parameter("code");
    let others = shop.send(exchange_with(&code, &[("client_id", "storefront-5s")])).await.json();
    let mut damaged = hint.to_owned();
    damaged.pop();
    let (head, rest) = hint.split_once('.').unwrap();
    for (wrong, why) in [
        ("x", "no token"),
        (damaged.as_str(), "damaged"),
        (&format!("{head}.e30.{}", rest.split_once('.').unwrap().1), "another payload"),
        (&format!("eyJhbGciOiJub25lIn0.{rest}"), "unsigned"),
        (tokens["access_token"].as_str().unwrap(), "an access token"),
        (others["id_token"].as_str().unwrap(), "another client's"),
        (&"x".repeat(30_000), "long"),
    ] {
        for request in [Authorization::new(), Authorization::new().silent()] {
            let answer = browser.send(request.with("id_token_hint", wrong).call()).await;
            assert_eq!(answer.parameter("error"), "invalid_request", "{why}");
        }
    }
    let too_long = browser.send(Authorization::new().with("id_token_hint", &"x".repeat(32_769)).call()).await;
    assert_eq!((too_long.status, too_long.is_redirect()), (StatusCode::BAD_REQUEST, false));
}

#[tokio::test]
async fn a_long_hint_may_be_posted_or_pushed() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let hint = id_token(&mut browser, "anna").await;
    let hinted = Authorization::new().silent().with("id_token_hint", &hint);
    let posted = shop.send(hinted.posted()).await;
    assert!(browser.follow(&posted).await.parameters().contains_key("code"));
    assert_eq!(shop.send(hinted.pushed()).await.status, StatusCode::CREATED);
}
