//! Rule 13: a storage failure is a 503, never a 200 and never `invalid_grant`.

use auth_core::client::ClientSettings;
use auth_protocol::jws::Algorithm;
use axum::http::StatusCode;
use database::{Statement, params};

use crate::browser::{Authorization, Call, exchange, exchange_with};
use crate::seed::{self, FJORD, GATEWAY_SECRET, PASSWORD, storefront};
use crate::shop::{ORIGIN, Shop};

const UNAVAILABLE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

#[tokio::test]
async fn oauth_endpoints_say_temporarily_unavailable() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let code = browser.send(Authorization::new().call()).await.parameter("code");
    shop.database.close().await;
    let bearer = Call::get("/userinfo").bearer(tokens["access_token"].as_str().unwrap());
    let unknown_client =
        Call::post("/oauth/token", &[("grant_type", "client_credentials")]).basic("gateway", GATEWAY_SECRET);
    for call in [exchange(&code), bearer, unknown_client] {
        let answer = shop.send(call).await;
        assert_eq!((answer.status, answer.oauth_error().as_str()), (UNAVAILABLE, "temporarily_unavailable"));
        assert_eq!(answer.header("retry-after"), "2");
        assert!(!answer.body.contains("shutting down") && !answer.body.contains("sql"), "{}", answer.body);
    }
}

/// Before the code is redeemed the account is looked up, and the keys that will sign are got or made.
#[tokio::test]
async fn a_code_is_not_spent_by_a_failure_on_the_way_to_its_tokens() {
    static ACCOUNTS: [Statement; 2] = [
        Statement::new("HIDE", "ALTER TABLE account_membership RENAME TO hidden"),
        Statement::new("SHOW", "ALTER TABLE hidden RENAME TO account_membership"),
    ];
    static KEYS: [Statement; 2] = [
        Statement::new("HIDE", "ALTER TABLE signing_key RENAME TO hidden"),
        Statement::new("SHOW", "ALTER TABLE hidden RENAME TO signing_key"),
    ];
    // A new client's key is made when the client is first read, so that it must fail from then on.
    for ([hide, show], before_the_client_is_read) in [(&ACCOUNTS, false), (&KEYS, true)] {
        let shop = Shop::open().await;
        let settings = ClientSettings { id_token_algorithm: Some(Algorithm::Rs256), ..storefront(&[ORIGIN]) };
        seed::add_client(&shop.database, "keyless", &settings).await;
        let mut browser = shop.browser();
        browser.sign_in("anna").await;
        let asked = Authorization::of("keyless", "http://localhost:8080/").with("accountId", &FJORD.to_string());
        if before_the_client_is_read {
            shop.database.execute(hide, params![]).await.unwrap();
        }
        let code = browser.send(asked.call()).await.parameter("code");
        if !before_the_client_is_read {
            shop.database.execute(hide, params![]).await.unwrap();
        }
        let exchange = || exchange_with(&code, &[("client_id", "keyless")]);
        let failed = shop.send(exchange()).await;
        // A table that is not there is no passing failure.
        assert_eq!((failed.status, failed.oauth_error().as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "server_error"));
        shop.database.execute(show, params![]).await.unwrap();
        let answer = shop.send(exchange()).await;
        assert_eq!((answer.status, &answer.json()["acct_id"]), (StatusCode::OK, &serde_json::json!(FJORD)));
    }
}

#[tokio::test]
async fn pages_say_that_nothing_was_changed_and_the_form_stays() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let mut signed_in = shop.browser();
    let hint = signed_in.sign_in_with_tokens("ben").await["id_token"].as_str().unwrap().to_owned();
    shop.database.close().await;
    let again = browser.submit(&page, "anna", PASSWORD).await;
    assert_eq!((again.status, again.header("retry-after")), (UNAVAILABLE, "2"));
    assert!(again.body.contains("nothing was changed") && again.body.contains("value=\"anna\""), "{}", again.body);
    assert_eq!(again.field("request"), page.field("request"));

    for answer in [
        signed_in.send(Authorization::new().call()).await,
        signed_in.get("/logout").await,
        signed_in.send(Call::post("/logout", &[("id_token_hint", &hint)])).await,
        signed_in.get("/login?client_id=trade").await,
    ] {
        assert_eq!((answer.status, answer.heading()), (UNAVAILABLE, "We cannot answer right now"));
        assert!(!answer.headers.contains_key("set-cookie"), "nobody is signed out by a failure");
    }
}

/// A frame shows no page of ours, so the SDK would take a 503 for an address that is not registered.
#[tokio::test]
async fn a_silent_request_is_told_by_redirect() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    shop.database.close().await;
    let answer = browser.send(Authorization::new().silent().call()).await;
    assert_eq!(answer.destination(), "http://localhost:8080/silent-callback.html");
    assert_eq!(
        (answer.parameter("error").as_str(), answer.parameter("state").as_str()),
        ("temporarily_unavailable", "state-1")
    );
    assert!(!answer.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn the_session_endpoint_answers_a_problem() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    shop.database.close().await;
    let answer = browser.get("/session?client_id=storefront").await;
    assert_eq!((answer.status, answer.header("content-type")), (UNAVAILABLE, "application/problem+json"));
    assert_eq!(
        (answer.json()["type"].as_str(), answer.header("retry-after")),
        (Some("urn:linden:problem:unavailable"), "2")
    );
}

#[tokio::test]
async fn documents_and_assets_need_no_storage() {
    let shop = Shop::open().await;
    shop.database.close().await;
    for path in ["/.well-known/openid-configuration", "/oauth/jwks", "/register"] {
        assert_ne!(shop.send(Call::get(path)).await.status, UNAVAILABLE, "{path}");
    }
}
