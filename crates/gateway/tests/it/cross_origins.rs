use axum::body::Body;

use crate::origin::{Answer, MANY, Origin, SHOP, ask};

async fn from(origin: &Origin, path: &str, whence: &str) -> Answer {
    origin.send(ask(path).header("origin", whence).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn only_registered_origins_may_read_across_origins() {
    let origin = Origin::new();
    for (whence, allowed) in
        [("https://other.example", "https://other.example"), ("https://evil.example", ""), ("null", "")]
    {
        let answer = from(&origin, "/api/cart/item-lists", whence).await;
        assert_eq!((answer.body.as_str(), answer.header("vary")), ("cart", "Origin"));
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{whence}");
        let preflight = http::Request::options("/api/cart/item-lists")
            .header("host", SHOP)
            .header("origin", whence)
            .header("access-control-request-method", "PATCH");
        let answer = origin.send(preflight.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status(), answer.header("access-control-allow-origin")), (204, allowed), "{whence}");
        assert_eq!(answer.header("access-control-allow-methods").contains("PATCH"), !allowed.is_empty());
    }
}

/// A preflight carries no header that would name the application, the request after it does.
#[tokio::test]
async fn a_preflight_is_answered_for_all_of_a_hosts_applications_and_the_request_for_its_own() {
    let origin = Origin::new();
    let ask = |method: &str, token: Option<&str>| {
        let request = http::Request::builder().method(method).uri("/api/cart/x").header("host", MANY);
        let request = request.header("origin", "https://app.example");
        token.iter().fold(request, |request, token| request.header("x-application-token", *token))
    };
    let preflight = ask("OPTIONS", None).header("access-control-request-method", "GET");
    let preflight = preflight.header("access-control-request-headers", "x-application-token");
    let allowed = origin.send(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!((allowed.status(), allowed.header("access-control-allow-origin")), (204, "https://app.example"));
    assert!(allowed.header("access-control-allow-headers").contains("x-application-token"));
    for (token, shared) in [(Some("garden"), "https://app.example"), (Some("outlet"), ""), (None, "")] {
        let answer = origin.send(ask("GET", token).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status(), answer.header("access-control-allow-origin")), (200, shared), "{token:?}");
    }
}

#[tokio::test]
async fn two_origins_at_once_are_none() {
    let twice = ask("/api/cart/x").header("origin", "https://other.example").header("origin", "https://other.example");
    let answer = Origin::new().send(twice.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn errors_can_be_read_too() {
    let refused = from(&Origin::new(), "/api/gone/x", "https://other.example").await;
    assert_eq!(refused.problem(), "upstream_unreachable");
    assert_eq!(refused.header("access-control-allow-origin"), "https://other.example");
    assert!(refused.header("access-control-expose-headers").contains("x-request-id"));
}

#[tokio::test]
async fn a_service_cannot_open_itself_to_all() {
    let answer = from(&Origin::new(), "/api/cart/open-to-all", "https://evil.example").await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let vary: Vec<_> = answer.parts.headers.get_all("vary").iter().collect();
    assert_eq!(vary, ["Accept", "Origin"]);
}

#[tokio::test]
async fn pages_and_files_are_not_shared_at_all() {
    let answer = from(&Origin::new(), "/config.json", "https://other.example").await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}
