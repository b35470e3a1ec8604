use axum::body::Body;
use gateway::routes::{Place, ROUTES, Target};

use crate::origin::{Origin, SHOP, ask};

#[tokio::test]
async fn paths_lead_where_the_table_says() {
    let origin = Origin::new();
    for path in ["/auth/oauth/authorize?x=1", "/auth", "/.well-known/openid-configuration/auth"] {
        assert_eq!(origin.get(path).await.body, "auth", "{path}");
    }
    assert_eq!(origin.seen.auth.lock().unwrap()[0].uri, "/auth/oauth/authorize?x=1");
    assert_eq!(origin.get("/api/cart/item-lists?cq=name==a").await.body, "cart");
    assert_eq!(origin.cart().uri.path_and_query().unwrap(), "/item-lists?cq=name==a");
    for path in ["/.well-known/security.txt", "/.well-known/openid-configuration", "/console", "/console/users", "/api"]
    {
        assert_eq!(origin.get(path).await.problem(), "not_found", "{path}");
    }
    assert_eq!(origin.get("/api/orders/1").await.problem(), "unknown_service");
    assert_eq!(origin.get("/authentic").await.status(), 404, "not below /auth");
}

/// A route that is added to the table is tried here without further ado.
#[tokio::test]
async fn each_route_of_the_table_is_answered_by_its_target() {
    let origin = Origin::new();
    for (place, target) in ROUTES {
        let path = match place {
            Place::Issuer => "/auth/cart/x".to_owned(),
            Place::Discovery(document) => format!("{document}/auth"),
            Place::Below(prefix) => format!("{prefix}/cart/x"),
        };
        let page = ask(&path).header("accept", "text/html").body(Body::empty()).unwrap();
        let answer = origin.send(page).await;
        let expected = match target {
            Target::Auth => (200, "auth"),
            Target::Service => (200, "cart"),
            Target::Storefront => (200, "<!doctype html>start"),
            Target::Nobody => (404, "Nothing is served here"),
        };
        assert_eq!(answer.status(), expected.0, "{path}");
        assert!(answer.body.contains(expected.1), "{path}: {}", answer.body);
    }
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
async fn a_browser_that_asks_for_a_page_is_told_in_one() {
    let request = http::Request::get("/").header("host", "evil.example").header("accept", "text/html,*/*;q=0.8");
    let answer = Origin::new().send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status(), answer.header("content-type")), (404, "text/html; charset=utf-8"));
    assert!(answer.body.contains("evil.example is not among the domains"), "{}", answer.body);
    assert!(answer.body.contains(answer.header("x-request-id")));
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
}

#[tokio::test]
async fn an_application_token_must_be_one_of_the_hosts() {
    let origin = Origin::new();
    let with = |token: &str| ask("/").header("x-application-token", token).body(Body::empty()).unwrap();
    assert_eq!(origin.send(with("ours")).await.status(), 200);
    for _ in 0..2 {
        assert_eq!(origin.send(with("theirs")).await.problem(), "application_mismatch");
    }
    assert_eq!(origin.send(with(&"x".repeat(200))).await.problem(), "application_mismatch");
    assert_eq!(origin.get("/").await.status(), 200);
    let asked = origin.seen.resolutions.load(std::sync::atomic::Ordering::SeqCst);
    assert_eq!(asked, 3, "one question for each pair of host and token");
}

#[tokio::test]
async fn methods_that_would_give_away_what_the_gateway_added_are_not_offered() {
    let trace = http::Request::builder().method("TRACE").uri("/api/cart/x").header("host", SHOP).body(Body::empty());
    assert_eq!(Origin::new().send(trace.unwrap()).await.problem(), "method_not_offered");
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
    assert!(!seen.headers.contains_key("x-forwarded-for"), "no peer is known here");
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
    let request = ask("/auth/session").header("cookie", "__Host-linden-session=s").header("cookie", "a=1");
    let answer = origin.send(request.body(Body::empty()).unwrap()).await;
    let sent = origin.seen.auth.lock().unwrap()[0].headers.clone();
    assert_eq!(sent.get_all("cookie").iter().collect::<Vec<_>>(), ["__Host-linden-session=s; a=1"]);
    assert_eq!(answer.header("set-cookie"), "__Host-linden-session=s");
    let service = origin.get("/api/cart/item-lists").await;
    assert_eq!((service.header("set-cookie"), service.header("x-from")), ("", "cart"));
}
