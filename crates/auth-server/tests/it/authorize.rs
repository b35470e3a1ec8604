use auth_core::time::Span;
use axum::http::StatusCode;

use crate::browser::{Authorization, Call};
use crate::shop::{ISSUER, Shop};

#[tokio::test]
pub async fn without_a_session_the_user_is_asked_to_sign_in() {
    let shop = Shop::open().await;
    let answer = shop.browser().send(Authorization::new().call()).await;
    assert_eq!(answer.destination(), "/auth/login");
    assert_eq!(answer.parameters().into_keys().collect::<Vec<_>>(), ["request"], "the request travels sealed");
}

#[tokio::test]
async fn nothing_is_written_until_somebody_signs_in() {
    let shop = Shop::open().await;
    shop.browser().sign_in_page(&Authorization::new()).await;
    for table in [
        "SELECT count(*) FROM session",
        "SELECT count(*) FROM oauth_grant",
        "SELECT count(*) FROM authorization_code",
        "SELECT count(*) FROM audit_event",
    ] {
        assert_eq!(shop.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn with_a_session_a_code_comes_at_once_with_state_and_issuer() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let answer = browser.send(Authorization::new().with("state", "a b&c=d/é").call()).await;
    assert_eq!(answer.destination(), "http://localhost:8080/");
    let parameters = answer.parameters();
    assert_eq!(parameters.keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
    assert_eq!((parameters["state"].as_str(), parameters["iss"].as_str()), ("a b&c=d/é", ISSUER));
    assert!(parameters["code"].len() >= 43, "256 random bits");
}

#[tokio::test]
async fn without_state_the_answer_has_none() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let answer = browser.send(Authorization::new().without("state").call()).await;
    assert_eq!(answer.parameters().into_keys().collect::<Vec<_>>(), ["code", "iss"]);
}

#[tokio::test]
async fn a_silent_request_is_answered_by_redirect_alone() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let silent = Authorization::new().silent().without("code_challenge_method");
    let refused = browser.send(silent.call()).await;
    assert_eq!(refused.destination(), "http://localhost:8080/silent-callback.html");
    assert_eq!(refused.parameter("error"), "login_required");
    assert_eq!((refused.parameter("state").as_str(), refused.parameter("iss").as_str()), ("state-1", ISSUER));

    browser.sign_in("anna").await;
    let answered = browser.send(silent.call()).await;
    assert_eq!(answered.destination(), "http://localhost:8080/silent-callback.html");
    assert!(answered.parameters().contains_key("code"));
}

#[tokio::test]
async fn prompt_login_asks_again_and_the_new_sign_in_counts() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let again = Authorization::new().with("prompt", "login");
    // Even in the same instant, and even when the clock was set back since.
    for seconds in [0, 60, -120] {
        shop.wait(Span::seconds(seconds));
        let page = browser.sign_in_page(&again).await;
        assert!(page.body.contains("sign in once more"), "{}", page.body);
    }
    let answer = browser.sign_in_for("anna", &again).await;
    assert!(answer.parameters().contains_key("code"));
}

#[tokio::test]
async fn max_age_is_met_by_a_recent_sign_in_only() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    shop.wait(Span::seconds(60));
    let recent = |seconds: &str| Authorization::new().silent().with("max_age", seconds).call();
    assert!(browser.send(recent("60")).await.parameters().contains_key("code"));
    for too_old in ["59", "0"] {
        assert_eq!(browser.send(recent(too_old)).await.parameter("error"), "login_required", "{too_old}");
    }
    let page = browser.sign_in_page(&Authorization::new().with("max_age", "59")).await;
    assert_eq!(page.heading(), "Sign in");
}

#[tokio::test]
async fn wishes_of_any_value_do_no_harm() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    for (name, value) in [
        ("acr_values", "urn:other 7 \"'<>"),
        ("display", "hologram"),
        ("ui_locales", "tlh \u{202e} de-AT-u-co-phonebk ;;"),
        ("login_hint", "\u{1f41f}\"><script>"),
        ("claims_locales", "xx"),
    ] {
        for value in [value, &"x".repeat(2048)] {
            let answer = browser.send(Authorization::new().with(name, value).call()).await;
            assert!(answer.parameters().contains_key("code"), "{name}={value:.20}");
            let page = browser.sign_in_page(&Authorization::new().with("prompt", "login").with(name, value)).await;
            assert!(!page.body.contains("<script>"), "{name}");
        }
    }
    let german = browser.sign_in_page(&Authorization::new().with("prompt", "login").with("ui_locales", "tlh de")).await;
    assert_eq!(german.header("content-language"), "de");
}

