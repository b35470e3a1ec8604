//! Whatever comes, it is answered: no failure of the server's own, no redirect to where nobody is registered, nothing of
//! it in a page but as text.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::browser::{Answer, Authorization, Call, VERIFIER};
use crate::shop::Shop;

const ADDRESSES: [(&str, &str); 14] = [
    ("POST", "/oauth/authorize"),
    ("POST", "/oauth/par"),
    ("GET", "/oauth/authorize"),
    ("GET", "/oauth2/authorize"),
    ("POST", "/oauth/token"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/logout"),
    ("POST", "/logout"),
    ("GET", "/session"),
    ("GET", "/userinfo"),
    ("POST", "/userinfo"),
    ("OPTIONS", "/session"),
    ("GET", "/register"),
];

const NAMES: [&str; 29] = [
    "response_mode",
    "claims",
    "request_uri",
    "posted",
    "acr_values",
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "accountId",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
    "ui_locales",
    "request",
    "_csrf",
    "username",
    "password",
    "id_token_hint",
    "post_logout_redirect_uri",
    "grant_type",
    "answer",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
];

const VALUES: [&str; 21] = [
    "form_post",
    "urn:ietf:params:oauth:request_uri:x",
    r#"{"id_token":{"sub":{"value":"x"}}}"#,
    "storefront",
    "trade",
    "gateway",
    "http://localhost:8080/",
    "https://evil.example/",
    "code",
    "openid USER",
    "none",
    "login",
    "0",
    "authorization_code",
    "client_credentials",
    "javascript:alert(1)",
    "\"><b id=evil>",
    "",
    VERIFIER,
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "e30.eyJzdWIiOiJ0cmFkZSJ9.AAAA",
];

#[derive(Debug, Clone)]
struct Anything {
    address: (&'static str, &'static str),
    well_formed_start: bool,
    query: String,
    body: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    signed_in: bool,
}

fn encoded(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02x}")).collect()
}

fn parameters() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        4 => prop::sample::select(&VALUES[..]).prop_map(|value| encoded(value.as_bytes())),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| encoded(&bytes)),
        1 => ".{0,20}".prop_map(|text| encoded(text.as_bytes())),
    ];
    let pair = (prop::sample::select(&NAMES[..]), value).prop_map(|(name, value)| format!("{name}={value}"));
    prop::collection::vec(pair, 0..7).prop_map(|pairs| pairs.join("&"))
}

fn header() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let name = prop::sample::select(
        &["cookie", "origin", "accept-language", "authorization", "sec-fetch-site", "accept", "if-none-match"][..],
    );
    let value = prop_oneof![
            prop::collection::vec(prop_oneof![Just(b'\t'), 0x20u8..0x7f, 0x80u8..=0xff], 0..40),
            prop::sample::select(
                &[
                    "same-origin",
                    "null",
                    "Basic eDp5",
                    "Bearer a.b.c",
                    "text/html",
                    "linden-session-8080=x",
                    "en, *;q=0"
                ][..]
            )
            .prop_map(|text| text.as_bytes().to_vec()),
        ];
    (name, value)
}

fn anything() -> impl Strategy<Value = Anything> {
    let address = prop::sample::select(&ADDRESSES[..]);
    let headers = prop::collection::vec(header(), 0..3);
    (address, any::<bool>(), parameters(), parameters(), headers, any::<bool>()).prop_map(
        |(address, well_formed_start, query, body, headers, signed_in)| Anything {
            address,
            well_formed_start,
            query,
            body,
            headers,
            signed_in,
        },
    )
}

fn call(anything: &Anything) -> Call {
    let (method, path) = anything.address;
    let path = match anything.well_formed_start && method == "GET" && path.ends_with("/authorize") {
        true => format!("{}&{}", Authorization::new().path(), anything.query),
        false => format!("{path}?{}", anything.query),
    };
    let call = Call::new(method, &path).header("content-type", "application/x-www-form-urlencoded");
    let call = match anything.well_formed_start && method == "POST" && path.contains("/oauth/") {
        true => call.body(format!("{}&{}", Authorization::new().query(), anything.body)),
        false => call.body(anything.body.clone()),
    };
    anything.headers.iter().fold(call, |call, (name, value)| call.header(name, value))
}

fn check(answer: &Answer) -> Result<(), TestCaseError> {
    prop_assert!(answer.status.as_u16() < 500, "{}: {}", answer.status, answer.body);
    prop_assert!(!answer.body.contains("<b id=evil>"));
    if let Some(location) = answer.headers.get("location") {
        let location = location.to_str().unwrap();
        let known = [
            "/auth/login?",
            "/auth/oauth/authorize?",
            "/auth/logout?",
            "http://localhost:8080/",
            "https://trade.example/callback",
        ];
        prop_assert!(known.iter().any(|start| location.starts_with(start)), "{location}");
    }
    Ok(())
}

#[test]
fn it_is_answered() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (shop, mut browser) = runtime.block_on(async {
        let shop = Shop::open().await;
        let mut browser = shop.browser();
        browser.sign_in("anna").await;
        (shop, browser)
    });
    let mut runner = TestRunner::new(Config { cases: 1500, failure_persistence: None, ..Config::default() });
    let ran = runner.run(&anything(), |anything| {
        let answer = runtime.block_on(async {
            match anything.signed_in {
                true => browser.clone().send(call(&anything)).await,
                false => shop.send(call(&anything)).await,
            }
        });
        check(&answer)
    });
    ran.unwrap();
    let still = runtime.block_on(browser.get("/session?client_id=storefront"));
    assert_eq!(still.status, 200, "and nobody is signed out by it");
}
