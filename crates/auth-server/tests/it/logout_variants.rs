//! Every variant of OpenID Connect RP-Initiated Logout 1.0 §2 and §3, each by GET and by POST, as a table.

use auth_core::time::Span;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use database::{Statement, params};
use url::form_urlencoded;

use crate::browser::{Answer, Authorization, Browser, Call, exchange};
use crate::seed::{SERVER, administer};
use crate::shop::{ORIGIN, Shop};

const HOME: &str = "http://localhost:8080/";
const SILENT: &str = "http://localhost:8080/silent-callback.html";

/// What a variant comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Comes {
    /// The session is over, and the browser is sent here.
    Back(String),
    /// The session is over, and a page says so.
    Page,
    /// "Sign out?", and nothing is over yet.
    Question,
    /// A page says what is wrong, and nothing is over.
    Refusal,
}

fn back(address: &str) -> Comes {
    Comes::Back(address.to_owned())
}

fn come(answer: &Answer) -> Comes {
    match answer.status {
        StatusCode::SEE_OTHER => back(answer.location()),
        StatusCode::OK if answer.body.contains("name=\"_csrf\"") => Comes::Question,
        StatusCode::OK => Comes::Page,
        StatusCode::BAD_REQUEST => Comes::Refusal,
        other => panic!("{other}: {}", answer.body),
    }
}

fn calls(fields: &[(&str, &str)]) -> [Call; 2] {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    [Call::get(format!("/logout?{query}")), Call::post("/logout", fields)]
}

async fn id_token(shop: &Shop, browser: &mut Browser) -> String {
    let code = browser.send(Authorization::new().call()).await.parameter("code");
    shop.send(exchange(&code)).await.json()["id_token"].as_str().unwrap().to_owned()
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.clone().get("/session?client_id=storefront").await.status == StatusCode::OK
}

