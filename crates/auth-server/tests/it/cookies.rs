use auth_core::server::ServerSettings;
use axum::http::StatusCode;

use crate::browser::{Answer, Authorization, Call};
use crate::seed::PASSWORD;
use crate::shop::Shop;

fn set_cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all("set-cookie").iter();
    all.map(|value| {
        let text = value.to_str().unwrap();
        let (name, rest) = text.split_once('=').unwrap();
        format!("{name}=…;{}", rest.split_once(';').unwrap().1)
    })
    .collect()
}

#[tokio::test]
async fn over_https_they_have_the_host_prefix_and_are_secure() {
    let shop = Shop::open_at("https://shop.example/auth", ServerSettings::default()).await;
    let mut browser = shop.browser();
    let request = Authorization::new().with("redirect_uri", "https://shop.example/");
    let redirect = browser.send(request.call()).await;
    assert_eq!(set_cookies(&redirect), ["__Host-linden-csrf=…; HttpOnly; SameSite=Lax; Secure; Path=/"]);
    assert_eq!(redirect.header("strict-transport-security"), "max-age=31536000");
    let page = browser.follow(&redirect).await;
    let answer = browser.submit(&page, "anna", PASSWORD).await;
    assert_eq!(set_cookies(&answer), ["__Host-linden-session=…; HttpOnly; SameSite=Lax; Secure; Path=/"]);
}

/// Browsers take it for all ports, and other programs of a developer's listen there too.
#[tokio::test]
async fn localhost_promises_no_tls() {
    let shop = Shop::open_at("https://localhost:8443/auth", ServerSettings::default()).await;
    for path in ["/logout", "/oauth/jwks"] {
        assert_eq!(shop.send(Call::get(path)).await.header("strict-transport-security"), "", "{path}");
    }
}

#[tokio::test]
async fn on_loopback_they_have_the_port_in_their_name() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let redirect = browser.send(Authorization::new().call()).await;
    assert_eq!(set_cookies(&redirect), ["linden-csrf-8080=…; HttpOnly; SameSite=Lax; Path=/"]);
    assert_eq!(redirect.header("strict-transport-security"), "");
    let page = browser.follow(&redirect).await;
    let answer = browser.submit(&page, "anna", PASSWORD).await;
    assert_eq!(set_cookies(&answer), ["linden-session-8080=…; HttpOnly; SameSite=Lax; Path=/"]);
}

#[tokio::test]
async fn another_server_of_the_host_has_names_of_its_own() {
    let shop = Shop::open().await;
    let call = Authorization::new().call();
    let answer = call.send(&shop.router, "http://localhost:8080/auth/s/other", "").await;
    assert_eq!(set_cookies(&answer), ["linden-csrf-8080-other=…; HttpOnly; SameSite=Lax; Path=/"]);
    assert_eq!(answer.destination(), "/auth/s/other/login");
}

#[tokio::test]
async fn the_browsers_cookie_is_kept_and_not_set_again() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in_page(&Authorization::new()).await;
    let answer = browser.send(Authorization::new().call()).await;
    assert_eq!(set_cookies(&answer), [] as [&str; 0]);
}

#[tokio::test]
async fn a_broken_csrf_cookie_is_replaced() {
    let shop = Shop::open().await;
    for broken in ["", "x", "ä", "%00", &"A".repeat(5000)] {
        let mut browser = shop.browser();
        browser.cookies.push(("linden-csrf-8080".to_owned(), broken.to_owned()));
        let page = browser.sign_in_page(&Authorization::new()).await;
        assert_eq!(browser.submit(&page, "anna", PASSWORD).await.status, StatusCode::SEE_OTHER, "{broken:.10}");
    }
}

/// A neighbour on the same host can plant a cookie of the same name; both are sent then, in an order that it chooses.
#[tokio::test]
async fn a_planted_cookie_beside_the_real_one_hides_nothing() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let planted = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE";
    browser.cookies.insert(0, ("linden-csrf-8080".to_owned(), planted.to_owned()));
    assert_eq!(browser.submit(&page, "anna", PASSWORD).await.status, StatusCode::SEE_OTHER);
    for junk in ["junk", "", "ä"] {
        browser.cookies.insert(0, ("linden-session-8080".to_owned(), junk.to_owned()));
    }
    assert_eq!(browser.get("/session?client_id=storefront").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_flood_of_cookies_or_bytes_that_are_no_text_is_passed_over() {
    let shop = Shop::open().await;
    let flood = "linden-session-8080=x; ".repeat(300);
    let ask = || Call::get("/session?client_id=storefront");
    for header in [flood.as_bytes(), b"linden-session-8080=\xff\xfe", b"=;;=\"", b"\x80"] {
        let answer = shop.send(ask().header("cookie", header)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}
