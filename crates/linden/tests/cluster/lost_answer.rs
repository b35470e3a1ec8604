//! The answer is lost after the commit: what was done is done once, and asking again does not do it twice.

use http::StatusCode;
use test_kit::browser::{ANNA, Stopped};
use test_kit::installation::Installation;

use crate::cut::Cut;
use crate::one_machine;

/// Between people and the shop stands somebody who passes the next request on, and cuts the line at its answer.
async fn a_code_is_redeemed_once_though_nobody_was_told(installation: &Installation) {
    let cut = Cut::before(&installation.origin).await;
    let mut browser = installation.browser();
    let code = browser.try_sign_in(ANNA).await.unwrap();
    cut.next_answer();
    let lost = installation.browser().try_redeem_by(&cut.origin, &code).await;
    assert!(matches!(lost, Err(Stopped::Unanswered(_))), "the answer was to be lost: {lost:?}");
    let again = browser.redeem(&code).await.unwrap();
    assert_eq!(again.error().as_deref(), Some("invalid_grant"), "a code works twice: {}", again.body);
    assert!(browser.is_signed_in().await, "a repeated request never ends the browser's session");
    let silent = browser.try_silent_sign_in().await.unwrap();
    assert_eq!(browser.redeem(&silent).await.unwrap().status, StatusCode::OK, "and silently there is a new one");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_code_whose_answer_was_lost_is_spent() {
    let data = tempfile::tempdir().unwrap();
    a_code_is_redeemed_once_though_nobody_was_told(&one_machine(&data.path().join("shop"))).await;
}
