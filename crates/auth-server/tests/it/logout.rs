use auth_core::time::Span;
use axum::http::StatusCode;

use crate::browser::{Answer, Authorization, Browser, Call, exchange};
use crate::shop::Shop;

const HOME: &str = "http://localhost:8080/";

async fn signed_in(shop: &Shop, username: &str) -> (Browser, String) {
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens(username).await;
    (browser, tokens["id_token"].as_str().unwrap().to_owned())
}

async fn is_signed_in(browser: &Browser) -> bool {
    let mut other_tab = browser.clone();
    other_tab.get("/session?client_id=storefront").await.status == StatusCode::OK
}

fn post(fields: &[(&str, &str)]) -> Call {
    Call::post("/logout", fields)
}

fn answers_to_question(page: &Answer) -> Call {
    post(&[("request", &page.field("request")), ("_csrf", &page.field("_csrf"))])
}

#[tokio::test]
async fn a_hint_of_this_browsers_session_signs_out_without_a_question() {
    for by_post in [true, false] {
        let shop = Shop::open().await;
        let (mut browser, hint) = signed_in(&shop, "anna").await;
        let stale = browser.clone();
        let fields = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", HOME), ("state", "s 1")];
        let call = match by_post {
            true => post(&fields),
            false => {
                let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                Call::get(format!("/logout?{query}"))
            }
        };
        let answer = browser.send(call).await;
        assert_eq!(answer.location(), "http://localhost:8080/?state=s+1");
        assert_eq!(browser.cookie("linden-session-8080"), None);
        assert!(!is_signed_in(&stale).await, "the session is over, not the cookie alone");
        assert_eq!(shop.audited().await, ["signed_in", "signed_out"]);
    }
}

#[tokio::test]
async fn an_expired_hint_will_do() {
    let shop = Shop::open().await;
    let (mut browser, hint) = signed_in(&shop, "anna").await;
    shop.wait(Span::minutes(20));
    let answer = browser.send(post(&[("id_token_hint", &hint), ("post_logout_redirect_uri", HOME)])).await;
    assert_eq!(answer.location(), HOME);
    assert!(!is_signed_in(&browser).await);
}

#[tokio::test]
async fn signing_out_again_is_as_good() {
    let shop = Shop::open().await;
    let (mut browser, hint) = signed_in(&shop, "anna").await;
    for _ in 0..2 {
        let answer = browser.send(post(&[("id_token_hint", &hint), ("post_logout_redirect_uri", HOME)])).await;
        assert_eq!(answer.location(), HOME);
    }
}

#[tokio::test]
pub async fn without_a_valid_hint_the_user_is_asked() {
    let shop = Shop::open().await;
    let (mut browser, hint) = signed_in(&shop, "anna").await;
    let (_, of_ben) = signed_in(&shop, "ben").await;
    let mut second = browser.clone();
    let code = second.send(Authorization::new().call()).await.parameter("code");
    let tokens = shop.send(exchange(&code)).await.json();
    let access_token = tokens["access_token"].as_str().unwrap();
    let forged = format!("{}x", &hint[..hint.len() - 1]);
    for fields in [
        vec![],
        vec![("id_token_hint", "nonsense")],
        vec![("id_token_hint", forged.as_str())],
        vec![("id_token_hint", access_token)],
        vec![("id_token_hint", of_ben.as_str())],
        vec![("client_id", "storefront"), ("post_logout_redirect_uri", HOME)],
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        for call in [post(&fields), Call::get(format!("/logout?{query}"))] {
            let page = browser.send(call).await;
            assert_eq!((page.status, page.heading()), (StatusCode::OK, "Sign out?"), "{fields:?}");
            assert!(page.body.contains("<bdi>anna</bdi>"), "{}", page.body);
        }
        assert!(is_signed_in(&browser).await, "{fields:?}");
    }
}

#[tokio::test]
async fn answering_the_question_signs_out_and_leads_back() {
    let shop = Shop::open().await;
    let (mut browser, _) = signed_in(&shop, "anna").await;
    let page =
        browser.send(post(&[("client_id", "storefront"), ("post_logout_redirect_uri", HOME), ("state", "x")])).await;
    let answer = browser.send(answers_to_question(&page).sent_from_own_page()).await;
    assert_eq!(answer.location(), "http://localhost:8080/?state=x");
    assert!(!is_signed_in(&browser).await);

    let (mut browser, _) = signed_in(&shop, "anna").await;
    let page = browser.get("/logout").await;
    let answer = browser.send(answers_to_question(&page).sent_from_own_page()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!is_signed_in(&browser).await && !answer.body.contains("<form"), "{}", answer.body);
}

