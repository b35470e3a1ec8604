//! Programs on the user's device, and clients with a default address.

use axum::http::StatusCode;

use crate::browser::{Authorization, exchange_with};
use crate::shop::Shop;

#[tokio::test]
async fn a_native_client_comes_back_to_the_port_it_was_given() {
    let shop = Shop::open().await;
    for address in [
        "http://[::1]:51004/callback",
        "http://127.0.0.1:51004/callback",
        "http://127.0.0.1/callback",
        "http://localhost/callback",
    ] {
        let mut browser = shop.browser();
        let callback = browser.sign_in_for("anna", &Authorization::of("cli", address)).await;
        assert_eq!(callback.destination(), address);
        let code = callback.parameter("code");
        let exchanged = shop.send(exchange_with(&code, &[("client_id", "cli"), ("redirect_uri", address)])).await;
        assert_eq!(exchanged.status, StatusCode::OK, "{address}: {}", exchanged.body);
        let next = browser.send(Authorization::of("cli", address).call()).await.parameter("code");
        let other_port = ("redirect_uri", "http://127.0.0.1:51005/callback");
        let refused = shop.send(exchange_with(&next, &[("client_id", "cli"), other_port])).await;
        assert_eq!(refused.oauth_error(), "invalid_grant", "by then the port is that of the authorization");
    }
}

#[tokio::test]
async fn nothing_else_of_it_is_free() {
    let shop = Shop::open().await;
    for (client_id, address) in [
        ("cli", "http://localhost:51004/callback"),
        ("cli", "http://127.0.0.1:51004/other"),
        ("cli", "http://127.0.0.1:51004/callback?a=b"),
        ("cli", "https://127.0.0.1:51004/callback"),
        ("cli", "http://127.0.0.1:51004@evil.example/callback"),
        ("cli", "http://127.0.0.1.evil.example/callback"),
        ("cli", "http://127.1:51004/callback"),
        ("cli", "http://[0:0:0:0:0:0:0:1]:51004/callback"),
        ("cli", "http://127.0.0.1:0/callback"),
        ("cli", "com.example.shop:/callback"),
        ("web-app", "http://127.0.0.1:51004/callback"),
        ("web-app", "com.example.shop:/callback"),
        ("app", "com.example.shop:/callback/"),
        ("app", "com.example.shop.evil:/callback"),
    ] {
        for call in [Authorization::of(client_id, address).call(), Authorization::of(client_id, address).posted()] {
            let answer = shop.send(call).await;
            assert_eq!(
                (answer.status, answer.is_redirect()),
                (StatusCode::BAD_REQUEST, false),
                "{client_id} {address}"
            );
        }
        let pushed = shop.send(Authorization::of(client_id, address).pushed()).await;
        assert_eq!(pushed.oauth_error(), "invalid_request", "{client_id} {address}");
    }
    let exact = Authorization::of("web-app", "http://127.0.0.1:9000/callback");
    assert_eq!(shop.send(exact.call()).await.destination(), "/auth/login");
}

#[tokio::test]
async fn an_oauth_request_without_an_address_goes_to_the_default_one() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let silent_callback = "http://localhost:8080/silent-callback.html";
    let request = Authorization::new().with("client_id", "kiosk").without("redirect_uri").with("scope", "USER");
    let callback = browser.sign_in_for("anna", &request).await;
    assert_eq!(callback.destination(), silent_callback);
    // RFC 6749 §4.1.3: what the authorization did not name, the exchange need not; what it names must be right.
    let exchanged =
        |code: &str, address: &str| exchange_with(code, &[("client_id", "kiosk"), ("redirect_uri", address)]);
    assert_eq!(shop.send(exchanged(&callback.parameter("code"), "")).await.status, StatusCode::OK);
    let code = browser.send(request.call()).await.parameter("code");
    assert_eq!(shop.send(exchanged(&code, "http://localhost:8080/")).await.oauth_error(), "invalid_grant");
    assert_eq!(shop.send(exchanged(&code, silent_callback)).await.status, StatusCode::OK);
    let named = browser.send(request.clone().with("redirect_uri", "http://localhost:8080/").call()).await;
    assert_eq!(shop.send(exchanged(&named.parameter("code"), "")).await.oauth_error(), "invalid_request");
    let refused = browser.send(request.with("response_type", "token").call()).await;
    assert_eq!(
        (refused.destination().as_str(), refused.parameter("error").as_str()),
        (silent_callback, "unsupported_response_type")
    );
}

#[tokio::test]
async fn an_openid_request_and_a_client_without_default_always_name_one() {
    let shop = Shop::open().await;
    for (client_id, scope) in [("kiosk", "USER openid"), ("storefront", "USER"), ("storefront", "openid")] {
        let request = Authorization::new().with("client_id", client_id).with("scope", scope);
        for bare in [request.clone().without("redirect_uri"), request.with("redirect_uri", "")] {
            let answer = shop.send(bare.call()).await;
            assert_eq!((answer.status, answer.is_redirect()), (StatusCode::BAD_REQUEST, false), "{client_id} {scope}");
        }
    }
}

#[tokio::test]
async fn whoever_signs_in_without_a_request_comes_to_the_default_address() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.get("/login?client_id=kiosk").await;
    let answer = browser.submit(&page, "anna", crate::seed::PASSWORD).await;
    assert_eq!(answer.location(), "http://localhost:8080/silent-callback.html");
}
