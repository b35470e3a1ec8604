//! `accountId`: a company to act for. There is no `acct_id` without a checked membership.

use axum::http::StatusCode;
use database::{Statement, params};
use serde_json::json;

use crate::browser::{Authorization, Browser, Call, exchange, exchange_with};
use crate::seed::{self, FJORD, FJORD_PARENT, SERVER};
use crate::shop::Shop;

fn for_account(account: &str) -> Authorization {
    Authorization::new().with("accountId", account)
}

async fn code(browser: &mut Browser, request: &Authorization) -> String {
    browser.send(request.call()).await.parameter("code")
}

static LEAVE: Statement =
    Statement::new("LEAVE", "DELETE FROM account_membership WHERE server_id = $1 AND account_id = $2");

async fn leave_fjord(shop: &Shop) {
    seed::administer(&shop.database, vec![(&LEAVE, params![SERVER.bytes(), FJORD.bytes()].to_vec())]).await;
}

#[tokio::test]
async fn a_member_acts_for_the_company_with_its_roles_there() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let code = browser.sign_in_for("anna", &for_account(&FJORD.to_string())).await.parameter("code");
    let answer = shop.send(exchange(&code)).await.json();
    let claims = shop.access_token(&answer).await;
    for told in [&answer, &claims] {
        assert_eq!((&told["acct_id"], &told["parent_accts"]), (&json!(FJORD), &json!([FJORD_PARENT])));
    }
    assert!(claims["authorities"].as_array().unwrap().contains(&json!("CREATE_ORDER")), "{claims}");
    let info = shop.send(Call::get("/userinfo").bearer(answer["access_token"].as_str().unwrap())).await.json();
    assert_eq!(info["acct_id"], json!(FJORD));
}

#[tokio::test]
async fn roles_of_a_company_count_only_there() {
    let shop = Shop::open().await;
    let answer = shop.browser().sign_in_with_tokens("anna").await;
    let claims = shop.access_token(&answer).await;
    assert_eq!((claims.get("acct_id"), claims.get("parent_accts")), (None, None));
    assert!(!claims["authorities"].as_array().unwrap().contains(&json!("CREATE_ORDER")));
}

#[tokio::test]
async fn a_foreign_account_is_denied_at_authorize_and_at_sign_in() {
    let shop = Shop::open().await;
    for (username, account) in [
        ("ben", FJORD.to_string()),
        ("anna", FJORD_PARENT.to_string()),
        ("anna", "01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned()),
    ] {
        let mut browser = shop.browser();
        let at_sign_in = browser.sign_in_for(username, &for_account(&account)).await;
        let signed_in = browser.send(for_account(&account).call()).await;
        let silent = browser.send(for_account(&account).silent().call()).await;
        for answer in [at_sign_in, signed_in, silent] {
            assert_eq!(answer.parameter("error"), "access_denied", "{username}");
            assert_eq!(answer.parameter("state"), "state-1");
        }
        assert!(
            browser.send(Authorization::new().silent().call()).await.parameters().contains_key("code"),
            "signed in still"
        );
    }
}

#[tokio::test]
async fn the_exchange_takes_the_codes_account_whether_it_names_it_or_not() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let fjord = FJORD.to_string();
    for named in ["", fjord.as_str()] {
        let code = code(&mut browser, &for_account(&fjord)).await;
        let answer = shop.send(exchange_with(&code, &[("accountId", named)])).await;
        assert_eq!(answer.json()["acct_id"], json!(FJORD), "{named:?}");
    }
}

#[tokio::test]
async fn another_account_at_the_exchange_spends_the_code() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let (fjord, other) = (FJORD.to_string(), FJORD_PARENT.to_string());
    for (asked, named) in
        [(for_account(&fjord), &other), (Authorization::new(), &fjord), (for_account(&fjord), &"no-ulid".to_owned())]
    {
        let code = code(&mut browser, &asked).await;
        for changes in [vec![("accountId", named.as_str())], vec![]] {
            let answer = shop.send(exchange_with(&code, &changes)).await;
            assert_eq!((answer.status, answer.oauth_error().as_str()), (StatusCode::BAD_REQUEST, "invalid_grant"));
        }
    }
}

#[tokio::test]
async fn a_membership_that_ended_gives_no_token() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let fjord = FJORD.to_string();
    browser.sign_in("anna").await;
    let (first, second) =
        (code(&mut browser, &for_account(&fjord)).await, code(&mut browser, &for_account(&fjord)).await);
    let answer = shop.send(exchange(&first)).await.json();
    leave_fjord(&shop).await;
    assert_eq!(shop.send(exchange(&second)).await.oauth_error(), "invalid_grant");
    let info = shop.send(Call::get("/userinfo").bearer(answer["access_token"].as_str().unwrap())).await.json();
    assert_eq!(info.get("acct_id"), None);
}
