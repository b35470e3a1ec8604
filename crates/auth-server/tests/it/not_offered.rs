use axum::http::StatusCode;

use crate::browser::Call;
use crate::shop::Shop;

const PAGES: [&str; 9] = [
    "/register",
    "/password/forgot",
    "/password/reset",
    "/password/change",
    "/email/verify",
    "/account/sessions",
    "/account/email",
    "/account/consents",
    "/remember-me-continuation",
];

const ENDPOINTS: [&str; 13] = [
    "/register/embedded/submit",
    "/embedded/login",
    "/oauth/revoke",
    "/oauth/introspect",
    "/oauth2/introspect",
    "/passcode/retrieve",
    "/passcode/consume",
    "/user-attributes",
    "/roles/ids",
    "/permissions/ids",
    "/impersonation",
    "/impersonation/start",
    "/revocations",
];

#[tokio::test]
async fn pages_that_are_to_come_say_so() {
    let shop = Shop::open().await;
    for path in PAGES {
        for call in [Call::get(format!("{path}?client_id=storefront")), Call::post(path, &[("a", "b")])] {
            let answer = shop.send(call).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(answer.header("content-type").starts_with("text/html"), "{path}");
            assert!(answer.body.contains(answer.header("x-request-id")), "{path}");
        }
    }
}

#[tokio::test]
async fn endpoints_that_are_to_come_answer_a_problem() {
    let shop = Shop::open().await;
    for path in ENDPOINTS {
        for call in [Call::get(path), Call::post(path, &[("a", "b")])] {
            let answer = shop.send(call).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            let problem = answer.json();
            assert_eq!(problem["type"], "urn:linden:problem:not_offered", "{path}");
            assert_eq!(problem["request_id"], answer.header("x-request-id"));
        }
    }
}

#[tokio::test]
async fn unknown_addresses_are_told_in_the_form_that_was_asked_for() {
    let shop = Shop::open().await;
    for path in ["/nothing", "/", "", "/login/", "/oauth", "//evil.example", "/%2e%2e/", "/login%00"] {
        let problem = shop.send(Call::get(path)).await;
        assert_eq!(
            (problem.status, problem.header("content-type")),
            (StatusCode::NOT_FOUND, "application/problem+json"),
            "{path}"
        );
        let page = shop.send(Call::get(path).header("accept", "text/html,*/*;q=0.8")).await;
        assert_eq!((page.status, page.heading()), (StatusCode::NOT_FOUND, "There is no page here"), "{path}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_with_those_that_are_right() {
    let shop = Shop::open().await;
    for (method, path, right) in [
        ("GET", "/oauth/token", "POST"),
        ("PUT", "/oauth/authorize", "POST"),
        ("GET", "/oauth/par", "POST"),
        ("DELETE", "/login", "GET"),
        ("PUT", "/userinfo", "GET"),
        ("POST", "/session", "GET"),
    ] {
        let answer = shop.send(Call::new(method, path)).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert!(answer.header("allow").contains(right), "{method} {path}: {:?}", answer.header("allow"));
        assert_eq!(answer.json()["type"], "urn:linden:problem:method_not_allowed");
    }
}
