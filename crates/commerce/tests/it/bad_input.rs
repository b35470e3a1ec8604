use std::net::SocketAddr;
use std::sync::Arc;

use auth_protocol::forwarding::{FromGateway, TrustedProxies};
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, StatusCode};
use serde_json::json;

use crate::engines;
use crate::personas::anna;
use crate::shop::{ANNA, Answer, FAVOURITES, Shop, TENANT};

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

/// Whatever a sender writes, and however long, is repeated in short.
#[tokio::test]
async fn a_long_mistake_has_a_short_answer() {
    let (shop, _opened) = shop().await;
    let list = shop.list_of(&anna(), "wishlist").await;
    let (lists, items) = ("/cart/item-lists".to_owned(), format!("{list}/items"));
    let account = format!("/customer/customers/{ANNA}");
    for long in [
        "a".repeat(60_000),
        "\u{1F41F}".repeat(15_000),
        "\" \\".repeat(12_000),
        "\u{1}".repeat(10_000),
        " at line ".repeat(6_000),
    ] {
        for (method, path, body) in [
            (Method::POST, &lists, json!({ &long: 1 })),
            (Method::POST, &lists, json!({ "name": { &long: 1 } })),
            (Method::POST, &lists, json!(long)),
            (Method::POST, &items, json!({ "productId": "a", "name": "a", "quantity": long })),
            (Method::PATCH, &items, json!({ "put": [{ &long: 1 }] })),
            (Method::PATCH, &items, json!({ "put": long })),
            (Method::PATCH, &items, json!({ "remove": [long] })),
            (Method::PATCH, &account, json!({ &long: 1 })),
            (Method::PATCH, &account, json!({ "phone": long })),
        ] {
            let answer = shop.call(Some(&anna()), method, path, Some(body)).await;
            let told = answer.body.to_string();
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {told:.300}");
            assert!(told.len() < 1_000, "{path}: {} bytes: {told:.300}", told.len());
        }
    }
    let answer = shop.post(&anna(), &lists, json!({ "at line 7": 1 })).await;
    assert!(answer.body["errors"][0]["message"].as_str().unwrap().starts_with("unknown field `at line 7`, expected"));
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

/// A parameter of a list, what a good value of it is, and values that are none.
const PARAMETERS: [(&str, &str, &[&str]); 8] = [
    (
        "/cart/item-lists",
        "cq=name==wishlist",
        &["cq=7", "cq=true", "cq=[]", "cq={}", "cq=name", "cq=%27%22;--", "cq=1==1"],
    ),
    ("/cart/item-lists", "limit=5", &["limit=five", "limit=5.0", "limit=0x5", "limit=[5]", "limit=-5", "limit=1e1"]),
    ("/cart/item-lists", "cursor=", &["cursor=7", "cursor=null", "cursor=..%2f", "cursor=%3D%3D%3D%3D", "cursor=AAAA"]),
    ("/cart/item-lists", "visibility=PRIVATE", &["visibility=private", "visibility=7", "visibility=PRIVATE,PUBLIC"]),
    ("LIST/items", "limit=5", &["limit=five", "limit=501", "limit=[5]", "limit=0"]),
    ("LIST/items", "cursor=", &["cursor=7", "cursor=null", "cursor=%3D", "cursor=AAAA"]),
    ("/tenant/applications/resolve", "token=token-main", &["id=7", "url=7"]),
    ("/tenant/applications/resolve", "url=http%3A%2F%2Fshop.example", &["url=null", "url=javascript%3A1"]),
];

/// Doubled, over-long, of another type or encoding: a short 4xx. Blank is absent. Nothing of it changes anything.
#[tokio::test]
async fn each_parameter_is_refused_in_short_when_it_is_wrong() {
    let (shop, _opened) = shop().await;
    let list = shop.list_of(&anna(), "wishlist").await;
    shop.post(&anna(), &format!("{list}/items"), json!({ "productId": "rug", "name": "Rug" })).await;
    let before = shop.get(&anna(), &list).await.body;
    for (path, good, wrong) in PARAMETERS {
        let path = path.replace("LIST", &list);
        let (name, value) = good.split_once('=').unwrap();
        assert_eq!(shop.get(&anna(), &format!("{path}?{good}")).await.status, StatusCode::OK, "{path}?{good}");
        if path != "/tenant/applications/resolve" {
            let blank = shop.get(&anna(), &format!("{path}?{name}=%20")).await;
            assert_eq!(blank.status, StatusCode::OK, "{path}?{name}: {blank:?}");
        }
        let mut queries: Vec<String> = wrong.iter().map(|&query| query.to_owned()).collect();
        queries.push(format!("{good}&{good}"));
        queries.push(format!("{name}={value}&{name}=other"));
        for value in [&"a".repeat(20_000), "%ff%fe", "a%00b", "%0d%0aX:1,", "%c0%af"] {
            queries.push(format!("{name}={value}"));
        }
        for query in queries {
            let answer = shop.get(&anna(), &format!("{path}?{query}")).await;
            let told = format!("{path}?{:.80}: {:?} {}", query, answer.status, answer.body);
            assert!(answer.status.is_client_error(), "{told}");
            assert!(!answer.problem().is_empty() && answer.body.to_string().len() < 600, "{told}");
        }
    }
    assert_eq!(shop.get(&anna(), &list).await.body, before);
    assert_eq!(shop.get(&anna(), "/cart/item-lists").await.names(), ["wishlist"]);
}

/// Id and address of a request are the gateway's word, and nobody else's.
#[tokio::test]
async fn a_caller_who_is_not_the_gateway_names_no_request() {
    let (mut shop, _opened) = shop().await;
    shop.services.gateway = Arc::new(FromGateway::Networks(TrustedProxies::new(vec!["10.1.0.0/16".parse().unwrap()])));
    for (peer, is_believed) in [("10.1.0.7", true), ("::ffff:10.1.0.7", true), ("10.2.0.7", false)] {
        let peer = SocketAddr::new(peer.parse().unwrap(), 4711);
        let request = Request::builder().header("x-request-id", "as-claimed").extension(ConnectInfo(peer));
        let answer = shop.send(request, "/cart/item-lists", Body::empty()).await;
        assert_eq!(answer.problem(), "token_missing");
        assert_eq!(answer.body["request_id"] == "as-claimed", is_believed, "{peer}");
    }
    let request = Request::builder().header("x-request-id", "as-claimed");
    let answer = shop.send(request, "/cart/item-lists", Body::empty()).await;
    assert_ne!(answer.body["request_id"], "as-claimed", "whose connection is not known");
}