/// Hints that a browser may bring, all but the first two worth nothing in it.
struct Hints {
    fresh: String,
    expired: String,
    worthless: Vec<(&'static str, String)>,
}

/// Anna, signed in, and her hints.
async fn signed_in(shop: &Shop, foreign: &Foreign) -> (Browser, Hints) {
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let expired = tokens["id_token"].as_str().unwrap().to_owned();
    shop.wait(Span::minutes(6));
    let fresh = id_token(shop, &mut browser).await;
    let parts: Vec<&str> = fresh.split('.').collect();
    let key_id = auth_protocol::jws::PresentedToken::read(&fresh).unwrap().header.kid.unwrap();
    let header =
        |algorithm: &str| URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{algorithm}","typ":"JWT","kid":"{key_id}"}}"#));
    let worthless = vec![
        ("of another session", foreign.of_ben.clone()),
        ("signed by another server", foreign.of_another_server.clone()),
        ("unsigned", format!("{}.{}.", header("none"), parts[1])),
        ("unsigned, with a signature", format!("{}.{}.{}", header("none"), parts[1], parts[2])),
        ("of another algorithm", format!("{}.{}.{}", header("HS256"), parts[1], parts[2])),
        ("with another's claims", format!("{}.{}.{}", parts[0], foreign.of_ben.split('.').nth(1).unwrap(), parts[2])),
        ("cut short", fresh[..fresh.len() - 4].to_owned()),
        ("without its signature", format!("{}.{}", parts[0], parts[1])),
        ("an access token", tokens["access_token"].as_str().unwrap().to_owned()),
        ("no token", "nonsense".to_owned()),
        ("dots", "...".to_owned()),
    ];
    (browser, Hints { fresh, expired, worthless })
}

/// Tokens of others, made once.
struct Foreign {
    of_ben: String,
    of_another_server: String,
}

async fn foreign(shop: &Shop) -> Foreign {
    let mut hints = Vec::new();
    for shop in [shop, &Shop::open().await] {
        let tokens = shop.browser().sign_in_with_tokens("ben").await;
        hints.push(tokens["id_token"].as_str().unwrap().to_owned());
    }
    let of_another_server = hints.pop().unwrap();
    Foreign { of_ben: hints.pop().unwrap(), of_another_server }
}

#[tokio::test]
async fn each_variant_ends_asks_or_refuses() {
    let shop = Shop::open().await;
    let foreign = foreign(&shop).await;
    let (mut browser, hints) = signed_in(&shop, &foreign).await;
    let (hint, to) = (("id_token_hint", "fresh"), "post_logout_redirect_uri");
    let table: Vec<(Vec<(&str, &str)>, Comes)> = vec![
        // A hint, alone and with what goes with it.
        (vec![hint], Comes::Page),
        (vec![("id_token_hint", "expired")], Comes::Page),
        (vec![hint, (to, HOME)], back(HOME)),
        (vec![("id_token_hint", "expired"), (to, HOME)], back(HOME)),
        (vec![hint, (to, "http://localhost:8080")], back(HOME)),
        (vec![hint, (to, HOME), ("state", "a b&c=d")], back("http://localhost:8080/?state=a+b%26c%3Dd")),
        (vec![hint, ("state", "x")], Comes::Page),
        (vec![hint, (to, HOME), ("client_id", "storefront")], back(HOME)),
        (vec![hint, ("client_id", "storefront")], Comes::Page),
        // What decides nothing.
        (vec![hint, ("logout_hint", "ben")], Comes::Page),
        (vec![hint, (to, HOME), ("logout_hint", "anna"), ("ui_locales", "de xx")], back(HOME)),
        (vec![hint, ("unknown", "1")], Comes::Page),
        // Blank is absent.
        (vec![hint, (to, ""), ("state", ""), ("client_id", ""), ("logout_hint", ""), ("ui_locales", "")], Comes::Page),
        (vec![hint, (to, HOME), ("state", ""), ("client_id", "")], back(HOME)),
        (vec![("id_token_hint", ""), ("client_id", "storefront")], Comes::Question),
        (vec![("id_token_hint", ""), (to, "")], Comes::Question),
        // Nobody vouches: the user is asked.
        (vec![], Comes::Question),
        (vec![("client_id", "storefront")], Comes::Question),
        (vec![("client_id", "trade")], Comes::Question),
        (vec![("client_id", "storefront"), (to, HOME), ("state", "x")], Comes::Question),
        (vec![("logout_hint", "anna")], Comes::Question),
        (vec![("logout_hint", "ben"), ("ui_locales", "de")], Comes::Question),
        // Another client than the hint's, wherever it leads.
        (vec![hint, ("client_id", "trade")], Comes::Refusal),
        (vec![hint, ("client_id", "trade"), (to, HOME)], Comes::Refusal),
        (vec![hint, ("client_id", "trade"), (to, "https://trade.example/callback")], Comes::Refusal),
        (vec![("id_token_hint", "expired"), ("client_id", "trade")], Comes::Refusal),
        (vec![hint, ("client_id", "nobody")], Comes::Refusal),
        // A client that is none.
        (vec![("client_id", "nobody")], Comes::Refusal),
        (vec![("client_id", "closed")], Comes::Refusal),
        (vec![("client_id", "nobody"), (to, HOME)], Comes::Refusal),
        // An address that is not the client's, or nobody's.
        (vec![hint, (to, "https://evil.example/")], Comes::Refusal),
        (vec![hint, (to, SILENT)], Comes::Refusal),
        (vec![hint, (to, "http://localhost:8080/?x=1")], Comes::Refusal),
        (vec![hint, (to, "//localhost:8080/")], Comes::Refusal),
        (vec![hint, (to, "javascript:alert(1)")], Comes::Refusal),
        (vec![(to, HOME)], Comes::Refusal),
        (vec![(to, HOME), ("client_id", "")], Comes::Refusal),
        (vec![(to, HOME), ("client_id", "trade")], Comes::Refusal),
        (vec![(to, HOME), ("id_token_hint", "no token")], Comes::Refusal),
        // Twice.
        (vec![hint, hint], Comes::Refusal),
        (vec![hint, ("state", "a"), ("state", "b")], Comes::Refusal),
        (vec![hint, (to, HOME), (to, HOME)], Comes::Refusal),
    ];
    let (mut browser_of, mut hints_of) = (browser.clone(), hints);
    for (fields, expected) in &table {
        for by_post in [false, true] {
            let named = |value: &str| match value {
                "fresh" => hints_of.fresh.clone(),
                "expired" => hints_of.expired.clone(),
                other => other.to_owned(),
            };
            let fields: Vec<(&str, String)> = fields.iter().map(|(name, value)| (*name, named(value))).collect();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let call = calls(&fields)[usize::from(by_post)].clone();
            let before = browser_of.clone();
            let audited = shop.audited().await.len();
            let answer = browser_of.send(call).await;
            assert_eq!(come(&answer), *expected, "{fields:?} by post: {by_post}");
            assert!(!answer.body.contains("evil") && !answer.body.contains("javascript:"), "{fields:?}");
            let ended = matches!(expected, Comes::Back(_) | Comes::Page);
            assert_eq!(is_signed_in(&before).await, !ended, "{fields:?} by post: {by_post}");
            assert_eq!(shop.audited().await.len() - audited, usize::from(ended), "{fields:?}: on record once");
            if ended {
                (browser_of, hints_of) = signed_in(&shop, &foreign).await;
            }
        }
    }
    browser = browser_of;
    // A hint worth nothing is as good as none, whatever comes with it.
    for (what, worthless) in &hints_of.worthless {
        for (fields, expected) in [
            (vec![("id_token_hint", worthless.as_str())], Comes::Question),
            (vec![("id_token_hint", worthless), ("client_id", "storefront"), (to, HOME)], Comes::Question),
        ] {
            for call in calls(&fields) {
                assert_eq!(come(&browser.send(call).await), expected, "{what}: {fields:?}");
                assert!(is_signed_in(&browser).await, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_hint_of_the_servers_former_issuer_is_worth_nothing() {
    static MOVE: Statement = Statement::new("MOVE", "UPDATE issuer SET issuer = $2 WHERE server_id = $1");
    let mut shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let hint = tokens["id_token"].as_str().unwrap();
    shop.issuer = "http://localhost:8080/moved".to_owned();
    let values = params![SERVER.bytes(), shop.issuer.as_str()].to_vec();
    administer(&shop.database, vec![(&MOVE, values)]).await;
    let shop = shop.restart().await;
    let mut moved = shop.browser();
    moved.cookies.clone_from(&browser.cookies);
    for call in calls(&[("id_token_hint", hint)]) {
        assert_eq!(come(&moved.send(call).await), Comes::Question);
    }
    assert!(is_signed_in(&moved).await);
}

#[tokio::test]
async fn a_second_sign_out_is_harmless_with_and_without_hint() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let hint = tokens["id_token"].as_str().unwrap();
    let fields = [("id_token_hint", hint), ("post_logout_redirect_uri", HOME), ("state", "x")];
    let stale = browser.clone();
    for call in calls(&fields).into_iter().chain(calls(&fields)) {
        // With the cookie gone, and with one whose session is over.
        for mut browser in [browser.clone(), stale.clone()] {
            assert_eq!(come(&browser.send(call.clone()).await), back("http://localhost:8080/?state=x"));
        }
    }
    assert_eq!(come(&browser.get("/logout").await), Comes::Page);
    assert_eq!(shop.audited().await, ["signed_in", "signed_out"], "once");
}

/// What was granted in a session goes on while it is merely idle: signing out ends that, too.
#[tokio::test]
async fn an_idle_session_is_signed_out_as_any_other() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in_with_tokens("anna").await;
    shop.wait(Span::minutes(31));
    assert!(!is_signed_in(&browser).await);
    let page = browser.get("/logout").await;
    assert_eq!(come(&page), Comes::Question);
    let fields = [("request", page.field("request")), ("_csrf", page.field("_csrf"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = browser.send(Call::post("/logout", &fields).sent_from_own_page()).await;
    assert_eq!(come(&done), Comes::Page);
    assert_eq!(shop.audited().await, ["signed_in", "signed_out"]);
    assert_eq!(shop.count("SELECT count(*) FROM oauth_grant WHERE ended_at IS NULL").await, 0);
}

#[tokio::test]
async fn pages_speak_the_language_that_the_request_asks_for() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let question = browser.get("/logout?ui_locales=xx+de").await;
    assert_eq!((question.header("content-language"), come(&question)), ("de", Comes::Question));
    let fields = [("request", question.field("request")), ("_csrf", question.field("_csrf"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = browser.send(Call::post("/logout", &fields).sent_from_own_page()).await;
    assert_eq!((done.header("content-language"), come(&done)), ("de", Comes::Page));
    let refusal = browser.get("/logout?client_id=nobody&ui_locales=de").await;
    assert_eq!((refusal.header("content-language"), come(&refusal)), ("de", Comes::Refusal));
}

/// A client that is told by its `state` that the sign-out is over would forget whom it shows, and nobody has signed out.
#[tokio::test]
async fn cancelling_leads_home_and_tells_the_client_nothing() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let request = format!("/logout?client_id=storefront&post_logout_redirect_uri={HOME}&state=over");
    for (request, home) in [(request.as_str(), HOME), ("/logout?client_id=trade", "https://trade.example/callback")] {
        let question = browser.get(request).await;
        assert!(question.body.contains(&format!("href=\"{home}\"")), "{}", question.body);
        assert!(!question.body.contains("over\""), "{}", question.body);
    }
    assert!(browser.get("/logout").await.body.contains(&format!("href=\"{ORIGIN}\"")));
}
