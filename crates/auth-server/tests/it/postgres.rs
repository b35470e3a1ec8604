//! The store is proven on both engines statement by statement; here the whole goes once over PostgreSQL.

use axum::http::StatusCode;
use tokio::task::JoinSet;

use crate::browser::{Authorization, Call, exchange};
use crate::seed::PASSWORD;
use crate::shop::{ISSUER, Shop};

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_signs_in_comes_back_and_signs_out() {
    let shop = Shop::on_postgres().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    assert_eq!(browser.submit(&page, "anna", "wrong").await.status, StatusCode::UNAUTHORIZED);
    let code = browser.submit(&page, "anna", PASSWORD).await.parameter("code");
    let tokens = browser.send(exchange(&code)).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(shop.send(Call::get("/userinfo").bearer(token)).await.json()["username"], "anna");
    assert!(browser.send(Authorization::new().silent().call()).await.parameters().contains_key("code"));
    assert_eq!(browser.get("/session?client_id=storefront").await.status, StatusCode::OK);
    browser.send(Call::post("/logout", &[("id_token_hint", tokens["id_token"].as_str().unwrap())])).await;
    let silent = browser.send(Authorization::new().silent().call()).await;
    assert_eq!(silent.parameter("error"), "login_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_exchanges_of_one_code_one_wins_and_the_grant_ends() {
    let shop = Shop::on_postgres().await;
    let code = shop.browser().sign_in("anna").await;
    let mut exchanges = JoinSet::new();
    for _ in 0..50 {
        let (router, call) = (shop.router.clone(), exchange(&code));
        exchanges.spawn(async move { call.send(&router, ISSUER, "").await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = exchanges.join_all().await.into_iter().partition(|one| one.status.is_success());
    assert_eq!((won.len(), lost.len()), (1, 49));
    assert!(lost.iter().all(|answer| answer.oauth_error() == "invalid_grant"));
    let token = won[0].json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(shop.send(Call::get("/userinfo").bearer(&token)).await.status, StatusCode::UNAUTHORIZED);
}

/// PostgreSQL takes no NUL in a text: it is refused before it gets there.
#[tokio::test(flavor = "multi_thread")]
async fn a_nul_never_reaches_it() {
    let shop = Shop::on_postgres().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    assert_eq!(browser.submit(&page, "an\0na", PASSWORD).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.submit(&page, "anna", "a\0b").await.status, StatusCode::UNAUTHORIZED);
    let form = Call::post("/oauth/token", &[("grant_type", "client_credentials")]);
    assert_eq!(shop.send(form.basic("a%00b", "x")).await.oauth_error(), "invalid_client");
    for path in ["/oauth/authorize?client_id=a%00b", "/session?client_id=a%00b", "/login?client_id=%00"] {
        assert_eq!(shop.send(Call::get(path)).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
}
