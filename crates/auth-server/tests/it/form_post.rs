//! `response_mode=form_post`: the answer is a page that posts it.

use axum::http::StatusCode;

use crate::browser::{Answer, Authorization, Call, exchange};
use crate::shop::{ISSUER, Shop};

fn form_post() -> Authorization {
    Authorization::new().with("response_mode", "form_post")
}

fn assert_posts_to(page: &Answer, action: &str) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.headers.get("location").is_none());
    assert!(page.body.contains(&format!("<form method=\"post\" action=\"{action}\">")), "{}", page.body);
    assert!(page.body.contains("<button type=\"submit\">"), "works without JavaScript");
}

#[tokio::test]
async fn with_a_session_the_page_comes_at_once_and_its_code_is_good() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let page = browser.send(form_post().with("state", "a\"><b>é").call()).await;
    assert_posts_to(&page, "http://localhost:8080/");
    assert!(page.body.contains("name=\"state\" value=\"a&#34;&#62;&#60;b&#62;é\""), "{}", page.body);
    assert_eq!(page.field("iss"), ISSUER);
    assert_eq!(shop.send(exchange(&page.field("code"))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn after_the_sign_in_form_comes_the_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let form = browser.sign_in_page(&form_post()).await;
    let page = browser.submit(&form, "anna", crate::seed::PASSWORD).await;
    assert_posts_to(&page, "http://localhost:8080/");
    assert_eq!(page.field("state"), "state-1");
    assert_eq!(shop.send(exchange(&page.field("code"))).await.status, StatusCode::OK);
}

/// Also of `prompt=none`: a frame is told by no page of ours, which is why silent requests go by query.
#[tokio::test]
async fn errors_are_posted_too() {
    let shop = Shop::open().await;
    for (request, error) in [
        (form_post().silent(), "login_required"),
        (form_post().with("scope", "\""), "invalid_scope"),
        (form_post().with("prompt", "none login"), "invalid_request"),
        (form_post().without("code_challenge"), "invalid_request"),
    ] {
        let page = shop.send(request.call()).await;
        let address = request.fields().iter().find(|(name, _)| *name == "redirect_uri").unwrap().1;
        assert_posts_to(&page, address);
        assert_eq!((page.field("error").as_str(), page.field("iss").as_str()), (error, ISSUER), "{}", request.path());
    }
    let elsewhere = shop.send(form_post().with("redirect_uri", "https://evil.example/").call()).await;
    assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);
    assert!(!elsewhere.body.contains("evil"), "{}", elsewhere.body);
}

#[tokio::test]
async fn the_page_is_unframeable_and_runs_one_script_of_ours() {
    let shop = Shop::open().await;
    for (client_id, redirect_uri, form_action) in [
        ("storefront", "http://localhost:8080/", "http://127.0.0.1:* http://localhost:*"),
        ("embedder", "https://partner.example/callback", "https:"),
        ("cli", "http://[::1]:9000/callback", "http:"),
    ] {
        let request = Authorization::of(client_id, redirect_uri).with("response_mode", "form_post");
        let page = shop.send(request.with("prompt", "none").call()).await;
        let policy = page.header("content-security-policy");
        assert_eq!(
            policy,
            format!(
                "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self' \
                 {form_action}; frame-ancestors 'none'; script-src 'self'"
            )
        );
        assert_eq!((page.header("x-frame-options"), page.header("cache-control")), ("DENY", "no-store"));
        let (_, script) = page.body.split_once("<script src=\"/auth").unwrap();
        let (path, rest) = script.split_once('"').unwrap();
        assert!(rest.starts_with(" defer></script>"), "no inline script: {rest}");
        assert_eq!(page.body.matches("<script").count(), 1);
        let script = shop.send(Call::get(path)).await;
        assert_eq!((script.status, script.header("content-type")), (StatusCode::OK, "text/javascript; charset=utf-8"));
        assert!(script.body.contains("document.forms[0].submit()"));
    }
}

/// No browser posts to an application's scheme: the refusal goes by query.
#[tokio::test]
async fn a_private_scheme_cannot_be_posted_to() {
    let shop = Shop::open().await;
    let request = Authorization::of("app", "com.example.shop:/callback").with("response_mode", "form_post");
    let answer = shop.send(request.call()).await;
    assert_eq!(answer.destination(), "com.example.shop:/callback");
    assert_eq!(answer.parameter("error"), "invalid_request");
}
