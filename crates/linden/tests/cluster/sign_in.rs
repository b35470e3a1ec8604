//! The end-to-end core on many machines: https, production cookies, and no node that another one needs.

use http::{StatusCode, header};
use test_kit::browser::{ANNA, Code};

use crate::load::Load;
use crate::many_machines::ManyMachines;

const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more-";

/// The node that a step must not be served by is down meanwhile.
async fn only(many: &mut ManyMachines, up: &str, down: &str) {
    let node = many.installation.node(up).unwrap();
    if node.is_down() {
        node.start_again().unwrap();
    }
    many.installation.kill(down).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_a_sign_in_is_served_by_another_node_than_the_one_before() {
    let mut many = ManyMachines::start().await;
    let mut browser = many.installation.browser();
    only(&mut many, "auth1", "auth2").await;
    let authorized = browser.try_get(&browser.authorization(VERIFIER, &[])).await.unwrap();
    only(&mut many, "auth2", "auth1").await;
    let page = browser.try_get(authorized.location.as_deref().unwrap()).await.unwrap();
    only(&mut many, "auth1", "auth2").await;
    let signed_in = browser.try_submit(&page, ANNA).await.unwrap();
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER, "{}", signed_in.body);
    only(&mut many, "auth2", "auth1").await;
    let callback = browser.try_get(signed_in.location.as_deref().unwrap()).await.unwrap();
    let code = Code { code: callback.parameter("code").unwrap(), verifier: VERIFIER.to_owned() };
    only(&mut many, "auth1", "auth2").await;
    let tokens = browser.redeem(&code).await.unwrap();
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    only(&mut many, "auth2", "auth1").await;
    assert!(browser.is_signed_in().await, "the session is known to all");
    assert_eq!(browser.redeem(&code).await.unwrap().error().as_deref(), Some("invalid_grant"));
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_those_of_production() {
    let many = ManyMachines::start().await;
    let mut browser = many.installation.browser();
    let authorized = browser.try_get(&browser.authorization(VERIFIER, &[])).await.unwrap();
    let page = browser.try_get(authorized.location.as_deref().unwrap()).await.unwrap();
    let signed_in = browser.try_submit(&page, ANNA).await.unwrap();
    let answers = [&authorized, &page, &signed_in];
    let set: Vec<_> = answers.iter().flat_map(|answer| answer.headers.get_all(header::SET_COOKIE)).collect();
    assert!(set.len() >= 2, "one before the form, one for the session: {set:?}");
    for cookie in set {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.split("; ").any(|found| found == attribute), "{attribute} is missing: {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }

    // And everybody else is served alike, by whichever node it comes to.
    let load = Load::begin(&many.installation, 4);
    load.until_served(12).await;
    let ledger = load.end().await;
    ledger.expect_no_failed_request();
    ledger.check(&many.installation).await.expect_some_of_each();
}
