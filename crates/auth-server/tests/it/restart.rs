use auth_server::StartError;
use axum::http::StatusCode;

use crate::browser::{Authorization, Call, exchange};
use crate::seed::PASSWORD;
use crate::shop::{MASTER_KEY, Shop, start};

#[tokio::test]
async fn after_a_restart_everybody_is_signed_in_still_under_the_same_keys() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let pending = browser.send(Authorization::new().call()).await.parameter("code");
    let keys = shop.send(Call::get("/oauth/jwks")).await.body;
    let cookies = browser.cookies.clone();

    let shop = shop.restart().await;
    let mut browser = shop.browser();
    browser.cookies = cookies;
    assert_eq!(shop.send(Call::get("/oauth/jwks")).await.body, keys);
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(shop.send(Call::get("/userinfo").bearer(token)).await.status, StatusCode::OK);
    assert!(browser.send(Authorization::new().silent().call()).await.parameters().contains_key("code"));
    assert_eq!(shop.send(exchange(&pending)).await.status, StatusCode::OK, "a code under way is good still");
    assert_eq!(shop.send(exchange(&pending)).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_form_that_was_open_over_a_restart_is_taken() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let cookies = browser.cookies.clone();
    let shop = shop.restart().await;
    let mut browser = shop.browser();
    browser.cookies = cookies;
    assert_eq!(browser.submit(&page, "anna", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn two_nodes_on_one_database_take_each_others_forms_and_tokens() {
    let shop = Shop::open().await;
    let second = start(&shop.database, &shop.clock, MASTER_KEY).await.unwrap();
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let mut elsewhere = crate::browser::Browser::new(second.router(), &shop.issuer);
    elsewhere.cookies = browser.cookies.clone();
    let code = elsewhere.submit(&page, "anna", PASSWORD).await.parameter("code");
    let tokens = browser.send(exchange(&code)).await.json();
    let info = elsewhere.send(Call::get("/userinfo").bearer(tokens["access_token"].as_str().unwrap())).await;
    assert_eq!(info.status, StatusCode::OK);
}

#[tokio::test]
async fn another_master_key_is_told_and_changes_nothing() {
    let shop = Shop::open().await;
    let before = shop.count("SELECT count(*) FROM signing_key").await;
    let Err(error) = start(&shop.database, &shop.clock, [1; 32]).await else { panic!("it started") };
    assert!(matches!(error, StartError::Keys(_)));
    assert!(error.to_string().contains("another master key"), "{error}");
    assert_eq!(shop.count("SELECT count(*) FROM signing_key").await, before);
    start(&shop.database, &shop.clock, MASTER_KEY).await.unwrap();
}

#[tokio::test]
async fn no_key_lies_in_the_database_in_clear() {
    let shop = Shop::open().await;
    let stored = shop.rows("SELECT private_key FROM signing_key UNION ALL SELECT secret FROM server_secret", &[]).await;
    assert!(stored.len() >= 6, "a signing key and two secrets for each of two servers");
    for row in stored {
        let sealed: Vec<u8> = row.get(0).unwrap();
        // The object identifier of P-256 is in every PKCS#8 form of such a key.
        let curve = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        assert!(!sealed.windows(curve.len()).any(|window| window == curve));
    }
}
