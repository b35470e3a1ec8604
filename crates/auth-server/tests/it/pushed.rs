//! Pushed authorization requests (RFC 9126).

use auth_core::time::Span;
use auth_store::pushed_authorization::MOST_LIVE;
use axum::http::StatusCode;
use database::{Statement, params};
use serde_json::json;
use tokio::task::JoinSet;

use crate::browser::{Answer, Authorization, Call, exchange_with};
use crate::generation::set_client;
use crate::seed::{FJORD, PASSWORD, TRADE_SECRET, storefront};
use crate::shop::{ISSUER, START, Shop, just_short_of};

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const KEPT: &str = "SELECT count(*) FROM pushed_authorization";

/// The reference of a pushed request.
async fn push(shop: &Shop, request: &Authorization) -> String {
    let answer = shop.send(request.pushed()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.json()["request_uri"].as_str().unwrap().to_owned()
}

fn by_reference(client_id: &str, request_uri: &str) -> Authorization {
    let new = Authorization::new();
    let names: Vec<String> = new.fields().iter().map(|(name, _)| (*name).to_owned()).collect();
    let blank = names.iter().fold(new, |request, name| request.without(name));
    blank.with("client_id", client_id).with("request_uri", request_uri)
}

fn is_told_on_a_page(answer: &Answer) {
    assert_eq!((answer.status, answer.is_redirect()), (BAD, false), "{}", answer.body);
}

#[tokio::test]
async fn a_pushed_request_is_answered_like_any_other() {
    let shop = Shop::open().await;
    let answer = shop.send(Authorization::new().pushed()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!((answer.header("cache-control"), answer.header("content-type")), ("no-store", "application/json"));
    let pushed = answer.json();
    assert_eq!(pushed["expires_in"], 60);
    let request_uri = pushed["request_uri"].as_str().unwrap();
    let secret = request_uri.strip_prefix("urn:ietf:params:oauth:request_uri:").unwrap();
    assert_eq!(secret.len(), 43, "256 random bits");
    let kept = shop.rows("SELECT reference_hash, request FROM pushed_authorization", &[]).await;
    assert!(!kept[0].get::<String>(1).unwrap().contains(secret), "nothing of the reference is kept but its hash");

    let mut browser = shop.browser();
    let page = browser.sign_in_page(&by_reference("storefront", request_uri)).await;
    let callback = browser.submit(&page, "anna", PASSWORD).await;
    assert_eq!(callback.destination(), "http://localhost:8080/");
    assert_eq!((callback.parameter("state").as_str(), callback.parameter("iss").as_str()), ("state-1", ISSUER));
    let tokens = shop.send(crate::browser::exchange(&callback.parameter("code"))).await.json();
    assert_eq!(shop.id_token(&tokens).await["nonce"], "nonce-1");
}

#[tokio::test]
async fn what_the_browser_adds_does_not_count() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let request_uri = push(&shop, &Authorization::new()).await;
    let meddled = by_reference("storefront", &request_uri)
        .with("redirect_uri", "https://evil.example/")
        .with("state", "other")
        .with("prompt", "none login")
        .with("response_mode", "form_post")
        .with("scope", "\"");
    let answer = browser.send(meddled.call()).await;
    assert_eq!(
        (answer.destination().as_str(), answer.parameter("state").as_str()),
        ("http://localhost:8080/", "state-1")
    );
    assert!(answer.parameters().contains_key("code"));
}

#[tokio::test]
pub async fn a_client_is_authenticated_as_at_the_token_endpoint() {
    let shop = Shop::open().await;
    let trade = Authorization::of("trade", "https://trade.example/callback");
    assert_eq!(shop.send(trade.pushed()).await.oauth_error(), "invalid_client", "it has a secret");
    let wrong = shop.send(trade.pushed().basic("trade", "wrong")).await;
    assert_eq!((wrong.status, wrong.oauth_error().as_str()), (StatusCode::UNAUTHORIZED, "invalid_client"));
    assert_eq!(shop.send(trade.pushed().basic("trade", TRADE_SECRET)).await.status, StatusCode::CREATED);
    let in_body = trade.clone().with("client_secret", TRADE_SECRET);
    assert_eq!(shop.send(in_body.pushed()).await.status, StatusCode::CREATED);
    let another = shop.send(Authorization::new().pushed().basic("trade", TRADE_SECRET)).await;
    assert_eq!(another.oauth_error(), "invalid_request", "client_id is another's");
    for (client_id, error) in [("nobody", "invalid_client"), ("closed", "invalid_client"), ("", "invalid_request")] {
        assert_eq!(shop.send(Authorization::new().with("client_id", client_id).pushed()).await.oauth_error(), error);
    }
    let in_query = Authorization::new().pushed().at("/oauth/par?client_secret=x");
    assert_eq!(shop.send(in_query).await.oauth_error(), "invalid_request");
    assert_eq!(shop.count(KEPT).await, 2);
}

#[tokio::test]
async fn what_is_wrong_with_it_is_told_here_and_nothing_is_kept() {
    let shop = Shop::open().await;
    let new = Authorization::new;
    for (wrong, error) in [
        (new().with("redirect_uri", "https://evil.example/"), "invalid_request"),
        (new().without("redirect_uri"), "invalid_request"),
        (new().without("response_type"), "invalid_request"),
        (new().with("response_type", "token"), "unsupported_response_type"),
        (new().with("response_mode", "fragment"), "invalid_request"),
        (new().without("code_challenge").without("code_challenge_method"), "invalid_request"),
        (new().with("code_challenge_method", "plain"), "invalid_request"),
        (new().with("scope", "a\"b"), "invalid_scope"),
        (new().with("prompt", "none login"), "invalid_request"),
        (new().with("prompt", "create"), "invalid_request"),
        (new().with("max_age", "-1"), "invalid_request"),
        (new().with("claims", "7"), "invalid_request"),
        (new().with("id_token_hint", "a.b.c"), "invalid_request"),
        (new().with("request", "e30.e30."), "request_not_supported"),
        (new().with("request_uri", "urn:ietf:params:oauth:request_uri:x"), "invalid_request"),
        (new().with("accountId", "no-ulid"), "access_denied"),
        (new().and("state", "twice"), "invalid_request"),
        (new().with("state", &"x".repeat(2049)), "invalid_request"),
        (new().with("state", "a\0b"), "invalid_request"),
    ] {
        let answer = shop.send(wrong.pushed()).await;
        assert_eq!((answer.status, answer.oauth_error().as_str()), (BAD, error), "{}", wrong.path());
    }
    assert_eq!(shop.count(KEPT).await, 0);
}

/// RFC 9126 §2.3: nobody is asked here, so that it is at the authorization endpoint that nobody can be.
#[tokio::test]
async fn errors_of_asking_the_user_come_when_the_user_does() {
    let shop = Shop::open().await;
    for (prompt, error) in [("consent", "consent_required"), ("none", "login_required")] {
        let request_uri = push(&shop, &Authorization::new().with("prompt", prompt)).await;
        let answer = shop.send(by_reference("storefront", &request_uri).call()).await;
        assert_eq!((answer.parameter("error").as_str(), answer.parameter("state").as_str()), (error, "state-1"));
    }
    let foreign = push(&shop, &Authorization::new().with("accountId", &FJORD.to_string())).await;
    let mut browser = shop.browser();
    browser.sign_in("ben").await;
    assert_eq!(browser.send(by_reference("storefront", &foreign).call()).await.parameter("error"), "access_denied");
}

#[tokio::test]
async fn the_account_that_was_pushed_is_in_the_token() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let request_uri = push(&shop, &Authorization::new().with("accountId", &FJORD.to_string())).await;
    let code = browser.send(by_reference("storefront", &request_uri).call()).await.parameter("code");
    let tokens = shop.send(crate::browser::exchange(&code)).await.json();
    assert_eq!(tokens["acct_id"], json!(FJORD));
}