#[tokio::test]
async fn login_hint_and_language_are_for_the_page() {
    let shop = Shop::open().await;
    let hinted = Authorization::new().with("login_hint", "anna\"><b>").with("ui_locales", "en-GB");
    let page = shop.browser().sign_in_page(&hinted).await;
    assert!(page.body.contains("value=\"anna&#34;&#62;&#60;b&#62;\""), "{}", page.body);
    assert_eq!(page.header("content-language"), "en");
}

/// The language is sealed with the request: what the form answers speaks it, too, whatever the browser prefers.
#[tokio::test]
async fn a_sign_in_that_began_in_german_goes_on_in_german() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new().with("ui_locales", "tlh de-AT en")).await;
    assert_eq!((page.heading(), page.header("content-language")), ("Anmelden", "de"));
    assert!(page.body.contains("<html lang=\"de\" dir=\"ltr\">"), "{}", page.body);
    let again = browser.submit(&page, "anna", "wrong").await;
    assert_eq!((again.heading(), again.header("content-language")), ("Anmelden", "de"));
    assert!(again.body.contains("passen nicht zusammen"), "{}", again.body);

    let accepted = Authorization::new().call().header("accept-language", "de-CH, en;q=0.5");
    let asked = browser.send(accepted).await;
    let page = browser.follow(&asked).await;
    assert_eq!(page.heading(), "Sign in", "nothing was remembered of the header");
    let (_, path) = asked.location().split_once("/auth").unwrap();
    let german = Call::get(path).header("accept-language", "de-CH, en;q=0.5");
    assert_eq!(browser.send(german).await.header("content-language"), "de");
}

#[tokio::test]
async fn a_wrong_client_or_redirect_uri_is_told_on_a_page_and_never_by_redirect() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let evil = "https://evil.example/";
    for wrong in [
        Authorization::new().with("client_id", "nobody"),
        Authorization::new().with("client_id", "closed"),
        Authorization::new().without("client_id"),
        Authorization::new().with("redirect_uri", evil),
        Authorization::new().without("redirect_uri"),
        Authorization::new().with("redirect_uri", "http://localhost:8080//"),
        Authorization::new().with("redirect_uri", "http://localhost:8080.evil.example/"),
        Authorization::new().with("redirect_uri", "http://localhost:8080/\\evil"),
        Authorization::new().with("redirect_uri", "http://LOCALHOST:8080/"),
        Authorization::new().with("redirect_uri", "http://localhost:8081/"),
        Authorization::of("trade", "http://localhost:8080/"),
        // On error paths, too.
        Authorization::new().with("redirect_uri", evil).with("response_type", "token"),
        Authorization::new().with("redirect_uri", evil).with("prompt", "none"),
        Authorization::new().with("redirect_uri", evil).without("code_challenge"),
        Authorization::new().with("redirect_uri", evil).with("scope", "\""),
        // Which of two is meant is not certain.
        Authorization::new().and("redirect_uri", evil),
        Authorization::new().and("redirect_uri", "http://localhost:8080/"),
        Authorization::new().and("client_id", "trade"),
    ] {
        let answer = browser.send(wrong.call()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", wrong.path());
        assert!(!answer.is_redirect() && !answer.body.contains("evil"), "{}: {}", wrong.path(), answer.body);
    }
}

#[tokio::test]
async fn an_empty_path_equals_a_slash_and_is_answered_with_the_slash() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let answer = browser.send(Authorization::new().with("redirect_uri", "http://localhost:8080").call()).await;
    assert!(answer.location().starts_with("http://localhost:8080/?code="), "{}", answer.location());
}