#[tokio::test]
pub async fn the_question_is_answered_in_this_browser_and_from_this_site_only() {
    let shop = Shop::open().await;
    let (mut browser, _) = signed_in(&shop, "anna").await;
    let page = browser.get("/logout").await;
    let (mut other, _) = signed_in(&shop, "ben").await;
    let refused = other.send(answers_to_question(&page).sent_from_own_page()).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let cross_site = answers_to_question(&page).header("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(cross_site).await.status, StatusCode::BAD_REQUEST);
    let login = browser.sign_in_page(&Authorization::new().with("prompt", "login")).await;
    let mixed = browser.send(answers_to_question(&login).sent_from_own_page()).await;
    assert_eq!(mixed.status, StatusCode::BAD_REQUEST, "the form of another question");
    shop.wait(Span::minutes(31));
    let late = browser.send(answers_to_question(&page).sent_from_own_page()).await;
    assert_eq!(late.status, StatusCode::BAD_REQUEST);
    shop.wait(Span::minutes(-31));
    assert!(is_signed_in(&browser).await && is_signed_in(&other).await);
}

#[tokio::test]
async fn an_unregistered_address_is_not_gone_to_and_nothing_ends() {
    let shop = Shop::open().await;
    let (mut browser, hint) = signed_in(&shop, "anna").await;
    for fields in [
        vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", "https://evil.example/")],
        vec![
            ("id_token_hint", hint.as_str()),
            ("post_logout_redirect_uri", "http://localhost:8080/silent-callback.html"),
        ],
        vec![("post_logout_redirect_uri", HOME)],
        vec![("post_logout_redirect_uri", HOME), ("client_id", "nobody")],
        vec![("post_logout_redirect_uri", HOME), ("client_id", "trade")],
        vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", HOME), ("client_id", "trade")],
    ] {
        let answer = browser.send(post(&fields)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{fields:?}");
        assert!(!answer.is_redirect() && !answer.body.contains("evil"), "{fields:?}");
        assert!(is_signed_in(&browser).await, "{fields:?}");
    }
}

#[tokio::test]
async fn a_prefetch_or_a_look_at_the_head_signs_nobody_out() {
    let shop = Shop::open().await;
    let (mut browser, hint) = signed_in(&shop, "anna").await;
    let path = format!("/logout?id_token_hint={hint}");
    for purpose in ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"] {
        let answer = browser.send(Call::get(&path).header("sec-purpose", purpose)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{purpose}");
    }
    assert_eq!(browser.send(Call::new("HEAD", &path)).await.status, StatusCode::BAD_REQUEST);
    assert!(is_signed_in(&browser).await);
}

/// A form on another site reaches us without the Lax cookie, and what we answer to it may set and remove cookies.
#[tokio::test]
async fn a_form_of_another_site_takes_nobodys_cookie_away() {
    let shop = Shop::open().await;
    let (browser, _) = signed_in(&shop, "anna").await;
    let (_, of_attacker) = signed_in(&shop, "ben").await;
    for fields in [vec![], vec![("id_token_hint", of_attacker.as_str())], vec![("id_token_hint", "nonsense")]] {
        let cross_site = post(&fields).header("sec-fetch-site", "cross-site").header("origin", "https://evil.example");
        let answer = shop.send(cross_site).await;
        let removes = answer.headers.get_all("set-cookie").iter().any(|set| set.to_str().unwrap().contains("session"));
        assert!(!removes, "{fields:?}: {:?}", answer.headers);
        assert!(is_signed_in(&browser).await);
    }
}

/// Without the Lax cookie we cannot tell who is asked; the GET that follows has it.
#[tokio::test]
async fn a_cross_site_form_without_a_valid_hint_leads_to_the_question() {
    let shop = Shop::open().await;
    let (mut browser, _) = signed_in(&shop, "anna").await;
    let fields =
        [("client_id", "storefront"), ("post_logout_redirect_uri", HOME), ("state", "x"), ("id_token_hint", "old")];
    let answer = shop.send(post(&fields)).await;
    let question = browser.follow(&answer).await;
    assert_eq!(question.heading(), "Sign out?");
    let done = browser.send(answers_to_question(&question).sent_from_own_page()).await;
    assert_eq!(done.location(), "http://localhost:8080/?state=x");
    assert!(!answer.location().contains("id_token_hint"), "no token in an address");
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_back_without_a_question() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let path = format!("/logout?client_id=storefront&post_logout_redirect_uri={HOME}");
    assert_eq!(browser.get(&path).await.location(), HOME);
    assert_eq!(browser.get("/logout").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_cross_site_hint_without_a_cookie_ends_the_session_it_names() {
    let shop = Shop::open().await;
    let (browser, hint) = signed_in(&shop, "anna").await;
    let answer = shop.send(post(&[("id_token_hint", &hint), ("post_logout_redirect_uri", HOME)])).await;
    assert_eq!(answer.location(), HOME);
    assert!(!is_signed_in(&browser).await);
}
