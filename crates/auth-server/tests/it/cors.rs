use axum::http::StatusCode;

use crate::browser::{Answer, Authorization, Call, exchange, exchange_with};
use crate::seed::TRADE_SECRET;
use crate::shop::Shop;

const OWN: &str = "http://localhost:8080";
const PARTNER: &str = "https://partner.example";

/// The allowed origin, and whether credentials may be sent.
fn allowed(answer: &Answer) -> (&str, bool) {
    (answer.header("access-control-allow-origin"), answer.header("access-control-allow-credentials") == "true")
}

#[tokio::test]
async fn discovery_and_keys_are_for_everybody_without_credentials() {
    let shop = Shop::open().await;
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/oauth/jwks"] {
        let answer = shop.send(Call::get(path).header("origin", "https://anybody.example")).await;
        assert_eq!(allowed(&answer), ("*", false), "{path}");
    }
}

#[tokio::test]
async fn pages_of_the_client_may_read_its_tokens() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    for (origin, wanted) in
        [(OWN, (OWN, true)), (PARTNER, ("", false)), ("https://evil.example", ("", false)), ("null", ("", false))]
    {
        let code = browser.send(Authorization::new().call()).await.parameter("code");
        let answer = shop.send(exchange(&code).header("origin", origin)).await;
        assert_eq!((answer.status, allowed(&answer)), (StatusCode::OK, wanted), "{origin}");
        let error = shop.send(exchange(&code).header("origin", origin)).await;
        assert_eq!(
            (error.status, allowed(&error)),
            (StatusCode::BAD_REQUEST, wanted),
            "{origin}: errors can be read, too"
        );
    }
}

#[tokio::test]
async fn credentials_are_for_first_party_clients_only() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let uri = "https://trade.example/callback";
    let code = browser.send(Authorization::of("trade", uri).call()).await.parameter("code");
    let call = exchange_with(&code, &[("client_id", ""), ("redirect_uri", uri)]).basic("trade", TRADE_SECRET);
    let answer = shop.send(call.header("origin", "https://trade.example")).await;
    assert_eq!(allowed(&answer), ("https://trade.example", false));
}

#[tokio::test]
async fn session_and_user_info_answer_the_clients_pages() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let session = || Call::get("/session?client_id=storefront");
    for (origin, wanted) in [(OWN, (OWN, true)), (PARTNER, ("", false))] {
        assert_eq!(allowed(&browser.send(session().header("origin", origin)).await), wanted);
        assert_eq!(allowed(&shop.send(session().header("origin", origin)).await), wanted, "401 likewise");
        let info = Call::get("/userinfo").bearer(tokens["access_token"].as_str().unwrap());
        assert_eq!(allowed(&shop.send(info.header("origin", origin)).await), wanted);
    }
}

/// An opaque origin is every sandboxed frame's; a private-use redirect URI has one.
#[tokio::test]
async fn no_client_has_the_opaque_origin() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let session = Call::get("/session?client_id=app").header("origin", "null");
    assert_eq!(allowed(&browser.send(session).await), ("", false));
    let preflight =
        Call::new("OPTIONS", "/session").header("origin", "null").header("access-control-request-method", "GET");
    assert_eq!(allowed(&shop.send(preflight).await), ("", false));
}

#[tokio::test]
async fn preflights_are_answered_for_the_origins_of_enabled_clients() {
    let shop = Shop::open().await;
    // Anybody may send any number of them: they ask no storage.
    shop.database.close().await;
    for path in ["/oauth/token", "/oauth2/token", "/userinfo", "/session"] {
        for (origin, known) in
            [(OWN, true), (PARTNER, true), ("https://evil.example", false), ("https://localhost:8080", false)]
        {
            let preflight = Call::new("OPTIONS", path)
                .header("origin", origin)
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization,content-type");
            let answer = shop.send(preflight).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
            assert_eq!(allowed(&answer), if known { (origin, true) } else { ("", false) }, "{path} {origin}");
            assert_eq!(answer.header("access-control-allow-methods"), if known { "GET, POST" } else { "" });
            assert_eq!(answer.header("vary"), "Origin");
        }
    }
}

/// What the SDK cannot read it takes for a broken network.
#[tokio::test]
async fn a_shops_page_can_read_answers_to_requests_that_name_no_client() {
    let shop = Shop::open().await;
    for (origin, wanted) in [(OWN, OWN), (PARTNER, PARTNER), ("https://evil.example", "")] {
        for call in [
            Call::get("/userinfo"),
            Call::get("/userinfo").bearer("nonsense"),
            Call::post("/oauth/token", &[("grant_type", "authorization_code"), ("client_id", "nobody")]),
            Call::new("POST", "/oauth/token").body("{}"),
            Call::get("/session"),
        ] {
            let answer = shop.send(call.header("origin", origin)).await;
            assert!(answer.status.is_client_error());
            assert_eq!(allowed(&answer), (wanted, false), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn pages_and_authorize_are_for_no_other_origin() {
    let shop = Shop::open().await;
    for call in [Call::get("/login?client_id=storefront"), Call::get("/logout"), Authorization::new().call()] {
        assert_eq!(allowed(&shop.send(call.header("origin", OWN)).await), ("", false));
    }
}
