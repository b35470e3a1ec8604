use auth_core::time::{Span, Timestamp};
use axum::http::StatusCode;
use serde_json::json;

use crate::browser::{Authorization, Browser, Call, exchange};
use crate::shop::{START, Shop, just_short_of};

const ASK: &str = "/session?client_id=storefront";

/// When the session ends by inactivity, as told.
async fn inactivity_at(browser: &mut Browser) -> Timestamp {
    let answer = browser.get(ASK).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    Timestamp(answer.json()["inactivityAt"].as_i64().unwrap() * 1000)
}

#[tokio::test]
async fn its_times_are_told_in_milliseconds_as_the_token_response_has_them() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let answer = browser.get(ASK).await;
    assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("application/json", "no-store"));
    let told = answer.json();
    assert_eq!(
        told,
        json!({
            "inactivityAt": START.millis() + 1_800_000,
            "requiresLoginAt": START.millis() + 43_200_000,
            "rememberMeAvailable": false,
        })
    );
    assert_eq!(told["inactivityAt"].as_i64().unwrap() / 1000, tokens["inactivity_at"].as_i64().unwrap());
    assert_eq!(told["requiresLoginAt"].as_i64().unwrap() / 1000, tokens["max"].as_i64().unwrap());
}

#[tokio::test]
pub async fn without_a_session_it_says_that_nobody_is_signed_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.cookies.push(("linden-session-8080".to_owned(), "not-a-session".to_owned()));
    let answer = browser.get(ASK).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::UNAUTHORIZED, "application/problem+json"));
    let problem = answer.json();
    assert_eq!(problem["type"], "urn:linden:problem:login_required");
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
}

#[tokio::test]
async fn it_must_be_asked_for_a_client_of_this_server() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    for wrong in ["/session", "/session?client_id=", "/session?client_id=nobody", "/session?client_id=closed"] {
        let answer = browser.get(wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert_eq!(answer.json()["type"], "urn:linden:problem:invalid_request");
    }
}

#[tokio::test]
async fn use_slides_it_and_asking_does_not() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in_with_tokens("anna").await;
    let begun = inactivity_at(&mut browser).await;
    shop.wait(Span::minutes(10));
    assert_eq!(inactivity_at(&mut browser).await, begun);
    let code = browser.send(Authorization::new().silent().call()).await.parameter("code");
    assert_eq!(inactivity_at(&mut browser).await, begun + Span::minutes(10), "authorize slides");
    shop.wait(Span::seconds(40));
    let changes = [("redirect_uri", "http://localhost:8080/silent-callback.html")];
    let answer = shop.send(crate::browser::exchange_with(&code, &changes)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let slid = begun + Span::minutes(10) + Span::seconds(40);
    assert_eq!(inactivity_at(&mut browser).await, slid, "so does the exchange");
    assert_eq!(answer.json()["inactivity_at"], slid.seconds());
}

#[tokio::test]
async fn it_ends_by_inactivity_and_does_not_come_back() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in_with_tokens("anna").await;
    shop.wait(just_short_of(Span::minutes(30)));
    assert_eq!(browser.get(ASK).await.status, StatusCode::OK);
    shop.wait(Span(1));
    assert_eq!(browser.get(ASK).await.status, StatusCode::UNAUTHORIZED);
    let silent = browser.send(Authorization::new().silent().call()).await;
    assert_eq!(silent.parameter("error"), "login_required");
    assert_eq!(browser.get(ASK).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn its_hard_end_never_moves() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    for _ in 0..35 {
        shop.wait(Span::minutes(20));
        browser.send(Authorization::new().silent().call()).await.parameter("code");
        assert_eq!(browser.get(ASK).await.json()["requiresLoginAt"], START.millis() + 43_200_000);
    }
    assert!(inactivity_at(&mut browser).await <= START + Span::seconds(43_200));
    shop.clock.set(START + Span::seconds(43_200));
    assert_eq!(browser.get(ASK).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_idle_session_still_lets_its_code_be_exchanged_without_coming_back() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    shop.wait(Span::seconds(1799));
    // Sliding would undo what this test wants, so the code comes from a sign-in just before the end.
    let code = browser.send(Authorization::new().call()).await.parameter("code");
    assert_eq!(shop.send(exchange(&code)).await.status, StatusCode::OK);
    assert_eq!(inactivity_at(&mut browser).await, shop.now() + Span::minutes(30));
}

#[tokio::test]
async fn storefronts_of_one_server_share_it_and_servers_do_not() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let other = Authorization::of("embedder", "https://partner.example/callback").with("prompt", "none");
    assert!(browser.send(other.call()).await.parameters().contains_key("code"));

    let elsewhere = Authorization::new().with("prompt", "none").call();
    let cookies = format!(
        "linden-session-8080={0}; linden-session-8080-other={0}",
        browser.cookie("linden-session-8080").unwrap()
    );
    let answer = elsewhere.send(&shop.router, "http://localhost:8080/auth/s/other", &cookies).await;
    assert_eq!(answer.parameter("error"), "login_required");
    assert_eq!(answer.parameter("iss"), "http://localhost:8080/auth/s/other");
}

#[tokio::test]
async fn only_hashes_of_secrets_are_stored() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let code = browser.sign_in("anna").await;
    let secret = browser.cookie("linden-session-8080").unwrap().to_owned();
    shop.send(Call::get("/session")).await;
    let mut stored = std::fs::read(shop.file()).unwrap();
    stored.extend(std::fs::read(shop.file().with_extension("db-wal")).unwrap());
    for secret in [code.as_bytes(), secret.as_bytes(), crate::seed::PASSWORD.as_bytes()] {
        assert!(!stored.windows(secret.len()).any(|window| window == secret));
    }
    assert!(stored.windows(17).any(|window| window == b"anna@shop.example"), "the file was not read");
}
