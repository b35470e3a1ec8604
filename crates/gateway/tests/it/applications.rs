//! Several applications of one host.

use std::sync::atomic::Ordering;

use axum::body::Body;
use futures::future::join_all;
use http::Request;

use crate::origin::{Answer, MANY, Origin};

async fn send(origin: &Origin, path: &str, token: Option<&str>) -> Answer {
    let mut request = Request::get(path).header("host", MANY);
    if let Some(token) = token {
        request = request.header("x-application-token", token);
    }
    origin.send(request.body(Body::empty()).unwrap()).await
}

/// What the cart service was told, and with whose token.
fn told(origin: &Origin) -> (String, String, String) {
    let seen = origin.cart();
    let context: serde_json::Value = serde_json::from_slice(seen.headers["x-context-request"].as_bytes()).unwrap();
    let application = context["applicationId"].as_str().unwrap().to_owned();
    (application, seen.headers["authorization"].to_str().unwrap().to_owned(), seen.uri.to_string())
}

#[tokio::test]
async fn each_guest_calls_with_the_token_of_the_application_that_was_chosen() {
    let origin = Origin::new();
    for (path, token, number, client, forwarded) in [
        ("/api/cart/lists", None, 1, "main", "/lists"),
        ("/api/cart/lists?application=outlet", None, 2, "outlet", "/lists?application=outlet"),
        ("/api/cart/lists", Some("outlet"), 2, "outlet", "/lists"),
        ("/garden/api/cart/lists?a=b", None, 3, "garden", "/lists?a=b"),
        ("/api/cart/lists", Some("garden"), 3, "garden", "/lists"),
        ("/api/cart/lists?application=+", None, 1, "main", "/lists?application=+"),
    ] {
        assert_eq!(send(&origin, path, token).await.body, "cart", "{path}");
        let (application, authorization, uri) = told(&origin);
        assert_eq!(application, format!("01K0000000000000000000000{number}"), "{path}");
        assert!(authorization.starts_with(&format!("Bearer {client}-gateway-")), "{path}: {authorization}");
        assert_eq!(uri, forwarded);
    }
    assert_eq!(origin.seen.token_fetches.load(Ordering::SeqCst), 3, "one token for each application");
}

#[tokio::test]
async fn each_has_its_own_settings_and_files() {
    let origin = Origin::new();
    for (path, token, shop) in [
        ("/config.json", None, "main"),
        ("/config.json?application=outlet", None, "outlet"),
        ("/config.json", Some("outlet"), "outlet"),
        ("/garden/config.json", None, "garden"),
    ] {
        let settings = send(&origin, path, token).await;
        assert_eq!(settings.body, format!(r#"{{"shopName":"{shop}"}}"#), "{path}");
        assert_eq!(settings.header("vary"), "x-application-token");
    }
    for path in ["/garden", "/garden/"] {
        assert_eq!(send(&origin, path, None).await.body, "<!doctype html>start", "{path}");
    }
    assert_eq!(send(&origin, "/garden/assets/app-1234.js", None).await.body, "app()");
    assert_eq!(send(&origin, "/garden/silent-callback.html", None).await.body, "<!doctype html>silent");
    for path in ["/gardening", "/Garden/config.json", "/garden/auth/login", "/garden/console", "/garden/.well-known/x"]
    {
        assert_eq!(send(&origin, path, None).await.problem(), "not_found", "{path}");
    }
}

#[tokio::test]
async fn the_hosts_authorization_server_is_there_for_all_of_them() {
    let origin = Origin::new();
    for (path, token) in [
        ("/auth/login", None),
        ("/auth/login?application=unheard-of", None),
        ("/auth/login", Some("garden")),
        ("/.well-known/openid-configuration/auth", None),
    ] {
        assert_eq!(send(&origin, path, token).await.body, "auth", "{path}");
    }
}

#[tokio::test]
async fn what_disagrees_is_refused_and_what_is_unheard_of_not_found() {
    let origin = Origin::new();
    for path in [
        "/garden/api/cart/x?application=outlet",
        "/api/cart/x?application=outlet&application=outlet",
        "/api/cart/x?application=outlet&applic%61tion=",
    ] {
        let refused = send(&origin, path, None).await;
        assert_eq!((refused.status(), refused.problem()), (400, "application_mismatch".to_owned()), "{path}");
    }
    let long = format!("/api/cart/x?application={}", "x".repeat(5000));
    for path in ["/api/cart/x?application=unheard-of", "/api/cart/x?application=a%00b", &long] {
        let refused = send(&origin, path, None).await;
        assert_eq!((refused.status(), refused.problem()), (404, "unknown_application".to_owned()), "{path}");
    }
    let doubled = Request::get("/").header("host", MANY).header("x-application-token", "outlet");
    let doubled = doubled.header("x-application-token", "outlet").body(Body::empty()).unwrap();
    assert_eq!(origin.send(doubled).await.problem(), "application_mismatch");
    assert!(origin.seen.cart.lock().unwrap().is_empty());
}

/// Paths and parameters that choose nothing are not asked about: nobody can fill what is remembered with them.
#[tokio::test]
async fn what_cannot_choose_costs_no_question() {
    let origin = Origin::new();
    join_all((0..50).map(async |number| {
        send(&origin, &format!("/page-{number}/x"), None).await;
        origin.get(&format!("/?application={number}")).await
    }))
    .await;
    assert_eq!(origin.seen.hosts.load(Ordering::SeqCst), 2, "one question for each host");
    assert_eq!(origin.seen.resolutions.load(Ordering::SeqCst), 2);
}