#[tokio::test]
async fn a_reference_is_good_once_and_the_client_hears_of_a_second_use() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let request_uri = push(&shop, &Authorization::new()).await;
    let reference = by_reference("storefront", &request_uri);
    let page = browser.sign_in_page(&reference).await;
    let again = browser.send(reference.call()).await;
    assert_eq!(
        (again.destination().as_str(), again.parameter("error").as_str()),
        ("http://localhost:8080/", "invalid_request_uri")
    );
    assert_eq!((again.parameter("state").as_str(), again.parameter("iss").as_str()), ("state-1", ISSUER));
    // The page itself may be loaded again: what it shows travels sealed.
    let reloaded = browser.get(&format!("/login?request={}", page.field("request"))).await;
    assert!(browser.submit(&reloaded, "anna", PASSWORD).await.parameters().contains_key("code"));
    let signed_in = browser.send(reference.call()).await;
    assert_eq!(signed_in.parameter("error"), "invalid_request_uri");
}

#[tokio::test]
async fn a_silent_request_by_reference_is_answered_by_redirect_alone() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let request_uri = push(&shop, &Authorization::new().silent()).await;
    let reference = by_reference("storefront", &request_uri);
    let first = browser.send(reference.call()).await;
    assert_eq!(first.destination(), "http://localhost:8080/silent-callback.html");
    assert!(first.parameters().contains_key("code"));
    let second = browser.send(reference.call()).await;
    assert_eq!(second.destination(), "http://localhost:8080/silent-callback.html");
    assert_eq!(second.parameter("error"), "invalid_request_uri");
}

