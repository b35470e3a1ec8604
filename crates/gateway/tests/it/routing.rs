use axum::body::Body;

use crate::origin::{Origin, SHOP, ask};

#[tokio::test]
async fn paths_lead_where_the_table_says() {
    let origin = Origin::new();
    for path in ["/auth/oauth/authorize?x=1", "/auth", "/.well-known/openid-configuration/auth"] {
        assert_eq!(origin.get(path).await.body, "auth", "{path}");
    }
    assert_eq!(
        origin.seen.auth.lock().unwrap()[0].uri,
        "http://auth/auth/oauth/authorize?x=1"
            .parse::<http::Uri>()
            .unwrap()
            .path_and_query()
            .unwrap()
            .as_str()
            .parse::<http::Uri>()
            .unwrap()
    );
    assert_eq!(origin.get("/api/cart/item-lists?cq=name==a").await.body, "cart");
    assert_eq!(origin.cart().uri.path_and_query().unwrap(), "/item-lists?cq=name==a");
    for path in ["/.well-known/security.txt", "/.well-known/openid-configuration", "/console", "/console/users", "/api"]
    {
        assert_eq!(origin.get(path).await.problem(), "not_found", "{path}");
    }
    assert_eq!(origin.get("/api/orders/1").await.problem(), "unknown_service");
    assert_eq!(origin.get("/authentic").await.status(), 404, "not below /auth");
}

#[tokio::test]
async fn an_unknown_host_and_a_doubled_one_are_told_so() {
    let origin = Origin::new();
    let unknown = http::Request::get("/").header("host", "evil.example").body(Body::empty()).unwrap();
    let answer = origin.send(unknown).await;
    assert_eq!((answer.status(), answer.problem()), (404, "unknown_application".to_owned()));
    let doubled = ask("/").header("host", "evil.example").body(Body::empty()).unwrap();
    assert_eq!(origin.send(doubled).await.problem(), "invalid_host");
    let none = http::Request::get("/").body(Body::empty()).unwrap();
    assert_eq!(origin.send(none).await.problem(), "invalid_host");
}

#[tokio::test]
async fn paths_with_two_meanings_are_refused() {
    let origin = Origin::new();
    for path in ["/auth/../api/cart/x", "/auth/%2e%2e/api/cart/x", "/api//cart/x", "/api/cart%2fx", "/%00"] {
        assert_eq!(origin.get(path).await.problem(), "invalid_path", "{path}");
    }
}

#[tokio::test]
async fn what_only_the_gateway_may_set_is_set_by_it_alone() {
    let origin = Origin::new();
    let request = ask("/api/cart/item-lists")
        .header("x-context-request", "{\"tenantId\":\"evil\"}")
        .header("x_context_request", "{}")
        .header("x-forwarded-host", "evil.example")
        .header("x-request-id", "evil")
        .header("connection", "x-secret")
        .header("x-secret", "1")
        .header("cookie", "a=1; __Host-linden-session=s; linden-guest-8080=g");
    origin.send(request.body(Body::empty()).unwrap()).await;
    let seen = origin.cart();
    assert_eq!(seen.headers.get_all("x-context-request").iter().count(), 1);
    assert_eq!(seen.headers["x-forwarded-host"], SHOP);
    assert_ne!(seen.headers["x-request-id"], "evil");
    assert_eq!(seen.headers["cookie"], "a=1");
    for name in ["x_context_request", "x-secret", "connection"] {
        assert!(!seen.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn auth_keeps_its_cookies_and_services_cannot_set_them() {
    let origin = Origin::new();
    let request = ask("/auth/session").header("cookie", "__Host-linden-session=s").body(Body::empty()).unwrap();
    let answer = origin.send(request).await;
    assert_eq!(origin.seen.auth.lock().unwrap()[0].headers["cookie"], "__Host-linden-session=s");
    assert_eq!(answer.header("set-cookie"), "__Host-linden-session=s");
    let service = origin.get("/api/cart/item-lists").await;
    assert_eq!((service.header("set-cookie"), service.header("x-from")), ("", "cart"));
}

#[tokio::test]
async fn only_registered_origins_may_read_across_origins() {
    let origin = Origin::new();
    for (from, allowed) in
        [("https://other.example", "https://other.example"), ("https://evil.example", ""), ("null", "")]
    {
        let request = ask("/api/cart/item-lists").header("origin", from).body(Body::empty()).unwrap();
        assert_eq!(origin.send(request).await.header("access-control-allow-origin"), allowed, "{from}");
        let preflight = http::Request::options("/api/cart/item-lists")
            .header("host", SHOP)
            .header("origin", from)
            .header("access-control-request-method", "PATCH");
        let answer = origin.send(preflight.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status(), answer.header("access-control-allow-origin")), (204, allowed), "{from}");
    }
}
