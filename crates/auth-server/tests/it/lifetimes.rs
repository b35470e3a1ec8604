//! How long codes and tokens live, by client.

use auth_core::client::ClientSettings;
use auth_core::server::{Lifetimes, ServerSettings};
use auth_core::time::Span;
use axum::http::StatusCode;
use serde_json::Value as Json;

use crate::browser::{Authorization, Browser, exchange_with};
use crate::seed::{self, storefront};
use crate::shop::{ORIGIN, START, Shop, just_short_of};

const REDIRECT_URI: &str = "http://localhost:8080/";

/// A server whose sessions last ten minutes, with a client that says nothing and one that has its own mind.
async fn shop() -> Shop {
    let lifetimes = Lifetimes { session_seconds: 600, ..Lifetimes::default() };
    let shop = Shop::open_with(ServerSettings { lifetimes, ..ServerSettings::default() }).await;
    let own = ClientSettings {
        code_seconds: Some(10),
        access_token_seconds: Some(3600),
        id_token_seconds: Some(120),
        ..storefront(&[ORIGIN])
    };
    seed::add_client(&shop.database, "own", &own).await;
    shop
}

async fn code(browser: &mut Browser, client_id: &str) -> String {
    browser.send(Authorization::of(client_id, REDIRECT_URI).call()).await.parameter("code")
}

async fn redeem(shop: &Shop, client_id: &str, code: &str) -> crate::browser::Answer {
    shop.send(exchange_with(code, &[("client_id", client_id)])).await
}

async fn tokens(shop: &Shop, browser: &mut Browser, client_id: &str) -> (Json, Json, Json) {
    let code = code(browser, client_id).await;
    let answer = redeem(shop, client_id, &code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let answer = answer.json();
    (answer.clone(), shop.access_token(&answer).await, shop.id_token(&answer).await)
}

#[tokio::test]
async fn a_clients_own_lifetimes_come_before_the_servers() {
    let shop = shop().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let start = START.seconds();
    let (answer, access, id) = tokens(&shop, &mut browser, "storefront").await;
    assert_eq!((answer["expires_in"].as_i64(), access["exp"].as_i64()), (Some(300), Some(start + 300)));
    assert_eq!(id["exp"], start + 300);
    let (_, _, id) = tokens(&shop, &mut browser, "own").await;
    assert_eq!(id["exp"], start + 120);
}

#[tokio::test]
async fn a_code_ends_when_its_client_says() {
    let shop = shop().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let (late, in_time) = (code(&mut browser, "own").await, code(&mut browser, "own").await);
    let long = code(&mut browser, "storefront").await;
    shop.wait(just_short_of(Span::seconds(10)));
    assert_eq!(redeem(&shop, "own", &in_time).await.status, StatusCode::OK);
    shop.wait(Span(1));
    assert_eq!(redeem(&shop, "own", &late).await.oauth_error(), "invalid_grant");
    assert_eq!(redeem(&shop, "storefront", &long).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nothing_outlives_the_sessions_hard_end() {
    let shop = shop().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let hard_end = START.seconds() + 600;
    let (answer, access, _) = tokens(&shop, &mut browser, "own").await;
    assert_eq!((answer["expires_in"].as_i64(), access["exp"].as_i64()), (Some(600), Some(hard_end)));
    assert_eq!((answer["exp"].as_i64(), answer["max"].as_i64()), (Some(hard_end), Some(hard_end)));

    shop.wait(Span::seconds(595));
    let late = code(&mut browser, "own").await;
    for client_id in ["own", "storefront"] {
        let (answer, access, id) = tokens(&shop, &mut browser, client_id).await;
        assert_eq!((access["exp"].as_i64(), id["exp"].as_i64()), (Some(hard_end), Some(hard_end)), "{client_id}");
        assert_eq!((access["max"].as_i64(), answer["expires_in"].as_i64()), (Some(hard_end), Some(5)), "{client_id}");
    }
    let kept = shop.rows("SELECT max(expires_at) AS latest FROM authorization_code", &[]).await;
    assert_eq!(kept[0].get::<i64>(0).unwrap(), hard_end * 1_000_000);
    shop.wait(Span::seconds(5));
    assert_eq!(redeem(&shop, "own", &late).await.oauth_error(), "invalid_grant");
}
