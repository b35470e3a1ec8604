//! What no honest client sends: a clear answer, nothing lost or half done.

use auth_server::ROUTES;
use axum::http::StatusCode;

use crate::browser::{Authorization, Browser, Call, VERIFIER, exchange};
use crate::seed::PASSWORD;
use crate::shop::Shop;

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const FORM: &str = "application/x-www-form-urlencoded";

/// Ill-formed values for any parameter, as they come over the wire.
fn ill_formed() -> Vec<String> {
    let mut all: Vec<String> =
        ["%00", "a%00b", "%0d%0aSet-Cookie:%20x=y", "%07", "%7f", "%ff", "%c3%28", "%ed%a0%80", "a%0ab"]
            .map(str::to_owned)
            .to_vec();
    all.push("x".repeat(2049));
    all
}

#[tokio::test]
async fn ill_formed_parameters_of_an_authorization_are_told_on_a_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    for name in ["client_id", "redirect_uri", "state", "scope", "nonce", "login_hint", "unknown"] {
        for value in ill_formed() {
            let path = format!("{}&{name}={value}", Authorization::new().without(name).path());
            let answer = browser.get(&path).await;
            assert_eq!((answer.status, answer.is_redirect()), (BAD, false), "{name}={value:.20}");
            assert!(answer.header("set-cookie").is_empty());
        }
    }
    for name in ["client_id", "redirect_uri", "state", "scope", "prompt", "unknown"] {
        let answer = browser.send(Authorization::new().with(name, "a").and(name, "a").call()).await;
        assert_eq!((answer.status, answer.is_redirect()), (BAD, false), "{name} twice");
        assert!(answer.body.contains(name), "{}", answer.body);
    }
}

fn of_authorizations() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().find(|route| route.path == "/oauth/authorize").unwrap().parameters()
}

/// In an otherwise good request, by address, by form and to the endpoint for pushed requests.
#[tokio::test]
async fn no_parameter_of_an_authorization_may_be_doubled_over_long_or_of_another_encoding() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let before = shop.kept().await;
    for name in of_authorizations() {
        let rest = Authorization::new().without(name).query();
        let mut wrong = vec![format!("{rest}&{name}=a&{name}=a"), format!("{rest}&{name}=a&{name}=")];
        wrong.push(format!("{rest}&{name}={}", "x".repeat(33_000)));
        wrong.extend(
            ["%00", "%ff", "a%0d%0aSet-Cookie:%20x=y", "%ed%a0%80"].map(|value| format!("{rest}&{name}={value}")),
        );
        for query in wrong {
            let form = |path: &str| Call::new("POST", path).header("content-type", FORM).body(query.clone());
            let by_get = browser.get(&format!("/oauth/authorize?{query}")).await;
            let by_post = browser.send(form("/oauth/authorize")).await;
            let pushed = shop.send(form("/oauth/par")).await;
            assert_eq!(pushed.oauth_error(), "invalid_request", "{name}");
            for answer in [by_get, by_post, pushed] {
                assert_eq!((answer.status, answer.is_redirect()), (BAD, false), "{name}: {}", answer.body);
                assert!(answer.body.len() < 4096 && answer.header("set-cookie").is_empty(), "{name}");
            }
        }
    }
    assert_eq!(shop.kept().await, before);
}

#[tokio::test]
async fn a_blank_parameter_counts_as_absent_however_it_comes() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let blank = of_authorizations().fold(Authorization::new(), |request, name| {
        let is_there = request.fields().iter().any(|(known, _)| *known == name);
        if is_there { request } else { request.with(name, "") }
    });
    assert!(browser.send(blank.call()).await.parameters().contains_key("code"));
    let posted = shop.send(blank.posted()).await;
    assert!(browser.follow(&posted).await.parameters().contains_key("code"));
    assert_eq!(shop.send(blank.pushed()).await.status, StatusCode::CREATED);
    for name in ["client_id", "response_type", "code_challenge", "redirect_uri"] {
        let (without, blank) = (Authorization::new().without(name), Authorization::new().with(name, ""));
        for (one, other) in
            [(without.call(), blank.call()), (without.posted(), blank.posted()), (without.pushed(), blank.pushed())]
        {
            let (one, other) = (browser.send(one).await, browser.send(other).await);
            assert_eq!((one.status, one.stable_body()), (other.status, other.stable_body()), "{name}");
            assert_eq!(one.headers.get("location"), other.headers.get("location"), "{name}");
        }
    }
}

