use axum::body::Body;
use http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, StatusCode};
use serde_json::json;

use crate::engines;
use crate::personas::anna;
use crate::shop::{Answer, FAVOURITES, Shop, TENANT};

async fn shop() -> (Shop, engines::Opened) {
    let opened = engines::sqlite().await;
    (Shop::open(&opened.database).await, opened)
}

async fn post_raw(shop: &Shop, content_type: Option<&str>, body: impl Into<Body>) -> Answer {
    let mut request =
        Request::builder().method(Method::POST).header(AUTHORIZATION, format!("Bearer {}", anna().token()));
    if let Some(content_type) = content_type {
        request = request.header(CONTENT_TYPE, content_type);
    }
    shop.send(request, "/cart/item-lists", body.into()).await
}

#[tokio::test]
async fn a_body_is_json_and_says_so() {
    let (shop, _opened) = shop().await;
    let body = r#"{"name":"wishlist"}"#;
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonp")]
    {
        let answer = post_raw(&shop, content_type, body).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type:?}");
        assert_eq!(answer.problem(), "unsupported_media_type");
    }
    assert_eq!(post_raw(&shop, Some("Application/JSON; charset=utf-8"), body).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_is_no_json_is_malformed() {
    let (shop, _opened) = shop().await;
    let bad_utf8 = b"{\"name\":\"\xff\"}".to_vec();
    for body in [&b""[..], b"{", b"{} {}", b"{\"name\":\"a\",}", &bad_utf8] {
        let answer = post_raw(&shop, Some("application/json"), body.to_vec()).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "malformed"), "{body:?}");
    }
    let large = format!(r#"{{"name":"{}"}}"#, "a".repeat(70_000));
    let answer = post_raw(&shop, Some("application/json"), large).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"));
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let (shop, _opened) = shop().await;
    let list = shop.list_of(&anna(), "wishlist").await;
    let (lists, items) = ("/cart/item-lists".to_owned(), format!("{list}/items"));
    let long = "a".repeat(101);
    for (path, body, fields) in [
        (&lists, json!({}), vec!["name"]),
        (&lists, json!(["wishlist"]), vec![""]),
        (&lists, json!("wishlist"), vec![""]),
        (&items, json!(["lamp", "Lamp", 1]), vec![""]),
        (&lists, json!({ "name": null }), vec!["name"]),
        (&lists, json!({ "name": 7 }), vec!["name"]),
        (&lists, json!({ "name": "  " }), vec!["name"]),
        (&lists, json!({ "name": long }), vec!["name"]),
        (&lists, json!({ "name": "a\u{0}b" }), vec!["name"]),
        (&lists, json!({ "name": "a", "visibility": "PUBLIC" }), vec!["visibility"]),
        (&lists, json!({ "name": "a", "customerId": TENANT }), vec!["customerId"]),
        (&items, json!({}), vec!["productId", "name"]),
        (&items, json!({ "productId": "a b", "name": "", "quantity": 0 }), vec!["productId", "name", "quantity"]),
        (&items, json!({ "productId": "a", "name": "a", "quantity": 1000 }), vec!["quantity"]),
        (&items, json!({ "productId": "a", "name": "a", "quantity": 1.5 }), vec!["quantity"]),
        (&items, json!({ "productId": "a", "name": "a", "quantity": "2" }), vec!["quantity"]),
    ] {
        let answer = shop.post(&anna(), path, body.clone()).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "invalid_fields"), "{body}");
        let named: Vec<&str> =
            answer.body["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(named, fields, "{body}: {answer:?}");
    }
    assert_eq!(shop.get(&anna(), &lists).await.names(), ["wishlist"]);
    assert!(shop.get(&anna(), &items).await.content().is_empty());
}

#[tokio::test]
async fn unknown_paths_and_methods() {
    let (shop, _opened) = shop().await;
    for path in
        ["/cart/", "/cart/item-list", "/cart/item-lists/", "/cart/item-lists/a/b/c", "/customer/accounts", "/tenant/"]
    {
        for who in [Some(&anna()), None] {
            let answer = shop.call(who, Method::GET, path, None).await;
            assert_eq!((answer.status, answer.problem()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
        }
    }
    for (method, path, allowed) in [
        (Method::PUT, "/cart/item-lists".to_owned(), "GET,HEAD,POST"),
        (Method::PUT, format!("/cart/item-lists/{FAVOURITES}"), "GET,HEAD,PATCH,DELETE"),
        (Method::POST, "/customer/accounts/mine".to_owned(), "GET,HEAD"),
    ] {
        let answer = shop.call(Some(&anna()), method, &path, None).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"), "{path}");
        assert_eq!(answer.headers[ALLOW], allowed);
    }
}

#[tokio::test]
async fn what_is_no_id_is_the_id_of_nothing() {
    let (shop, _opened) = shop().await;
    for id in ["x", "01K000000000000000000000A", "%00", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "%ff", "..%2f"] {
        let answer = shop.get(&anna(), &format!("/cart/item-lists/{id}")).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::NOT_FOUND, "not_found"), "{id}");
    }
}

#[tokio::test]
async fn queries_that_cannot_be_read() {
    let (shop, _opened) = shop().await;
    for query in ["cq=name==a&cq=name==b", "cq=name==a%00", "visibility=PUBLIC&visibility=PRIVATE"] {
        let answer = shop.get(&anna(), &format!("/cart/item-lists?{query}")).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "malformed"), "{query}");
    }
    // A storefront's own parameters travel along.
    let answer = shop.get(&anna(), "/cart/item-lists?application=outlet&utm_source=x&cq=").await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_foreign_context_is_refused_and_the_gateways_request_id_is_kept() {
    let (shop, _opened) = shop().await;
    let request = Request::builder()
        .header(AUTHORIZATION, format!("Bearer {}", anna().token()))
        .header("x-request-id", "from-the-gateway")
        .header("x-context-request", json!({ "tenantId": FAVOURITES }).to_string());
    let answer = shop.send(request, "/cart/item-lists", Body::empty()).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "context_mismatch"));
    assert_eq!(answer.body["request_id"], "from-the-gateway");
    let planted = Request::builder().header("x-request-id", "<script>");
    let answer = shop.send(planted, "/cart/item-lists", Body::empty()).await;
    assert_eq!(answer.problem(), "token_missing");
    assert_ne!(answer.body["request_id"], "<script>");
}
