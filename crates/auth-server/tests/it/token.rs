use auth_core::time::Span;
use axum::http::StatusCode;
use tokio::task::JoinSet;

use crate::browser::{Answer, Authorization, Call, VERIFIER, exchange, exchange_with};
use crate::seed::TRADE_SECRET;
use crate::shop::{Shop, just_short_of};

const TRADE_URI: &str = "https://trade.example/callback";

fn refused(answer: &Answer, error: &str) {
    let wanted = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    assert_eq!((answer.status, answer.oauth_error().as_str()), (wanted, error), "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_code_gives_tokens_once_and_a_second_use_ends_its_grant_but_not_the_session() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let code = browser.sign_in("anna").await;
    let answer = shop.send(exchange(&code)).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(shop.send(Call::get("/userinfo").bearer(&token)).await.status, StatusCode::OK);

    refused(&shop.send(exchange(&code)).await, "invalid_grant");
    assert_eq!(shop.send(Call::get("/userinfo").bearer(&token)).await.status, StatusCode::UNAUTHORIZED);
    assert!(browser.send(Authorization::new().silent().call()).await.parameters().contains_key("code"));
    assert_eq!(shop.audited().await, ["signed_in", "code_reused"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_exchanges_of_one_code_one_wins_and_the_grant_ends() {
    let shop = Shop::open().await;
    let code = shop.browser().sign_in("anna").await;
    let mut exchanges = JoinSet::new();
    for _ in 0..50 {
        let (router, call) = (shop.router.clone(), exchange(&code));
        exchanges.spawn(async move { call.send(&router, crate::shop::ISSUER, "").await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = exchanges.join_all().await.into_iter().partition(|one| one.status.is_success());
    assert_eq!((won.len(), lost.len()), (1, 49));
    lost.iter().for_each(|answer| refused(answer, "invalid_grant"));
    let token = won[0].json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(shop.send(Call::get("/userinfo").bearer(&token)).await.status, StatusCode::UNAUTHORIZED);
}

/// Both have found the code good before either redeems it, as often as not.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_exchanges_at_once_one_wins_and_the_grant_ends() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    for _ in 0..20 {
        let code = browser.send(Authorization::new().call()).await.parameter("code");
        let (one, other) = tokio::join!(shop.send(exchange(&code)), shop.send(exchange(&code)));
        let (won, lost) = if one.status.is_success() { (one, other) } else { (other, one) };
        assert!(won.status.is_success(), "{}", won.body);
        refused(&lost, "invalid_grant");
        let token = won.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(shop.send(Call::get("/userinfo").bearer(&token)).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn an_expired_code_is_refused_and_a_fresh_one_lives_a_minute() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let mut fresh = Vec::new();
    for _ in 0..2 {
        fresh.push(browser.send(Authorization::new().call()).await.parameter("code"));
    }
    shop.wait(just_short_of(Span::seconds(60)));
    assert_eq!(shop.send(exchange(&fresh[0])).await.status, StatusCode::OK);
    shop.wait(Span(1));
    refused(&shop.send(exchange(&fresh[1])).await, "invalid_grant");
}

#[tokio::test]
async fn a_code_is_good_for_its_client_server_redirect_uri_and_verifier_only() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let code = browser.sign_in("anna").await;
    let other = "another-verifier-0123456789-0123456789-0123456789";
    for (changes, error) in [
        (vec![("client_id", "storefront-5s")], "invalid_grant"),
        (vec![("client_id", "nobody")], "invalid_client"),
        (vec![("client_id", "closed")], "invalid_client"),
        (vec![("redirect_uri", "http://localhost:8080/silent-callback.html")], "invalid_grant"),
        (vec![("redirect_uri", "")], "invalid_request"),
        (vec![("code_verifier", other)], "invalid_grant"),
        (vec![("code_verifier", "short")], "invalid_grant"),
        (vec![("code_verifier", "")], "invalid_grant"),
        (vec![("code", "")], "invalid_request"),
        (vec![("code", "unknown")], "invalid_grant"),
        (vec![("purpose", "OTP")], "invalid_request"),
        (vec![("grant_type", "")], "invalid_request"),
        (vec![("grant_type", "password")], "unsupported_grant_type"),
        (vec![("grant_type", "refresh_token"), ("refresh_token", "x")], "unsupported_grant_type"),
        (vec![("grant_type", "client_credentials")], "unauthorized_client"),
    ] {
        refused(&shop.send(exchange_with(&code, &changes)).await, error);
    }
    let elsewhere = exchange_with(&code, &[]);
    let elsewhere = elsewhere.send(&shop.router, "http://localhost:8080/auth/s/other", "").await;
    refused(&elsewhere, "invalid_grant");
    let answer = shop.send(exchange_with(&code, &[])).await;
    assert_eq!(answer.status, StatusCode::OK, "nothing of that spent the code: {}", answer.body);
}

/// The SDK sends them blank.
#[tokio::test]
async fn blank_parameters_count_as_absent() {
    let shop = Shop::open().await;
    let code = shop.browser().sign_in("anna").await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "storefront"),
        ("redirect_uri", "http://localhost:8080/"),
        ("code_verifier", VERIFIER),
        ("code", &code),
        ("purpose", ""),
        ("username", ""),
        ("refresh_token", ""),
        ("accountId", ""),
        ("scope", "USER CUSTOMER"),
    ];
    assert_eq!(shop.send(Call::post("/oauth/token", &fields)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_empty_path_equals_a_slash_at_the_exchange_too() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let code = browser.sign_in("anna").await;
    let answer = shop.send(exchange_with(&code, &[("redirect_uri", "http://localhost:8080")])).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn a_verifier_for_a_code_without_a_challenge_is_a_downgrade() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let bare = Authorization::of("trade", TRADE_URI).without("code_challenge").without("code_challenge_method");
    let code = browser.send(bare.call()).await.parameter("code");
    let fields = |verifier: &'static str| {
        exchange_with(&code, &[("client_id", ""), ("redirect_uri", TRADE_URI), ("code_verifier", verifier)])
    };
    refused(&shop.send(fields(VERIFIER).basic("trade", TRADE_SECRET)).await, "invalid_grant");
    assert_eq!(shop.send(fields("").basic("trade", TRADE_SECRET)).await.status, StatusCode::OK);
}

#[tokio::test]
pub async fn a_client_is_authenticated_whatever_the_grant() {
    let shop = Shop::open().await;
    for grant_type in ["authorization_code", "client_credentials", "anything", ""] {
        let form = |fields: &[(&'static str, &'static str)]| {
            Call::post("/oauth/token", &[&[("grant_type", grant_type), ("code", "x")], fields].concat())
        };
        refused(&shop.send(form(&[("client_id", "nobody")])).await, "invalid_client");
        refused(&shop.send(form(&[("client_id", "trade")])).await, "invalid_client");
        refused(&shop.send(form(&[("client_id", "trade"), ("client_secret", "wrong")])).await, "invalid_client");
        refused(&shop.send(form(&[("client_id", "trade"), ("client_secret", "")])).await, "invalid_client");
        refused(&shop.send(form(&[("client_id", "storefront"), ("client_secret", "x")])).await, "invalid_client");
        refused(&shop.send(form(&[])).await, "invalid_request");
        for (client_id, secret) in
            [("trade", "wrong"), ("trade", ""), ("nobody", "x"), ("storefront", ""), ("a%00b", "x")]
        {
            let answer = shop.send(form(&[]).basic(client_id, secret)).await;
            refused(&answer, "invalid_client");
            assert!(answer.header("www-authenticate").starts_with("Basic realm="), "{client_id}");
        }
        for malformed in ["Bearer abc", "Basic", "Basic !!!", "Basic bm9jb2xvbg=="] {
            refused(&shop.send(form(&[]).header("authorization", malformed)).await, "invalid_request");
        }
        let both = form(&[("client_secret", TRADE_SECRET)]).basic("trade", TRADE_SECRET);
        refused(&shop.send(both).await, "invalid_request");
        let two = form(&[("client_id", "storefront")]).basic("trade", TRADE_SECRET);
        refused(&shop.send(two).await, "invalid_request");
    }
}

#[tokio::test]
async fn a_confidential_client_proves_itself_by_header_or_by_body() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    for by_header in [true, false] {
        let code = browser.send(Authorization::of("trade", TRADE_URI).call()).await.parameter("code");
        let call = match by_header {
            true => {
                exchange_with(&code, &[("client_id", ""), ("redirect_uri", TRADE_URI)]).basic("trade", TRADE_SECRET)
            }
            false => {
                let changes = [("client_id", "trade"), ("client_secret", TRADE_SECRET), ("redirect_uri", TRADE_URI)];
                exchange_with(&code, &changes)
            }
        };
        let answer = shop.send(call).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
}

#[tokio::test]
async fn secrets_codes_and_tokens_in_the_query_are_refused() {
    let shop = Shop::open().await;
    let code = shop.browser().sign_in("anna").await;
    for name in ["code", "code_verifier", "client_secret", "refresh_token", "token", "password", "client_assertion"] {
        let mut call = exchange(&code);
        call = call.at(&format!("/oauth/token?{name}=something"));
        refused(&shop.send(call).await, "invalid_request");
    }
    assert_eq!(shop.send(exchange(&code).at("/oauth/token?trace=1")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn rights_are_checked_again_at_the_exchange() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let code = browser.sign_in("ben").await;
    crate::authorize::disable("ben", &shop).await;
    refused(&shop.send(exchange(&code)).await, "invalid_grant");

    let mut browser = shop.browser();
    let hint = browser.sign_in_with_tokens("anna").await["id_token"].as_str().unwrap().to_owned();
    let code = browser.send(Authorization::new().call()).await.parameter("code");
    browser.send(Call::post("/logout", &[("id_token_hint", &hint)])).await;
    refused(&shop.send(exchange(&code)).await, "invalid_grant");
}

#[tokio::test]
async fn the_other_spelling_of_the_path_is_the_same_endpoint() {
    let shop = Shop::open().await;
    let code = shop.browser().sign_in("anna").await;
    assert_eq!(shop.send(exchange(&code).at("/oauth2/token")).await.status, StatusCode::OK);
}
