use auth_core::time::Span;
use axum::http::StatusCode;

use crate::browser::{Authorization, Browser, Call, exchange};
use crate::seed::PASSWORD;
use crate::shop::Shop;

#[tokio::test]
async fn a_right_password_leads_back_with_a_code_and_a_session() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let answer = browser.sign_in_for("anna", &Authorization::new()).await;
    assert_eq!(answer.destination(), "http://localhost:8080/");
    assert_eq!(answer.parameters().into_keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
    assert!(browser.cookie("linden-session-8080").is_some());
    assert_eq!(shop.audited().await, ["signed_in"]);
}

#[tokio::test]
async fn names_are_found_in_any_spelling_and_by_email() {
    let shop = Shop::open().await;
    for typed in ["ANNA", " anna ", "ａｎｎａ", "Anna@Shop.Example"] {
        let mut browser = shop.browser();
        let page = browser.sign_in_page(&Authorization::new()).await;
        assert_eq!(browser.submit(&page, typed, PASSWORD).await.status, StatusCode::SEE_OTHER, "{typed}");
    }
}

#[tokio::test]
async fn one_password_typed_on_two_keyboards_matches() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    // A no-break space, as Option-Space types it.
    let answer = browser.submit(&page, "anna", &PASSWORD.replace(' ', "\u{a0}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = browser.sign_in_page(&Authorization::new().with("prompt", "login")).await;
    assert_eq!(browser.submit(&page, "anna", &PASSWORD.to_uppercase()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_wrong_password_shows_the_form_again_with_what_was_typed() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let again = browser.submit(&page, "anna", "wrong password 1").await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert!(again.body.contains("do not match") && again.body.contains("value=\"anna\""), "{}", again.body);
    assert!(!again.body.contains("wrong password 1"), "a password is never shown");
    assert_eq!(browser.cookie("linden-session-8080"), None);
    let answer = browser.submit(&again, "anna", PASSWORD).await;
    assert_eq!(answer.parameter("state"), "state-1", "the request under way is still the same");
    assert_eq!(shop.audited().await, ["sign_in_failed", "signed_in"]);
}

/// Rule 7: no text, status or size tells whether an account exists.
#[tokio::test]
async fn unknown_disabled_and_known_users_get_equal_answers() {
    let shop = Shop::open().await;
    let mut answers = Vec::new();
    for (username, password) in
        [("anna", "wrong"), ("nobd", "wrong"), ("carl", PASSWORD), ("carl", "wrong"), ("a\u{3000}b ", "x")]
    {
        let mut browser = shop.browser();
        let page = browser.sign_in_page(&Authorization::new()).await;
        let answer = browser.submit(&page, username, password).await;
        let mut headers: Vec<_> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
        headers.sort();
        let shown = format!("value=\"{}\"", username.trim());
        answers.push((answer.status, headers, answer.stable_body().replace(&shown, "value=\"name\"")));
    }
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    for other in &answers[1..4] {
        assert_eq!(other, &answers[0]);
    }
    assert_eq!((answers[4].0, &answers[4].1), (answers[0].0, &answers[0].1), "what can be no name");
}

#[tokio::test]
async fn a_sign_in_gives_a_new_session_and_ends_the_one_before() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let first = browser.sign_in_with_tokens("anna").await;
    let before = browser.clone();
    shop.wait(Span::seconds(1));
    browser.sign_in_for("ben", &Authorization::new().with("prompt", "login")).await;
    assert_ne!(browser.cookie("linden-session-8080"), before.cookie("linden-session-8080"));
    let mut stale = before;
    let silent = stale.send(Authorization::new().silent().call()).await;
    assert_eq!(silent.parameter("error"), "login_required", "nobody goes on in the old session");
    let info = shop.send(Call::get("/userinfo").bearer(first["access_token"].as_str().unwrap())).await;
    assert_eq!(info.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_planted_session_cookie_is_not_taken_over() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.cookies.push(("linden-session-8080".to_owned(), "planted-by-somebody".to_owned()));
    browser.sign_in("anna").await;
    assert_ne!(browser.cookie("linden-session-8080"), Some("planted-by-somebody"));
}

#[tokio::test]
async fn the_form_sent_twice_signs_in_again() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let (first, second) =
        (browser.submit(&page, "anna", PASSWORD).await, browser.submit(&page, "anna", PASSWORD).await);
    assert_ne!(first.parameter("code"), second.parameter("code"));
    assert_eq!(browser.send(exchange(&second.parameter("code"))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_form_can_be_sent_after_going_back() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let code = browser.submit(&page, "anna", PASSWORD).await.parameter("code");
    browser.send(exchange(&code)).await;
    shop.wait(Span::minutes(5));
    let again = browser.submit(&page, "ben", PASSWORD).await;
    let tokens = browser.send(exchange(&again.parameter("code"))).await.json();
    assert_eq!(tokens["username"], "ben");
}

#[tokio::test]
async fn a_request_under_way_is_good_for_half_an_hour() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let redirect = browser.send(Authorization::new().call()).await;
    let page = browser.follow(&redirect).await;
    shop.wait(Span::minutes(30));
    assert_eq!(browser.follow(&redirect).await.status, StatusCode::OK);
    shop.wait(Span(1));
    for late in [browser.follow(&redirect).await, browser.submit(&page, "anna", PASSWORD).await] {
        assert_eq!((late.status, late.heading()), (StatusCode::BAD_REQUEST, "This sign-in took too long"));
    }
    shop.wait(Span::minutes(-60));
    assert_eq!(browser.follow(&redirect).await.status, StatusCode::OK, "a clock set back counts as no time passed");
}

#[tokio::test]
async fn a_request_begun_in_one_browser_is_not_finished_in_another() {
    let shop = Shop::open().await;
    let (mut mine, mut other) = (shop.browser(), shop.browser());
    let redirect = mine.send(Authorization::new().call()).await;
    let page = mine.follow(&redirect).await;
    assert_eq!(other.follow(&redirect).await.heading(), "Cookies are needed to sign in");
    assert_eq!(other.submit(&page, "anna", PASSWORD).await.heading(), "Cookies are needed to sign in");
    other.sign_in_page(&Authorization::new()).await;
    for refused in [other.follow(&redirect).await, other.submit(&page, "anna", PASSWORD).await] {
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.heading(), "This sign-in belongs to another browser");
    }
    assert_eq!(shop.count("SELECT count(*) FROM session").await, 0);
}

#[tokio::test]
async fn a_csrf_token_is_good_for_its_own_request_only() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let (one, other) = (
        browser.sign_in_page(&Authorization::new()).await,
        browser.sign_in_page(&Authorization::new().with("state", "other")).await,
    );
    let mixed = [
        ("request", one.field("request")),
        ("_csrf", other.field("_csrf")),
        ("username", "anna".to_owned()),
        ("password", PASSWORD.to_owned()),
    ];
    let mixed: Vec<(&str, &str)> = mixed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.send(Call::post("/login", &mixed).sent_from_own_page()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.cookie("linden-session-8080"), None);
}

#[tokio::test]
pub async fn a_form_from_another_site_is_refused() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let form = || Browser::filled(&page, "anna", PASSWORD);
    let bare = || form().replace("sec-fetch-site", "");
    for refused in [
        form().replace("sec-fetch-site", "cross-site"),
        form().replace("sec-fetch-site", "same-site"),
        form().replace("sec-fetch-site", "none"),
        form().replace("sec-fetch-site", "cross-site").header("origin", "http://localhost:8080"),
        bare(),
    ] {
        assert_eq!(browser.send(refused).await.status, StatusCode::BAD_REQUEST);
    }
    let without = || {
        let fields = [("request", page.field("request")), ("_csrf", page.field("_csrf"))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let all = [fields, vec![("username", "anna"), ("password", PASSWORD)]].concat();
        Call::post("/login", &all)
    };
    for origin in ["https://evil.example", "null", "http://localhost:8081", ""] {
        let answer = browser.send(without().header("origin", origin)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{origin}");
    }
    assert_eq!(browser.send(without()).await.status, StatusCode::BAD_REQUEST, "neither header");
    assert_eq!(shop.count("SELECT count(*) FROM session").await, 0);
    let own = browser.send(without().header("origin", "http://localhost:8080")).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER, "an older browser sends the own Origin alone");
}

#[tokio::test]
pub async fn the_page_is_for_everybody_and_leads_back_to_a_registered_address() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.get("/login?client_id=storefront").await;
    assert_eq!((page.status, page.heading()), (StatusCode::OK, "Sign in"));
    let answer = browser.submit(&page, "anna", PASSWORD).await;
    assert_eq!(answer.location().trim_end_matches('/'), "http://localhost:8080");
    assert_eq!(shop.count("SELECT count(*) FROM authorization_code").await, 0, "nobody asked for a code");

    let silent = "http://localhost:8080/silent-callback.html";
    let page = browser.get(&format!("/login?client_id=storefront&redirect_uri={silent}")).await;
    assert_eq!(browser.submit(&page, "anna", PASSWORD).await.location(), silent);
    for wrong in
        ["", "?client_id=nobody", "?client_id=storefront&redirect_uri=https://evil.example/", "?client_id=gateway"]
    {
        let answer = browser.get(&format!("/login{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(!answer.body.contains("evil"), "{wrong}");
    }
}

#[tokio::test]
async fn what_the_form_leads_to_goes_out_through_the_authorization_endpoint_in_that_browser_only() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let answer = browser.send_once(Browser::filled(&page, "anna", PASSWORD)).await;
    let (_, sealed) = answer.location().split_once("answer=").expect("a sealed answer");
    assert!(!answer.location().contains("code="));
    let delivery = || Call::get(format!("/oauth/authorize?answer={sealed}"));
    let elsewhere = shop.browser().send_once(delivery()).await;
    assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);
    let broken = browser.send_once(Call::get(format!("/oauth/authorize?answer=x{sealed}"))).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    let delivered = browser.send_once(delivery()).await;
    assert!(delivered.location().starts_with("http://localhost:8080/?code="));
}
