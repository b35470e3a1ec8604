use auth_core::server::{Limits, ServerSettings};
use auth_core::time::Span;
use axum::http::StatusCode;

use crate::browser::{Authorization, Call};
use crate::shop::Shop;

#[tokio::test]
async fn a_server_has_its_own_limits() {
    let limits = Limits { form_bytes: 5_000, sign_in_minutes: 5 };
    let shop = Shop::open_with(ServerSettings { limits, ..ServerSettings::default() }).await;
    let mut browser = shop.browser();
    let padded = |bytes: usize| Call::post("/oauth/token", &[("grant_type", "none"), ("x", &"y".repeat(bytes))]);
    assert_eq!(browser.send(padded(1_500)).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.send(padded(5_000)).await.status, StatusCode::PAYLOAD_TOO_LARGE);

    let redirect = browser.send(Authorization::new().call()).await;
    shop.wait(Span::minutes(5));
    assert_eq!(browser.follow(&redirect).await.status, StatusCode::OK);
    shop.wait(Span(1));
    assert_eq!(browser.follow(&redirect).await.heading(), "This sign-in took too long");
}
