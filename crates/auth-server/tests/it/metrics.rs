//! What is counted, and that callers cannot make it more than that.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use telemetry::metrics::labels::{Cache, Labels, Lookup, Part, SignIn, StatusClass, TokenGrant, TokenOutcome};

use crate::browser::{Authorization, Call};
use crate::seed::{GATEWAY_SECRET, PASSWORD};
use crate::shop::Shop;

/// Names with labels, without figures.
fn series(text: &str) -> BTreeSet<String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect()
}

#[tokio::test]
async fn sign_ins_and_tokens_are_counted_by_how_they_end() {
    let shop = Shop::open().await;
    let metrics = &shop.metrics;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    assert_eq!(browser.submit(&page, "anna", "wrong").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.submit(&page, "anna", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let of = |outcome| metrics.sign_ins.count(outcome);
    assert_eq!(SignIn::EVERY.map(of), [1, 1, 0, 0, 0]);

    let asking = |fields: &[(&str, &str)]| Call::post("/oauth/token", fields);
    let issued = shop.send(asking(&[("grant_type", "client_credentials")]).basic("gateway", GATEWAY_SECRET)).await;
    assert_eq!(issued.status, StatusCode::OK);
    shop.send(asking(&[("grant_type", "client_credentials")]).basic("gateway", "wrong")).await;
    shop.send(asking(&[("grant_type", "password")]).basic("gateway", GATEWAY_SECRET)).await;
    let code =
        [("grant_type", "authorization_code"), ("client_id", "storefront"), ("code", "x"), ("code_verifier", "y")];
    shop.send(asking(&code)).await;
    let mut counted = Vec::new();
    for index in 0..<(TokenGrant, TokenOutcome)>::COUNT {
        let labels = <(TokenGrant, TokenOutcome)>::nth(index);
        counted.extend((metrics.token_requests.count(labels) > 0).then_some(labels));
    }
    let refused = counted[0].1;
    assert!(matches!(refused, TokenOutcome::InvalidGrant | TokenOutcome::InvalidRequest), "{refused:?}");
    assert_eq!(
        counted,
        [
            (TokenGrant::AuthorizationCode, refused),
            (TokenGrant::ClientCredentials, TokenOutcome::Issued),
            (TokenGrant::Unknown, TokenOutcome::InvalidClient),
            (TokenGrant::Unknown, TokenOutcome::UnsupportedGrantType),
        ]
    );
    let lookups = |result| metrics.cache_lookups.count((Cache::Clients, result));
    assert!(lookups(Lookup::Miss) >= 2 && lookups(Lookup::Hit) >= 2);
}

/// Whatever is asked, under whatever names: the series stay what they were at the start.
#[tokio::test]
async fn what_a_caller_chooses_becomes_no_series() {
    let shop = Shop::open().await;
    let before = series(&shop.metrics.text());
    for number in 0..50 {
        let own = format!("client-{number}");
        let form = [("grant_type", own.as_str()), ("client_id", &own), ("scope", &own)];
        shop.send(Call::post("/oauth/token", &form)).await;
        shop.send(Call::get(format!("/{own}?client_id={own}"))).await;
        shop.send(Call::get("/session").header("host", format!("{own}.example"))).await;
    }
    assert_eq!(series(&shop.metrics.text()), before);
    let answered = StatusClass::EVERY.map(|class| shop.metrics.requests.count((Part::Auth, class)));
    assert_eq!(answered.iter().sum::<u64>(), 150);
    assert!(shop.metrics.text().contains("linden_request_seconds_count{part=\"auth\"}"));
}
