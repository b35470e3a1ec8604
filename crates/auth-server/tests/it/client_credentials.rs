use auth_core::time::Span;
use auth_protocol::jws::PresentedToken;
use axum::http::StatusCode;
use serde_json::json;

use crate::browser::Call;
use crate::seed::{APPLICATION, GATEWAY_SECRET, TENANT, TRADE_SECRET};
use crate::shop::{ISSUER, START, Shop};

fn asking(fields: &[(&str, &str)]) -> Call {
    Call::post("/oauth/token", &[&[("grant_type", "client_credentials")], fields].concat())
}

#[tokio::test]
async fn a_client_gets_a_token_of_its_own() {
    let shop = Shop::open().await;
    let answer = shop.send(asking(&[]).basic("gateway", GATEWAY_SECRET)).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    let body = answer.json();
    let mut shown = body.clone();
    shown.as_object_mut().unwrap().remove("access_token");
    assert_eq!(shown, json!({ "token_type": "Bearer", "expires_in": 300, "scope": "GUEST" }));
    assert_eq!(
        PresentedToken::read(body["access_token"].as_str().unwrap()).unwrap().header.typ.as_deref(),
        Some("at+jwt")
    );
    let mut claims = shop.access_token(&body).await;
    claims.as_object_mut().unwrap().remove("jti").unwrap();
    let start = START.seconds();
    assert_eq!(
        claims,
        json!({
            "iss": ISSUER,
            "aud": ["linden-api", ISSUER],
            "exp": start + 300,
            "iat": start,
            "nbf": start,
            "sub": "gateway",
            "client_id": "gateway",
            "scope": "GUEST",
            "authorities": ["READ_CART", "READ_ITEM_LIST", "CREATE_CART", "UPDATE_CART", "DELETE_CART", "ALL_CART", "GUEST"],
            "tenant_id": TENANT,
            "application_id": APPLICATION,
        })
    );
}

#[tokio::test]
async fn scopes_are_narrowed_to_the_clients() {
    let shop = Shop::open().await;
    let by_body = [("client_id", "gateway"), ("client_secret", GATEWAY_SECRET), ("scope", "GUEST USER openid")];
    assert_eq!(shop.send(asking(&by_body)).await.json()["scope"], "GUEST");
    let malformed = shop.send(asking(&[("scope", "a\"b")]).basic("gateway", GATEWAY_SECRET)).await;
    assert_eq!(malformed.oauth_error(), "invalid_scope");
}

#[tokio::test]
async fn public_clients_and_those_without_the_grant_get_none() {
    let shop = Shop::open().await;
    for call in [asking(&[("client_id", "storefront")]), asking(&[]).basic("trade", TRADE_SECRET)] {
        let answer = shop.send(call).await;
        assert_eq!((answer.status, answer.oauth_error().as_str()), (StatusCode::BAD_REQUEST, "unauthorized_client"));
    }
}

#[tokio::test]
async fn a_clients_token_is_no_users() {
    let shop = Shop::open().await;
    let token = shop.send(asking(&[]).basic("gateway", GATEWAY_SECRET)).await.json();
    let token = token["access_token"].as_str().unwrap();
    assert_eq!(shop.send(Call::get("/userinfo").bearer(token)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nothing_is_read_or_written_for_it_once_the_client_is_known() {
    let shop = Shop::open().await;
    let ask = || asking(&[]).basic("gateway", GATEWAY_SECRET);
    assert_eq!(shop.send(ask()).await.status, StatusCode::OK);
    shop.database.close().await;
    shop.wait(Span::seconds(50));
    assert_eq!(shop.send(ask()).await.status, StatusCode::OK);
}