#[tokio::test]
async fn ill_formed_parameters_of_a_token_request_are_invalid_requests() {
    let shop = Shop::open().await;
    let code = shop.browser().sign_in("anna").await;
    let good = format!(
        "grant_type=authorization_code&client_id=storefront&code={code}&code_verifier={VERIFIER}\
         &redirect_uri=http%3A%2F%2Flocalhost%3A8080%2F"
    );
    let post = |body: String| Call::new("POST", "/oauth/token").header("content-type", FORM).body(body);
    for value in ill_formed() {
        for name in ["code", "scope", "client_assertion_type", "unknown"] {
            let answer = shop.send(post(format!("{good}&{name}={value}"))).await;
            assert_eq!((answer.status, answer.oauth_error().as_str()), (BAD, "invalid_request"), "{name}={value:.20}");
        }
    }
    for name in ["code", "client_id", "grant_type", "unknown=1&unknown"] {
        let answer = shop.send(post(format!("{good}&{name}=a"))).await;
        if name != "unknown=1&unknown" {
            assert_eq!(answer.oauth_error(), "invalid_request", "{name} twice");
        }
        assert_eq!(answer.status, BAD);
    }
    assert_eq!(shop.send(post(good)).await.status, StatusCode::OK, "nothing of that spent the code");
}

#[tokio::test]
async fn a_wrong_content_type_is_told() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let code = shop.browser().sign_in("anna").await;
    for wrong in
        ["application/json", "multipart/form-data; boundary=x", "text/plain", "", "application/x-www-form-urlencodedx"]
    {
        let answer = shop.send(exchange(&code).replace("content-type", wrong)).await;
        assert_eq!(
            (answer.status, answer.oauth_error().as_str()),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "invalid_request")
        );
        let form = Browser::filled(&page, "anna", PASSWORD).replace("content-type", wrong);
        assert_eq!(browser.send(form).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{wrong}");
        let logout = Call::post("/logout", &[]).replace("content-type", wrong);
        assert_eq!(browser.send(logout).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{wrong}");
    }
    let with_charset = exchange(&code).replace("content-type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8");
    assert_eq!(shop.send(with_charset).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let large = "x".repeat(70_000);
    let token = shop.send(Call::post("/oauth/token", &[("code", &large)])).await;
    assert_eq!((token.status, token.oauth_error().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "invalid_request"));
    let login = browser.submit(&page, "anna", &large).await;
    assert_eq!((login.status, login.heading()), (StatusCode::PAYLOAD_TOO_LARGE, "This is too much to send"));
    assert_eq!(browser.send(Call::post("/logout", &[("x", &large)])).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(shop.count("SELECT count(*) FROM sign_in_failure").await, 0);
}

#[tokio::test]
async fn a_sign_in_form_that_is_not_ours_is_refused() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let (request, csrf) = (page.field("request"), page.field("_csrf"));
    let mut damaged = request.clone();
    damaged.replace_range(20..21, if &request[20..21] == "A" { "B" } else { "A" });
    let right = [("username", "anna"), ("password", PASSWORD)];
    for (fields, why) in [
        (vec![], "nothing"),
        (vec![("request", request.as_str())], "no token"),
        (vec![("_csrf", csrf.as_str())], "no request"),
        (vec![("request", &damaged), ("_csrf", &csrf)], "damaged request"),
        (vec![("request", &request), ("_csrf", "AAAA")], "wrong token"),
        (vec![("request", &request), ("_csrf", &csrf), ("_csrf", &csrf)], "token twice"),
        (vec![("request", &request), ("_csrf", &csrf), ("username", "ben")], "name twice"),
        (vec![("request", &request), ("_csrf", &csrf), ("password", "x")], "password twice"),
    ] {
        let all = [fields.as_slice(), &right].concat();
        let answer = browser.send(Call::post("/login", &all).sent_from_own_page()).await;
        assert_eq!((answer.status, answer.is_redirect()), (BAD, false), "{why}");
        assert!(!answer.body.contains(PASSWORD));
    }
    assert_eq!(shop.count("SELECT count(*) FROM session").await, 0);
    let answer = browser.get(&format!("/login?request={damaged}")).await;
    assert_eq!(answer.status, BAD);
}

#[tokio::test]
async fn strange_names_and_passwords_are_wrong_and_no_more() {
    let shop = Shop::open().await;
    let (long, longer) = ("ä".repeat(800), "p".repeat(20_000));
    for (username, password) in [
        ("", ""),
        ("anna", ""),
        ("", PASSWORD),
        ("a b\u{202e}", "x"),
        (&long, &longer),
        ("anna", "\0\u{7}"),
        ("' OR 1=1 --", "x"),
        ("anna\u{200b}", PASSWORD),
    ] {
        let mut browser = shop.browser();
        let page = browser.sign_in_page(&Authorization::new()).await;
        let answer = browser.submit(&page, username, password).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{username:.20} {password:.20}");
    }
    for unclean in ["an\0na", "anna\n", &"a".repeat(3000)] {
        let mut browser = shop.browser();
        let page = browser.sign_in_page(&Authorization::new()).await;
        assert_eq!(browser.submit(&page, unclean, PASSWORD).await.status, BAD, "{unclean:.20}");
    }
}

/// People type passwords where the name belongs.
#[tokio::test]
async fn what_is_no_name_is_not_put_on_record() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    browser.submit(&page, PASSWORD, PASSWORD).await;
    let recorded = shop.rows("SELECT actor, subject, object, detail FROM audit_event", &[]).await;
    assert_eq!(recorded.len(), 1);
    for column in 0..4 {
        assert!(!recorded[0].get::<String>(column).unwrap().contains(PASSWORD));
    }
}

