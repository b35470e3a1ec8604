//! `/dev`: what was refused shows up with its real reason, and only this machine sees it.

use http::{Request, StatusCode, header};
use serde_json::Value;

use crate::program::Shop;
use test_kit::browser::{ANNA, Answer, Browser, Code};

async fn state(browser: &mut Browser) -> Value {
    let answer = browser.get("/dev/state.json").await.unwrap();
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()
}

/// The latest request to this path, with its decision.
fn latest(state: &Value, path: &str) -> Value {
    let requests = state["requests"].as_array().unwrap();
    requests.iter().find(|request| request["path"] == path).cloned().unwrap_or_else(|| panic!("no {path} in {state:#}"))
}

#[tokio::test]
async fn each_refusal_is_told_with_its_real_reason() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let mut browser = Browser::at(&shop.origin);
    let code = browser.sign_in(ANNA).await.unwrap();

    let wrong = Code { code: code.code.clone(), verifier: "x".repeat(43) };
    assert_eq!(browser.redeem(&wrong).await.unwrap().json()["error"], "invalid_grant");
    let refused = latest(&state(&mut browser).await, "/auth/oauth/token");
    assert_eq!((&refused["status"], &refused["refused"]["part"]), (&Value::from(400), &Value::from("auth")));
    assert_eq!(refused["refused"]["code"], "invalid_grant");
    assert!(refused["refused"]["reason"].as_str().unwrap().starts_with("proof key"), "{refused:#}");

    let tokens = browser.redeem(&code).await.unwrap().json();
    browser.redeem(&code).await.unwrap();
    let refused = latest(&state(&mut browser).await, "/auth/oauth/token");
    assert!(refused["refused"]["reason"].as_str().unwrap().contains("redeemed before"), "{refused:#}");

    let query = "client_id=storefront&response_type=code&redirect_uri=http%3A%2F%2Felsewhere.example%2F%3Fsecret%3D1";
    browser.get(&format!("/auth/oauth/authorize?{query}")).await.unwrap();
    let refused = latest(&state(&mut browser).await, "/auth/oauth/authorize");
    assert_eq!(refused["refused"]["code"], "unregistered_redirect_uri");
    let reason = refused["refused"]["reason"].as_str().unwrap();
    assert_eq!(reason, "\"http://elsewhere.example/\" is not among the redirect URIs of storefront");

    let silent = "client_id=storefront&response_type=code&prompt=none&code_challenge=x&state=a-state-of-some-length";
    browser.get(&format!("/auth/oauth/authorize?{silent}&redirect_uri={}", shop.origin)).await.unwrap();
    let refused = latest(&state(&mut browser).await, "/auth/oauth/authorize");
    assert_eq!(
        (&refused["status"], &refused["refused"]["code"]),
        (&303.into(), &"invalid_request".into()),
        "{refused:#}"
    );

    browser.post("/auth/oauth/token", &[("grant_type", "client_credentials"), ("client_id", "nobody")]).await.unwrap();
    let refused = latest(&state(&mut browser).await, "/auth/oauth/token");
    assert_eq!(refused["refused"]["reason"], "there is no enabled client nobody");

    // A guest may read public lists, and not write one.
    let request =
        Request::post(format!("{}/api/cart/item-lists", shop.origin)).header(header::CONTENT_TYPE, "application/json");
    let answer = browser.try_send(request, "{\"name\":\"mine\"}".to_owned()).await.unwrap();
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let refused = latest(&state(&mut browser).await, "/api/cart/item-lists");
    assert_eq!((&refused["refused"]["part"], &refused["status"]), (&Value::from("cart"), &Value::from(403)));
    assert_eq!(refused["refused"]["code"], "permission_missing");
    assert_eq!(refused["refused"]["reason"], "CREATE_ITEM_LIST is needed.");
    assert_eq!(refused["requestId"], answer.json()["request_id"]);

    let state = state(&mut browser).await;
    assert!(state["requests"].as_array().unwrap().len() <= 20);
    let told = state.to_string();
    let cookie = browser.cookies.values().max_by_key(|value| value.len()).unwrap().clone();
    for secret in [tokens["access_token"].as_str().unwrap(), &code.code, &code.verifier, &cookie, "secret=1"] {
        assert!(!told.contains(secret), "{secret} is told");
    }
}

#[tokio::test]
async fn it_names_users_clients_and_sessions_and_the_passwords_of_the_demo_alone() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("more.toml");
    std::fs::write(
        &file,
        "[[user]]\nserver = \"customers\"\nusername = \"carla\"\nemail = \"carla@fjord.example\"\n\
         password = \"not for everybody\"\nfull_name = \"<script>alert(1)</script>\"\n",
    )
    .unwrap();
    let shop = Shop::start_on(&parent.path().join("shop"), "127.0.0.1:0", &["--with", file.to_str().unwrap()]);
    let mut browser = Browser::at(&shop.origin);
    browser.sign_in(ANNA).await.unwrap();
    let server = &state(&mut browser).await["servers"][0];
    assert_eq!(server["users"][0]["username"], "anna");
    assert_eq!(server["users"][0]["demoPassword"], ANNA.1);
    assert_eq!(server["users"][2]["username"], "carla");
    assert_eq!(server["users"][2].get("demoPassword"), None);
    assert!(server["clients"].as_array().unwrap().iter().any(|client| client["clientId"] == "storefront"));
    assert_eq!(
        (&server["sessions"][0]["username"], &server["sessions"][0]["state"]),
        (&"anna".into(), &"signed in".into())
    );

    let page = page(&shop, &[("accept", "text/html")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("meadow lantern ferry") && page.body.contains("anna@fjord.example"), "{}", page.body);
    assert!(!page.body.contains("not for everybody") && !page.body.contains("<script"), "{}", page.body);
    let json = self::page(&shop, &[("accept", "application/json")]).await;
    assert_eq!(json.json()["origin"], shop.origin);
    assert!(self::page(&shop, &[]).await.body.starts_with("<!doctype html>"));
}

async fn page(shop: &Shop, headers: &[(&str, &str)]) -> Answer {
    let request = headers
        .iter()
        .fold(Request::get(format!("{}/dev", shop.origin)), |request, (name, value)| request.header(*name, *value));
    Browser::at(&shop.origin).try_send(request, String::new()).await.unwrap()
}

/// DNS rebinding: the page's name points here, and its `Host` gives it away.
#[tokio::test]
async fn a_foreign_host_a_tunnel_and_another_site_find_nothing() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let foreign = format!("evil.example:{}", shop.port());
    let numeric = format!("127.0.0.1:{}", shop.port());
    for headers in [
        [("host", foreign.as_str())],
        [("host", numeric.as_str())],
        [("x-forwarded-for", "192.0.2.1")],
        [("sec-fetch-site", "cross-site")],
    ] {
        let answer = page(&shop, &headers).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{headers:?}");
        assert!(!answer.body.contains("anna"), "{headers:?}");
    }
    let posted = Browser::at(&shop.origin).post("/dev", &[]).await.unwrap();
    assert_eq!(posted.status, StatusCode::NOT_FOUND);
}

#[test]
fn the_ready_lines_name_it_where_it_is() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    assert!(shop.next_line().ends_with(&format!("{}/dev", shop.origin)), "the second line");
}