#[tokio::test]
async fn it_is_good_for_a_minute() {
    let shop = Shop::open().await;
    let (in_time, late) = (push(&shop, &Authorization::new()).await, push(&shop, &Authorization::new()).await);
    shop.wait(just_short_of(Span::seconds(60)));
    let mut browser = shop.browser();
    assert_eq!(browser.send(by_reference("storefront", &in_time).call()).await.destination(), "/auth/login");
    shop.wait(Span(1));
    let answer = browser.send(by_reference("storefront", &late).call()).await;
    assert_eq!(answer.parameter("error"), "invalid_request_uri");
}

#[tokio::test]
async fn unknown_and_foreign_references_are_told_on_a_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let request_uri = push(&shop, &Authorization::new()).await;
    let unknown = "urn:ietf:params:oauth:request_uri:unknown";
    let registered = "http://localhost:8080/";
    for wrong in [
        by_reference("storefront", unknown),
        by_reference("storefront", unknown).with("redirect_uri", registered).with("state", "s"),
        by_reference("storefront", unknown).with("prompt", "none").with("redirect_uri", registered),
        by_reference("storefront", "urn:ietf:params:oauth:request_uri:"),
        by_reference("trade", &request_uri),
        by_reference("storefront-5s", &request_uri),
        by_reference("closed", &request_uri),
        by_reference("nobody", &request_uri),
        by_reference("", &request_uri),
        by_reference("storefront", &request_uri).with("request", "e30.e30."),
        by_reference("storefront", &request_uri).and("request_uri", unknown),
        by_reference("storefront", &request_uri).and("client_id", "storefront"),
        by_reference("storefront", &format!("{request_uri}%00")),
        by_reference("storefront", &request_uri.to_uppercase()),
    ] {
        let answer = browser.send(wrong.call()).await;
        is_told_on_a_page(&answer);
        assert!(!answer.body.contains(&request_uri), "{}", answer.body);
    }
    let elsewhere = by_reference("storefront", &request_uri).path();
    let other_server = shop.send(Call::get(format!("host:/auth/s/other{elsewhere}"))).await;
    is_told_on_a_page(&other_server);
    // A foreign document is not fetched; the client, when it is certain, is told so.
    let foreign = browser.send(Authorization::new().with("request_uri", "https://evil.example/r.jwt").call()).await;
    assert_eq!(foreign.parameter("error"), "request_uri_not_supported");
    let nowhere = browser.send(by_reference("storefront", "https://evil.example/r.jwt").call()).await;
    is_told_on_a_page(&nowhere);
    let own = browser.send(by_reference("storefront", &request_uri).call()).await;
    assert!(own.parameters().contains_key("code"), "nothing of that used it up");
}