#[tokio::test]
async fn what_else_is_wrong_goes_to_the_redirect_uri() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let new = Authorization::new;
    for (wrong, error) in [
        (new().without("response_type"), "invalid_request"),
        (new().with("response_type", "token"), "unsupported_response_type"),
        (new().with("response_type", "code id_token"), "unsupported_response_type"),
        (new().with("response_mode", "fragment"), "invalid_request"),
        (new().with("response_mode", "web_message"), "invalid_request"),
        (new().with("response_mode", "query form_post"), "invalid_request"),
        (new().without("code_challenge").without("code_challenge_method"), "invalid_request"),
        (new().with("code_challenge_method", "plain"), "invalid_request"),
        (new().with("code_challenge", "too-short"), "invalid_request"),
        (new().with("scope", "a\"b"), "invalid_scope"),
        (new().with("prompt", "none login"), "invalid_request"),
        (new().with("prompt", "consent"), "consent_required"),
        (new().with("prompt", "login consent"), "consent_required"),
        (new().with("prompt", "select_account"), "account_selection_required"),
        (new().with("prompt", "create"), "invalid_request"),
        (new().with("prompt", "Login"), "invalid_request"),
        (new().with("max_age", "-1"), "invalid_request"),
        (new().with("max_age", "1.5"), "invalid_request"),
        (new().with("max_age", "99999999999"), "invalid_request"),
        (new().with("claims", "{\"id_token\":"), "invalid_request"),
        (new().with("claims", "[]"), "invalid_request"),
        (new().with("id_token_hint", "a.b.c"), "invalid_request"),
        (new().with("request", "e30.e30."), "request_not_supported"),
        (new().with("request_uri", "https://shop.example/request.jwt"), "request_uri_not_supported"),
        (new().with("request_uri", "urn:example:x").with("request", "e30.e30."), "invalid_request"),
        (new().with("registration", "{}"), "registration_not_supported"),
        (new().with("accountId", "no-ulid"), "access_denied"),
    ] {
        let answer = browser.send(wrong.call()).await;
        assert_eq!(answer.destination(), "http://localhost:8080/", "{}", wrong.path());
        let parameters = answer.parameters();
        assert_eq!(parameters.keys().collect::<Vec<_>>(), ["error", "error_description", "iss", "state"]);
        assert_eq!((parameters["error"].as_str(), parameters["iss"].as_str()), (error, ISSUER), "{}", wrong.path());
        // RFC 6749 §4.1.2.1 has a small alphabet for it.
        let description = &parameters["error_description"];
        assert!(
            description.bytes().all(|byte| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)),
            "{description}"
        );
    }
}

#[tokio::test]
async fn blank_parameters_count_as_absent_and_unknown_ones_are_ignored() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let blank = Authorization::new().with("prompt", "").with("max_age", "").with("accountId", "").with("request", "");
    assert!(browser.send(blank.with("purpose", "x").call()).await.parameters().contains_key("code"));
}

#[tokio::test]
async fn a_client_without_the_grant_gets_no_code() {
    let shop = Shop::open().await;
    let answer = shop.browser().send(Authorization::of("gateway", "https://trade.example/callback").call()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "it has no redirect URI at all");
}

#[tokio::test]
async fn a_confidential_client_may_be_exempted_from_pkce() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let trade = Authorization::of("trade", "https://trade.example/callback");
    let bare = trade.clone().without("code_challenge").without("code_challenge_method");
    for request in [trade, bare] {
        assert_eq!(browser.send(request.call()).await.destination(), "https://trade.example/callback");
    }
}

#[tokio::test]
async fn a_disabled_user_is_asked_to_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("ben").await;
    disable("ben", &shop).await;
    let silent = browser.send(Authorization::new().silent().call()).await;
    assert_eq!(silent.parameter("error"), "login_required");
    assert_eq!(browser.send(Authorization::new().call()).await.destination(), "/auth/login");
}

pub async fn disable(username: &'static str, shop: &Shop) {
    static DISABLE: database::Statement =
        database::Statement::new("DISABLE", "UPDATE users SET enabled = false WHERE username = $1");
    assert_eq!(shop.database.execute(&DISABLE, database::params![username]).await.unwrap(), 1);
}

/// A prefetched code would be a code that nobody fetches, and a session that slides by itself.
#[tokio::test]
async fn a_prefetch_gets_no_code() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let before = shop.count("SELECT count(*) FROM authorization_code").await;
    let prefetch = browser.send(Authorization::new().call().header("sec-purpose", "prefetch;prerender")).await;
    assert_eq!(prefetch.status, StatusCode::BAD_REQUEST);
    let head = browser.send(Call::new("HEAD", Authorization::new().path())).await;
    assert_eq!(head.status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.count("SELECT count(*) FROM authorization_code").await, before);
}

#[tokio::test]
async fn the_other_spelling_of_the_path_is_the_same_endpoint() {
    let shop = Shop::open().await;
    let path = Authorization::new().path().replace("/oauth/", "/oauth2/");
    assert_eq!(shop.browser().get(&path).await.destination(), "/auth/login");
}
