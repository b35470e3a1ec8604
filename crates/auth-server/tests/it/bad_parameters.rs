//! Each parameter that `routes.rs` declares, at each of its routes, sent as no honest client would.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use auth_server::{Access, ROUTES, Route};
use axum::http::StatusCode;

use crate::browser::{Answer, Browser, Call};
use crate::shop::Shop;

const LONGEST_ANSWER: usize = 1024;
/// An error page, with its styles elsewhere.
const LONGEST_PAGE: usize = 8 * 1024;

/// As it comes over the wire: what is wrong with it, and the text.
fn ill_formed(name: &str) -> Vec<(&'static str, String)> {
    let mut all = vec![("twice", format!("{name}=a&{name}=a")), ("twice and blank", format!("{name}=&{name}=a"))];
    // A password may be long, and hold what it likes.
    if name != "password" {
        all.push(("over-long", format!("{name}={}", "x".repeat(60_000))));
        for value in ["%00", "a%00b", "%0d%0aSet-Cookie:%20x=y", "%07", "%ff", "%c3%28", "%ed%a0%80"] {
            all.push(("of another encoding", format!("{name}={value}")));
        }
    }
    all
}

fn call(route: &Route, parameters: &str, token: &str) -> Call {
    let call = match route.method {
        "GET" => Call::get(format!("{}?{parameters}", route.path)),
        _ => Call::new(route.method, route.path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(parameters),
    };
    // A token may come one way only, and here it is the form's.
    let bears = route.access == Access::Bearer && !parameters.contains("access_token");
    let call = if bears { call.bearer(token) } else { call };
    call.sent_from_own_page()
}

/// Anna's browser, and a token of hers.
async fn signed_in(shop: &Shop) -> (Browser, String) {
    let mut browser = shop.browser();
    let tokens = browser.sign_in_with_tokens("anna").await;
    (browser, tokens["access_token"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn ill_formed_values_get_a_short_refusal_and_change_nothing() {
    let shop = Shop::open().await;
    let (mut browser, token) = signed_in(&shop).await;
    let before = shop.kept().await;
    for route in ROUTES {
        for name in route.parameters() {
            for (wrong, sent) in ill_formed(name) {
                let answer = browser.send_once(call(route, &sent, &token)).await;
                let told = format!("{} {} with {name} {wrong}: {}", route.method, route.path, answer.status);
                assert!(answer.status.is_client_error(), "{told}");
                assert!(answer.status != StatusCode::UNAUTHORIZED || route.access != Access::Bearer, "{told}");
                assert!(!answer.is_redirect(), "{told}");
                let is_page = answer.header("content-type").starts_with("text/html");
                let longest = if is_page { LONGEST_PAGE } else { LONGEST_ANSWER };
                assert!(answer.body.len() <= longest, "{told}: {} bytes", answer.body.len());
            }
        }
    }
    assert_eq!(shop.kept().await, before);
}

/// What can be seen of an answer from outside, but for what is random.
fn outcome(answer: &Answer) -> (StatusCode, String, String) {
    let location = if answer.is_redirect() { answer.destination() } else { String::new() };
    let error = match answer.header("content-type") {
        "application/json" if answer.body.contains("\"error\"") => answer.oauth_error(),
        _ => String::new(),
    };
    (answer.status, location, error)
}

#[tokio::test]
async fn blank_is_absent() {
    let shop = Shop::open().await;
    let (mut browser, token) = signed_in(&shop).await;
    for route in ROUTES {
        let absent = outcome(&browser.send_once(call(route, "", &token)).await);
        for name in route.parameters() {
            let mut of_another = call(route, &format!("{name}="), &token);
            if name == "access_token" {
                of_another = of_another.bearer(&token);
            }
            let blank = outcome(&browser.send_once(of_another).await);
            assert_eq!(blank, absent, "{} {} with a blank {name}", route.method, route.path);
        }
    }
}

#[tokio::test]
async fn forms_of_another_type_are_refused_and_change_nothing() {
    let shop = Shop::open().await;
    let (mut browser, token) = signed_in(&shop).await;
    let before = shop.kept().await;
    for route in ROUTES.iter().filter(|route| route.method == "POST" && route.access != Access::Bearer) {
        for kind in ["application/json", "multipart/form-data; boundary=x", "text/plain", ""] {
            let strange = call(route, "{\"client_id\":\"storefront\"}", &token).replace("content-type", kind);
            let answer = browser.send_once(strange).await;
            let told = format!("{} {} of type {kind:?}", route.method, route.path);
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{told}");
        }
    }
    assert_eq!(shop.kept().await, before);
}

/// Names that the sources read: `.get("name")`.
fn read_by(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_by(&path, names);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            let source = fs::read_to_string(&path).unwrap();
            let source = source.split("mod tests {").next().unwrap();
            let reads = source.split("arameters.get(\"").skip(1);
            names.extend(reads.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
}

/// Where a route's handler reads its parameters, and the routes that begin so.
const READERS: [(&str, &str); 8] = [
    ("src/authorization", "/oauth/"),
    ("../auth-core/src/authorization", "/oauth/"),
    ("src/login", "/login"),
    ("src/logout", "/logout"),
    ("src/session", "/session"),
    ("src/token", "/oauth/token"),
    ("src/user_info", "/userinfo"),
    ("src/user_operation", "/user-operations"),
];

#[test]
fn no_parameter_is_read_that_no_route_declares() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let declared_by = |start: &str| -> BTreeSet<String> {
        let routes = ROUTES.iter().filter(|route| route.path.starts_with(start));
        routes.flat_map(Route::parameters).map(str::to_owned).collect()
    };
    let undeclared = |folder: &str, start: &str| {
        let mut read = BTreeSet::new();
        read_by(&root.join(folder), &mut read);
        let undeclared: Vec<_> = read.difference(&declared_by(start)).cloned().collect();
        assert!(undeclared.is_empty(), "read in {folder}, and declared by no route {start}: {undeclared:?}");
        read
    };
    let read: BTreeSet<String> = READERS.iter().flat_map(|(folder, start)| undeclared(folder, start)).collect();
    assert!(read.contains("accountId") && read.contains("code_verifier"), "the sources read otherwise now: {read:?}");
    undeclared("src", "/");
}