#[tokio::test]
async fn a_prefetch_uses_nothing_up() {
    let shop = Shop::open().await;
    let request_uri = push(&shop, &Authorization::new()).await;
    let reference = by_reference("storefront", &request_uri);
    is_told_on_a_page(&shop.send(reference.call().header("sec-purpose", "prefetch")).await);
    assert_eq!(shop.send(Call::new("HEAD", reference.path())).await.status, BAD);
    let posted = shop.send(reference.posted()).await;
    assert_eq!(
        posted.parameters(),
        [("client_id", "storefront"), ("request_uri", request_uri.as_str())]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        "a form stores nothing either"
    );
    assert_eq!(shop.browser().follow(&posted).await.destination(), "/auth/login");
}

#[tokio::test]
async fn a_client_that_lost_its_address_meanwhile_is_not_answered() {
    let shop = Shop::open().await;
    let request_uri = push(&shop, &Authorization::new()).await;
    set_client(&shop, "storefront", &storefront(&["https://shop.example/elsewhere"]), true).await;
    is_told_on_a_page(&shop.send(by_reference("storefront", &request_uri).call()).await);
}

#[tokio::test]
async fn a_client_may_have_to_push() {
    let shop = Shop::open().await;
    let bank = Authorization::new().with("client_id", "bank");
    for call in [bank.call(), bank.posted()] {
        let answer = shop.send(call).await;
        assert_eq!(
            (answer.destination().as_str(), answer.parameter("error").as_str()),
            ("http://localhost:8080/", "invalid_request")
        );
    }
    let mut browser = shop.browser();
    let request_uri = push(&shop, &bank).await;
    let code = browser.sign_in_for("anna", &by_reference("bank", &request_uri)).await.parameter("code");
    let exchanged = shop.send(exchange_with(&code, &[("client_id", "bank")])).await;
    assert_eq!(exchanged.status, StatusCode::OK, "{}", exchanged.body);
}

#[tokio::test]
async fn pages_of_the_client_may_push() {
    let shop = Shop::open().await;
    let origin = "http://localhost:8080";
    let preflight =
        Call::new("OPTIONS", "/oauth/par").header("origin", origin).header("access-control-request-method", "POST");
    assert_eq!(shop.send(preflight).await.header("access-control-allow-origin"), origin);
    for request in [Authorization::new(), Authorization::new().with("scope", "\"")] {
        let answer = shop.send(request.pushed().header("origin", origin)).await;
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        let elsewhere = shop.send(request.pushed().header("origin", "https://evil.example")).await;
        assert_eq!(elsewhere.header("access-control-allow-origin"), "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_browsers_with_one_reference_one_is_asked_to_sign_in() {
    for shop in [Shop::open().await, Shop::on_postgres().await] {
        let request_uri = push(&shop, &Authorization::new()).await;
        let mut tasks = JoinSet::new();
        for _ in 0..50 {
            let (router, call) = (shop.router.clone(), by_reference("storefront", &request_uri).call());
            tasks.spawn(async move { call.send(&router, ISSUER, "").await });
        }
        let answers = tasks.join_all().await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.destination() == "/auth/login");
        assert_eq!((won.len(), lost.len()), (1, 49));
        assert!(lost.iter().all(|answer| answer.parameter("error") == "invalid_request_uri"));
    }
}

/// Whoever knows a public client's id may push in its name: neither the table nor another client suffers.
#[tokio::test]
async fn a_client_with_too_many_waiting_is_told_to_come_again() {
    static DOUBLE: Statement = Statement::new(
        "DOUBLE",
        "INSERT INTO pushed_authorization (server_id, reference_hash, client_id, request, expires_at) \
         SELECT server_id, randomblob(32), client_id, request, expires_at FROM pushed_authorization",
    );
    let shop = Shop::open().await;
    push(&shop, &Authorization::new()).await;
    while shop.count(KEPT).await < MOST_LIVE {
        shop.database.execute(&DOUBLE, params![]).await.unwrap();
    }
    let refused = shop.send(Authorization::new().pushed()).await;
    let told = (refused.status, refused.oauth_error(), refused.header("retry-after"));
    assert_eq!(told, (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable".to_owned(), "60"));
    push(&shop, &Authorization::of("cli", "http://127.0.0.1:51004/callback")).await;
    shop.clock.set(START + Span::seconds(60));
    push(&shop, &Authorization::new()).await;
}
