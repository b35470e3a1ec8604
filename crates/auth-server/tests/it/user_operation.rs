//! What the signed-in user may do, by cookie and by access token.

use auth_core::time::Span;
use axum::http::StatusCode;
use database::{Statement, params};
use serde_json::{Value as Json, json};

use crate::browser::{Answer, Authorization, Browser, Call, exchange};
use crate::seed::{self, FJORD, GATEWAY_SECRET, SERVER};
use crate::shop::Shop;

const BY_SESSION: &str = "/user-operations?client_id=storefront&scope=CUSTOMER";
const BY_TOKEN: &str = "/user-operations/resource?client_id=storefront&scope=CUSTOMER";

fn of_shopper() -> Json {
    json!({ "ACCOUNT": ["READ"], "ITEM_LIST": ["READ", "CREATE", "UPDATE", "DELETE", "ALL"] })
}

fn of_buyer() -> Json {
    json!({
        "ACCOUNT": ["READ"],
        "ITEM_LIST": ["READ", "CREATE", "UPDATE", "DELETE", "ALL"],
        "ORDER": ["CREATE"],
    })
}

async fn access_token(shop: &Shop, browser: &mut Browser, request: &Authorization) -> String {
    let code = browser.send(request.call()).await.parameter("code");
    shop.send(exchange(&code)).await.json()["access_token"].as_str().unwrap().to_owned()
}

fn problem(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.body);
    let body = answer.json();
    assert_eq!(body["status"], answer.status.as_u16());
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    let code = body["type"].as_str().unwrap().strip_prefix("urn:linden:problem:").unwrap().to_owned();
    (answer.status.as_u16(), code)
}

