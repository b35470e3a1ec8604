use axum::http::StatusCode;
use tokio::task::JoinSet;

use crate::browser::{Authorization, exchange_with};
use crate::seed::TRADE_SECRET;
use crate::shop::{ISSUER, Shop};

/// The first RS256 key is made when a client first wants one.
#[tokio::test(flavor = "multi_thread")]
async fn many_who_need_a_first_key_at_once_make_one() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let uri = "https://trade.example/callback";
    let mut exchanges = JoinSet::new();
    for _ in 0..8 {
        let code = browser.send(Authorization::of("trade", uri).call()).await.parameter("code");
        let call = exchange_with(&code, &[("client_id", ""), ("redirect_uri", uri)]).basic("trade", TRADE_SECRET);
        let router = shop.router.clone();
        exchanges.spawn(async move { call.send(&router, ISSUER, "").await });
    }
    for answer in exchanges.join_all().await {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(shop.id_token(&answer.json()).await["aud"], "trade");
    }
    assert_eq!(shop.count("SELECT count(*) FROM signing_key WHERE algorithm = 'RS256'").await, 1);
}
