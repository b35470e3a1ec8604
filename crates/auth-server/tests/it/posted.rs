//! Authorization requests that come as a form.

use axum::http::StatusCode;

use crate::browser::{Authorization, Browser, Call};
use crate::generation::set_client;
use crate::seed::{PASSWORD, storefront};
use crate::shop::Shop;

/// No `Lax` cookie comes with a form of another site: it is as if sent by nobody.
#[tokio::test]
pub async fn a_posted_request_comes_back_by_get_with_the_cookies() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let before = shop.kept().await;
    let first = shop.send(Authorization::new().posted()).await;
    assert_eq!(first.destination(), "/auth/oauth/authorize");
    assert_eq!(first.parameters().into_keys().collect::<Vec<_>>(), ["posted"], "the request travels sealed");
    assert!(first.header("set-cookie").is_empty(), "what the browser has under way elsewhere stays");
    let again = shop.send(Authorization::new().posted()).await;
    assert_eq!(again.destination(), first.destination(), "sent twice, it does no harm");
    assert_eq!(shop.kept().await, before);
    let answer = browser.follow(&first).await;
    assert_eq!(answer.destination(), "http://localhost:8080/");
    assert!(answer.parameters().contains_key("code"));
    assert_eq!(answer.parameter("state"), "state-1");
}

#[tokio::test]
async fn nobody_signed_in_gets_the_sign_in_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let posted = shop.send(Authorization::new().posted()).await;
    let redirect = browser.follow(&posted).await;
    let page = browser.follow(&redirect).await;
    assert_eq!(page.heading(), "Sign in");
    assert!(browser.submit(&page, "anna", PASSWORD).await.parameters().contains_key("code"));
    let silent = shop.send(Authorization::new().silent().posted()).await;
    assert_eq!(shop.browser().follow(&silent).await.parameter("error"), "login_required");
}

/// A link with it is as old as it may be: whoever signed in since has not signed in for it.
#[tokio::test]
async fn a_fresh_sign_in_is_one_after_it_came_back() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let posted = shop.send(Authorization::new().with("prompt", "login").posted()).await;
    shop.wait(auth_core::time::Span::seconds(10));
    browser.sign_in("anna").await;
    shop.wait(auth_core::time::Span::seconds(10));
    assert_eq!(browser.follow(&posted).await.destination(), "/auth/login");
    shop.wait(auth_core::time::Span::minutes(30));
    let late = browser.follow(&posted).await;
    assert_eq!((late.status, late.heading()), (StatusCode::BAD_REQUEST, "This sign-in took too long"));
}

#[tokio::test]
async fn what_is_wrong_is_told_at_once_and_never_to_an_unknown_address() {
    let shop = Shop::open().await;
    let evil = "https://evil.example/";
    for wrong in [
        Authorization::new().with("redirect_uri", evil),
        Authorization::new().with("redirect_uri", evil).with("response_mode", "form_post"),
        Authorization::new().with("redirect_uri", evil).with("prompt", "none login"),
        Authorization::new().without("redirect_uri"),
        Authorization::new().and("redirect_uri", evil),
        Authorization::new().with("client_id", "nobody"),
        Authorization::new().with("client_id", "closed"),
    ] {
        let answer = shop.send(wrong.posted()).await;
        assert_eq!((answer.status, answer.is_redirect()), (StatusCode::BAD_REQUEST, false), "{}", wrong.path());
        assert!(!answer.body.contains("evil"), "{}", answer.body);
    }
    let rejected = shop.send(Authorization::new().with("scope", "\"").posted()).await;
    assert_eq!(
        (rejected.destination().as_str(), rejected.parameter("error").as_str()),
        ("http://localhost:8080/", "invalid_scope")
    );
    let json = Authorization::new().posted().replace("content-type", "application/json");
    assert_eq!(shop.send(json).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = "x".repeat(70_000);
    assert_eq!(
        shop.send(Call::post("/oauth/authorize", &[("state", &large)])).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

/// Each sealed thing is good for its own step alone.
#[tokio::test]
async fn sealed_requests_do_not_stand_for_each_other() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let (under_way, posted) =
        (page.field("request"), shop.send(Authorization::new().posted()).await.parameter("posted"));
    for path in [
        format!("/oauth/authorize?posted={under_way}"),
        format!("/oauth/authorize?answer={posted}"),
        format!("/login?request={posted}"),
        format!("/oauth/authorize?posted={}", &posted[1..]),
        format!("/oauth/authorize?posted={}", &posted[..posted.len() - 4]),
        "/oauth/authorize?posted=x".to_owned(),
    ] {
        let answer = browser.get(&path).await;
        assert_eq!((answer.status, answer.is_redirect()), (StatusCode::BAD_REQUEST, false), "{path:.40}");
    }
    let mut forged = Browser::filled(&page, "anna", PASSWORD);
    forged = forged.body(format!("request={posted}&_csrf={}&username=anna&password=x", page.field("_csrf")));
    assert_eq!(browser.send(forged).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.count("SELECT count(*) FROM session").await, 0);
}

#[tokio::test]
async fn a_client_that_lost_its_address_meanwhile_is_not_answered() {
    let shop = Shop::open().await;
    let posted = shop.send(Authorization::new().posted()).await;
    set_client(&shop, "storefront", &storefront(&["https://shop.example/elsewhere"]), true).await;
    let answer = shop.browser().follow(&posted).await;
    assert_eq!((answer.status, answer.is_redirect()), (StatusCode::BAD_REQUEST, false));
}