async fn both_ways_tell_what_a_token_would_permit(shop: Shop) {
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let token = access_token(&shop, &mut browser, &Authorization::new()).await;
    for answer in [browser.get(BY_SESSION).await, shop.send(Call::get(BY_TOKEN).bearer(&token)).await] {
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"), "{}", answer.body);
        assert_eq!((answer.header("content-type"), answer.json()), ("application/json", of_shopper()));
    }
    // READ_PAYMENT is held, and no scope names it; of STAFF she holds nothing, and GUEST the client may not ask for.
    for (scope, told) in
        [("USER", json!({})), ("openid", json!({})), ("STAFF+GUEST", json!({})), ("USER+CUSTOMER+openid", of_shopper())]
    {
        let query = format!("?client_id=storefront&scope={scope}");
        assert_eq!(browser.get(&format!("/user-operations{query}")).await.json(), told, "{scope}");
        let by_token = Call::get(format!("/user-operations/resource{query}")).bearer(&token);
        assert_eq!(shop.send(by_token).await.json(), told, "{scope}");
    }
    static FEWER: Statement =
        Statement::new("FEWER", "UPDATE users SET roles = '[]', permissions = $2 WHERE server_id = $1");
    let fewer = params![SERVER.bytes(), r#"["READ_ITEM_LIST"]"#].to_vec();
    seed::administer(&shop.database, vec![(&FEWER, fewer)]).await;
    let now = json!({ "ITEM_LIST": ["READ"] });
    assert_eq!(browser.get(BY_SESSION).await.json(), now, "as it is now, not as it was at the sign-in");
    assert_eq!(shop.send(Call::get(BY_TOKEN).bearer(&token)).await.json(), now);
}

#[tokio::test]
async fn both_ways_tell_what_a_token_would_permit_on_sqlite() {
    both_ways_tell_what_a_token_would_permit(Shop::open().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_tell_what_a_token_would_permit_on_postgres() {
    both_ways_tell_what_a_token_would_permit(Shop::on_postgres().await).await;
}

#[tokio::test]
async fn for_a_company_the_users_roles_there_count() {
    let shop = Shop::open().await;
    let (mut anna, mut ben) = (shop.browser(), shop.browser());
    anna.sign_in("anna").await;
    ben.sign_in("ben").await;
    let for_fjord = format!("{BY_SESSION}&accountId={FJORD}");
    assert_eq!(anna.get(&for_fjord).await.json(), of_buyer());
    assert_eq!(problem(&ben.get(&for_fjord).await), (403, "account_denied".to_owned()));
    let request = Authorization::new().with("accountId", &FJORD.to_string());
    let token = access_token(&shop, &mut anna, &request).await;
    assert_eq!(shop.send(Call::get(BY_TOKEN).bearer(&token)).await.json(), of_buyer(), "the token's company");

    static LEAVE: Statement = Statement::new("LEAVE", "DELETE FROM account_membership WHERE server_id = $1");
    seed::administer(&shop.database, vec![(&LEAVE, params![SERVER.bytes()].to_vec())]).await;
    assert_eq!(problem(&anna.get(&for_fjord).await), (403, "account_denied".to_owned()));
    let refused = shop.send(Call::get(BY_TOKEN).bearer(&token)).await;
    assert_eq!(problem(&refused), (403, "account_denied".to_owned()), "no member any more");
}

#[tokio::test]
pub async fn without_a_session_nothing_is_told() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let signed_out = (401, "login_required".to_owned());
    assert_eq!(problem(&browser.get(BY_SESSION).await), signed_out);
    browser.cookies.push(("linden-session-8080".to_owned(), "not-a-session".to_owned()));
    assert_eq!(problem(&browser.get(BY_SESSION).await), signed_out);
    browser.cookies.clear();
    browser.sign_in("ben").await;
    let token = access_token(&shop, &mut browser, &Authorization::new()).await;
    assert_eq!(problem(&shop.send(Call::get(BY_SESSION).bearer(&token)).await), signed_out, "a token is no cookie");
    crate::authorize::disable("ben", &shop).await;
    assert_eq!(problem(&browser.get(BY_SESSION).await), signed_out);
    let mut idle = shop.browser();
    idle.sign_in("anna").await;
    shop.wait(Span::minutes(30));
    assert_eq!(problem(&idle.get(BY_SESSION).await), signed_out);
}

#[tokio::test]
pub async fn without_a_valid_access_token_nothing_is_told() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let missing = browser.get(BY_TOKEN).await;
    assert_eq!(problem(&missing), (401, "invalid_token".to_owned()), "a session cookie is no access token");
    assert_eq!(missing.header("www-authenticate"), "Bearer realm=\"linden\"");
    let form = Call::post("/oauth/token", &[("grant_type", "client_credentials")]).basic("gateway", GATEWAY_SECRET);
    let of_client = shop.send(form).await.json()["access_token"].as_str().unwrap().to_owned();
    for wrong in ["", "x", "a.b.c", tokens["id_token"].as_str().unwrap(), &of_client] {
        let refused = shop.send(Call::get(BY_TOKEN).bearer(wrong)).await;
        assert_eq!(problem(&refused), (401, "invalid_token".to_owned()), "{wrong}");
        assert!(refused.header("www-authenticate").contains("error=\"invalid_token\""), "{wrong}");
    }
    let token = tokens["access_token"].as_str().unwrap();
    let in_query = shop.send(Call::get(format!("{BY_TOKEN}&access_token={token}"))).await;
    assert_eq!(problem(&in_query), (400, "invalid_request".to_owned()));
    browser.send(Call::post("/logout", &[("id_token_hint", tokens["id_token"].as_str().unwrap())])).await;
    assert_eq!(problem(&shop.send(Call::get(BY_TOKEN).bearer(token)).await).0, 401, "the session is over");
}

#[tokio::test]
async fn a_question_that_is_wrong_is_a_problem_that_names_the_parameter() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let token = tokens["access_token"].as_str().unwrap();
    let long = format!("client_id=storefront&scope={}", "A".repeat(3000));
    for (query, parameter) in [
        ("", "client_id"),
        ("client_id=storefront", "scope"),
        ("client_id=storefront&scope=", "scope"),
        ("client_id=storefront&scope=++", "scope"),
        ("client_id=storefront&scope=NOBODY", "scope"),
        ("client_id=storefront&scope=CUSTOMER+NOBODY", "scope"),
        ("client_id=storefront&scope=customer", "scope"),
        ("client_id=storefront&scope=%22", "scope"),
        ("client_id=storefront&scope=CUST%C3%96MER", "scope"),
        ("client_id=&scope=CUSTOMER", "client_id"),
        ("client_id=nobody&scope=CUSTOMER", "client_id"),
        ("client_id=closed&scope=CUSTOMER", "client_id"),
        ("client_id=%00&scope=CUSTOMER", "query"),
        ("client_id=storefront&client_id=storefront&scope=CUSTOMER", "query"),
        ("client_id=storefront&scope=CUSTOMER&scope=USER", "query"),
        ("client_id=storefront&scope=%FF", "query"),
        (long.as_str(), "query"),
    ] {
        let by_session = browser.get(&format!("/user-operations?{query}")).await;
        let by_token = shop.send(Call::get(format!("/user-operations/resource?{query}")).bearer(token)).await;
        for answer in [by_session, by_token] {
            assert_eq!(problem(&answer), (400, "invalid_request".to_owned()), "{query}");
            assert_eq!(answer.json()["errors"][0]["field"], parameter, "{query}");
            assert!(answer.body.len() < 1000, "{query}: {}", answer.body);
        }
    }
    let no_id = browser.get(&format!("{BY_SESSION}&accountId=fjord")).await;
    assert_eq!((problem(&no_id).0, &no_id.json()["errors"][0]["field"]), (400, &json!("accountId")));
    let of_another = "/user-operations/resource?client_id=trade&scope=CUSTOMER";
    let refused = shop.send(Call::get(of_another).bearer(token)).await;
    assert_eq!((problem(&refused).0, &refused.json()["errors"][0]["field"]), (400, &json!("client_id")));
    for path in ["/user-operations", "/user-operations/resource"] {
        assert_eq!(shop.send(Call::new("POST", path)).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn pages_of_the_client_may_ask_with_credentials_and_no_others() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let token = tokens["access_token"].as_str().unwrap();
    for (origin, allowed) in [("http://localhost:8080", true), ("https://evil.example", false), ("null", false)] {
        let by_session = browser.send(Call::get(BY_SESSION).header("origin", origin)).await;
        let by_token = shop.send(Call::get(BY_TOKEN).bearer(token).header("origin", origin)).await;
        for answer in [by_session, by_token] {
            assert_eq!(answer.header("access-control-allow-origin") == origin, allowed, "{origin}");
            assert_eq!(answer.header("access-control-allow-credentials") == "true", allowed, "{origin}");
        }
        for path in ["/user-operations", "/user-operations/resource"] {
            let asked = Call::new("OPTIONS", path).header("origin", origin);
            let preflight = shop.send(asked.header("access-control-request-headers", "authorization")).await;
            assert_eq!(preflight.header("access-control-allow-origin") == origin, allowed, "{origin} {path}");
        }
    }
}

#[tokio::test]
async fn asking_slides_nothing_and_a_storage_failure_is_a_503() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    let token = tokens["access_token"].as_str().unwrap();
    let session = "/session?client_id=storefront";
    let before = browser.get(session).await.json();
    shop.wait(Span::minutes(4));
    browser.get(BY_SESSION).await;
    assert_eq!(browser.get(session).await.json(), before);
    shop.database.close().await;
    let by_token = shop.send(Call::get(BY_TOKEN).bearer(token)).await;
    for answer in [browser.get(BY_SESSION).await, by_token] {
        assert_eq!(problem(&answer), (503, "unavailable".to_owned()));
        assert_eq!(answer.header("retry-after"), "2");
    }
}