/// `large requests are what PAR is for`, but what is taken must be carried through.
#[tokio::test]
async fn a_request_with_everything_in_it_is_carried_through_the_sign_in() {
    let shop = Shop::open().await;
    let (state, hint) = ("s".repeat(2048), "anna@shop.example".to_owned());
    let large = Authorization::new().with("state", &state).with("nonce", &"n".repeat(512)).with("login_hint", &hint);
    let answer = shop.browser().sign_in_for("anna", &large).await;
    assert_eq!(answer.parameter("state"), state);
    let nonce = shop.browser().send(Authorization::new().with("nonce", &"n".repeat(513)).call()).await;
    assert_eq!(nonce.parameter("error"), "invalid_request");
}

#[tokio::test]
async fn an_unknown_host_has_no_server() {
    let shop = Shop::open().await;
    for host in ["evil.example", "localhost", "localhost:8081", "localhost:8080.evil.example", "", "a b"] {
        let answer = shop.send(Authorization::new().call().header("host", host)).await;
        assert_eq!((answer.status, answer.is_redirect()), (StatusCode::NOT_FOUND, false), "{host}");
        assert_eq!(answer.json()["type"], "urn:linden:problem:unknown_server");
    }
    assert_eq!(
        shop.send(Authorization::new().call().header("host", "LOCALHOST:8080")).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(shop.send(Call::get("host:/authorize")).await.status, StatusCode::NOT_FOUND, "another path");
}

#[tokio::test]
async fn ill_formed_questions_about_session_and_sign_out_are_told() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    for value in ill_formed() {
        let session = browser.get(&format!("/session?client_id={value}")).await;
        assert_eq!((session.status, session.header("content-type")), (BAD, "application/problem+json"), "{value:.20}");
        assert_eq!(browser.get(&format!("/logout?state={value}")).await.status, BAD, "{value:.20}");
        assert_eq!(browser.get(&format!("/login?client_id={value}")).await.status, BAD, "{value:.20}");
    }
    assert_eq!(browser.get("/session?client_id=storefront&client_id=storefront").await.status, BAD);
    assert_eq!(browser.get("/session?client_id=storefront").await.status, StatusCode::OK, "signed in still");
}
