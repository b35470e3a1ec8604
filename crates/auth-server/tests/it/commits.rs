//! What is written to disk: two commits a sign-in, none for a client's own token.

use std::fs;
use std::path::Path;

use axum::http::StatusCode;

use crate::browser::{Authorization, Call, exchange};
use crate::seed::{GATEWAY_SECRET, PASSWORD};
use crate::shop::Shop;

/// Commits in SQLite's log since it began anew: each ends in a frame that says how large the database is then.
fn commits(database: &Path) -> usize {
    let log = fs::read(database.with_extension("db-wal")).unwrap();
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let (page_size, salt) = (number(8) as usize, &log[16..24]);
    let frames = (32..log.len()).step_by(24 + page_size).filter(|at| at + 24 <= log.len());
    frames.filter(|at| &log[at + 8..at + 16] == salt && number(at + 4) != 0).count()
}

#[tokio::test]
async fn a_sign_in_with_its_exchange_is_two_commits() {
    let shop = Shop::open().await.without_jobs().await;
    let mut browser = shop.browser();
    let before = commits(&shop.file());
    assert!(before > 0, "the log was not read");
    let page = browser.sign_in_page(&Authorization::new()).await;
    assert_eq!(commits(&shop.file()), before, "showing the form writes nothing");
    let code = browser.submit(&page, "anna", PASSWORD).await.parameter("code");
    assert_eq!(commits(&shop.file()), before + 1);
    assert_eq!(browser.send(exchange(&code)).await.status, StatusCode::OK);
    assert_eq!(commits(&shop.file()), before + 2);
}

#[tokio::test]
async fn a_silent_sign_on_is_two_commits_and_questions_are_none() {
    let shop = Shop::open().await.without_jobs().await;
    let mut browser = shop.browser();
    let token = browser.sign_in_with_tokens("anna").await;
    let before = commits(&shop.file());
    let code = browser.send(Authorization::new().call()).await.parameter("code");
    browser.send(exchange(&code)).await;
    assert_eq!(commits(&shop.file()), before + 2);
    browser.get("/session?client_id=storefront").await;
    browser.send(Call::get("/userinfo").bearer(token["access_token"].as_str().unwrap())).await;
    browser.get("/logout").await;
    browser.get("/login?client_id=storefront").await;
    browser.send(Authorization::new().with("prompt", "login").call()).await;
    assert_eq!(commits(&shop.file()), before + 2);
}

#[tokio::test]
async fn a_clients_own_token_is_no_commit() {
    let shop = Shop::open().await.without_jobs().await;
    let before = commits(&shop.file());
    for _ in 0..5 {
        let call = Call::post("/oauth/token", &[("grant_type", "client_credentials")]).basic("gateway", GATEWAY_SECRET);
        assert_eq!(shop.send(call).await.status, StatusCode::OK);
    }
    assert_eq!(commits(&shop.file()), before);
}
