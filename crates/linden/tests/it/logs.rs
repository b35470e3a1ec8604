//! One request is found in the lines of every part that it went through, under the id that its answer carries.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Request, StatusCode, header};
use serde_json::Value;

use test_kit::browser::{ANNA, Answer, Browser, Code};
use test_kit::secrets;

use crate::program::{Shop, linden};

/// The parts that logged something of a request.
fn parts<'a>(log: &'a [Value], request_id: &str) -> BTreeSet<&'a str> {
    let lines = log.iter().filter(|line| line["request_id"] == request_id);
    lines.map(|line| line["target"].as_str().unwrap().split("::").next().unwrap()).collect()
}

async fn with(browser: &mut Browser, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let address = format!("{}{path}", browser.origin);
    let request = Request::builder().method(method).uri(address);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    browser.try_send(request, body.to_owned()).await.unwrap()
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Sign-in, tokens, services and sign-out, and all that may be wrong with them: `Shop` looks for what was secret.
#[tokio::test]
async fn the_lines_of_a_request_share_its_id_and_none_tells_a_secret() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let master_key = std::fs::read(data.path().join("master.key")).unwrap();
    secrets::note(&URL_SAFE_NO_PAD.encode(&master_key));
    secrets::note(&master_key.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let mut browser = Browser::at(&shop.origin);
    let code = browser.sign_in(ANNA).await.unwrap();
    let wrong = Code { verifier: "w".repeat(43), ..code.clone() };
    assert_eq!(browser.redeem(&wrong).await.unwrap().status, StatusCode::BAD_REQUEST);
    let tokens = browser.redeem(&code).await.unwrap();
    let bearer = format!("Bearer {}", tokens.json()["access_token"].as_str().unwrap());
    let user_info = with(&mut browser, "GET", "/auth/userinfo", &[("authorization", &bearer)], "").await;
    let lists = with(&mut browser, "GET", "/api/cart/item-lists", &[("authorization", &bearer)], "").await;
    let guest = Browser::at(&shop.origin).get("/api/cart/item-lists").await.unwrap();
    assert_eq!((user_info.status, lists.status, guest.status), (StatusCode::OK, StatusCode::OK, StatusCode::OK));

    let mut stranger = Browser::at(&shop.origin);
    assert!(stranger.sign_in(("anna", "what Anna does not use")).await.is_none());
    assert!(stranger.sign_in(("not a user: hunter22 hunter22", "another wrong password")).await.is_none());
    let basic = ("authorization", "Basic c3RvcmVmcm9udDphLXNlY3JldC10aGF0LWlzLXdyb25n");
    let by_secret = "grant_type=client_credentials";
    let by_secret = with(&mut stranger, "POST", "/auth/oauth/token", &[FORM, basic], by_secret).await;
    assert_eq!(by_secret.status, StatusCode::UNAUTHORIZED);
    let assertion = "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A\
                     client-assertion-type%3Ajwt-bearer&client_assertion=eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";
    let by_key = with(&mut stranger, "POST", "/auth/oauth/token", &[FORM], assertion).await;
    assert!(by_key.status.is_client_error());
    let forged = [("authorization", "Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwOi8veCJ9.Zm9yZ2Vk")];
    let refused = with(&mut stranger, "GET", "/api/cart/item-lists", &forged, "").await;
    let unread = with(&mut stranger, "GET", "/auth/userinfo", &forged, "").await;
    assert_eq!((refused.status, unread.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    let tampered = stranger.post("/auth/login", &[("request", "not-what-was-sealed"), ("password", "typed in vain")]);
    assert!(tampered.await.unwrap().status.is_client_error());
    let hint = tokens.json()["id_token"].as_str().unwrap().to_owned();
    browser.post("/auth/logout", &[("id_token_hint", &hint)]).await.unwrap();

    let log = shop.log();
    for (request_id, expected) in [
        (tokens.request_id(), ["gateway", "auth_server"].as_slice()),
        (user_info.request_id(), &["gateway", "auth_server"]),
        (lists.request_id(), &["gateway", "commerce"]),
        (guest.request_id(), &["gateway", "commerce"]),
        (refused.request_id(), &["gateway", "commerce", "resource_guard"]),
    ] {
        let parts = parts(&log, request_id);
        assert!(expected.iter().all(|part| parts.contains(part)), "{parts:?} lack some of {expected:?}");
    }
    // The first guest's token was asked for under the first guest's request, when the shop looked whether it is ready.
    let ready = log.iter().find(|line| line["target"] == "gateway::gateway" && line["message"] == "answered").unwrap();
    let ready = parts(&log, ready["request_id"].as_str().unwrap());
    assert_eq!(ready, BTreeSet::from(["auth_server", "commerce", "gateway"]));
    let nameless = log.iter().filter(|line| line["message"] == "answered" || line["message"] == "refused");
    assert_eq!(nameless.filter(|line| !line["request_id"].is_string()).collect::<Vec<_>>(), Vec::<&Value>::new());
}

/// Method, path, headers and body.
type Asked<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

/// A problem names its request in the body, an OAuth error in the headers, a page among its words.
#[tokio::test]
async fn every_part_names_the_request_that_it_refuses() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let mut browser = Browser::at(&shop.origin);
    let json = ("content-type", "application/json");
    let page = (header::ACCEPT.as_str(), "text/html");
    let asked: [Asked; 12] = [
        ("GET", "/nothing/here", &[], ""),
        ("GET", "/a//b", &[], ""),
        ("GET", "/%2e%2e/", &[page], ""),
        ("TRACE", "/", &[], ""),
        ("GET", "/api/nobody/", &[], ""),
        ("GET", "/api/cart/nothing", &[], ""),
        ("DELETE", "/api/cart/item-lists", &[], ""),
        ("POST", "/api/cart/item-lists", &[json], "{"),
        ("GET", "/api/customer/customers/01K000000000000000000000A4", &[("authorization", "Bearer a")], ""),
        ("GET", "/api/tenant/applications", &[("authorization", "Bearer a, Bearer b")], ""),
        ("GET", "/auth/session?client_id=nobody", &[], ""),
        ("GET", "/auth/user-operations", &[], ""),
    ];
    for (method, path, headers, body) in asked {
        let answer = with(&mut browser, method, path, headers, body).await;
        assert!(answer.status.as_u16() >= 400, "{method} {path}: {}", answer.body);
        let id = answer.request_id();
        assert_eq!(id.len(), 26, "{method} {path}: {}", answer.body);
        match serde_json::from_str::<Value>(&answer.body) {
            Ok(problem) => assert_eq!(problem["request_id"], id, "{method} {path}: {problem}"),
            Err(_) => assert!(answer.body.contains(id), "{method} {path}: {}", answer.body),
        }
    }
    let refused = with(&mut browser, "POST", "/auth/oauth/token", &[FORM], "grant_type=password").await;
    assert!(refused.json()["error"].is_string() && refused.request_id().len() == 26);
}

#[test]
fn a_form_of_log_that_is_not_known_is_refused() {
    let ended = linden().args(["doctor"]).env("LINDEN__LOG__FORMAT", "yaml").output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success() && said.contains("LINDEN__LOG__") && said.contains("`human` or `json`"), "{said}");
}
