//! The answer is lost after the commit: what was done is done once, and asking again does not do it twice.

use std::time::Duration;

use http::StatusCode;
use test_kit::browser::{ANNA, Browser, Code, Stopped};
use test_kit::installation::Installation;
use test_kit::lossy_line::LossyLine;
use test_kit::postgres::{Protection, Server};

use crate::many_machines::ManyMachines;
use crate::one_machine;

/// The code is spent, the session lives, and brings another one without a question.
async fn is_spent(browser: &mut Browser, code: &Code) {
    let again = browser.redeem(code).await.unwrap();
    assert_eq!(again.error().as_deref(), Some("invalid_grant"), "a code works twice: {}", again.body);
    assert!(browser.is_signed_in().await, "a repeated request never ends the browser's session");
    let silent = browser.try_silent_sign_in().await.unwrap();
    assert_eq!(browser.redeem(&silent).await.unwrap().status, StatusCode::OK, "there is a new one");
}

/// Lost between the shop and the browser.
async fn nobody_was_told_of_the_redemption(installation: &Installation) {
    let port = installation.origin.rsplit(':').next().unwrap().parse().unwrap();
    let line = LossyLine::to(port, "").await.unwrap();
    let scheme = installation.origin.split(':').next().unwrap();
    let way = format!("{scheme}://localhost:{}", line.port);
    for _ in 0..10 {
        let mut browser = installation.browser();
        let code = browser.try_sign_in(ANNA).await.unwrap();
        let mut behind = installation.browser();
        // The connection is there before it becomes unreliable, and has had a moment to rest: otherwise another is made.
        behind.try_get(&format!("{way}/auth/oauth/jwks")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        line.arm();
        let lost = behind.try_redeem_by(&way, &code).await;
        line.arm_for(0);
        let again = browser.try_redeem(&code).await.unwrap();
        match lost {
            Err(Stopped::Unanswered(_)) if again.error().as_deref() == Some("invalid_grant") => {
                return is_spent(&mut browser, &code).await;
            }
            // It was another connection that was cut: the answer came, or the question never went out.
            Ok(answer) => {
                assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
                assert_eq!(again.error().as_deref(), Some("invalid_grant"), "a code works twice: {}", again.body);
            }
            Err(Stopped::Unanswered(_)) => assert_eq!(again.status, StatusCode::OK, "{}", again.body),
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("no answer was lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_code_whose_answer_was_lost_is_spent() {
    let data = tempfile::tempdir().unwrap();
    nobody_was_told_of_the_redemption(&one_machine(&data.path().join("shop"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_many_machines_a_code_whose_answer_was_lost_is_spent() {
    nobody_was_told_of_the_redemption(&ManyMachines::start().await.installation).await;
}

/// Lost between PostgreSQL and the node that asked for the commit: the browser is told to try again, and not that the code
/// is none.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_a_503_and_done_once() {
    let server = Server::launch(&Protection::None);
    let line = LossyLine::to(server.port(), "COMMIT\0").await.unwrap();
    let url = |server: &Server| server.url("linden").replace(&server.port().to_string(), &line.port.to_string());
    let many = ManyMachines::start_on(server, url, &[]).await;
    for attempt in 0..40 {
        let mut browser = many.installation.browser();
        let code = browser.try_sign_in(ANNA).await.unwrap();
        // The first commits of a redemption end what it reads; other nodes' background work commits, too.
        line.arm_for(1 + attempt % 3);
        let first = browser.try_redeem(&code).await.unwrap();
        line.arm_for(0);
        match first.status {
            StatusCode::OK => continue,
            StatusCode::SERVICE_UNAVAILABLE => {}
            status => panic!("a lost answer is no {status}: {}", first.body),
        }
        let second = browser.try_redeem(&code).await.unwrap();
        if second.error().as_deref() == Some("invalid_grant") {
            return is_spent(&mut browser, &code).await;
        }
        // Only what it read was lost: then it is good, once.
        assert_eq!(second.status, StatusCode::OK, "{}", second.body);
        let third = browser.redeem(&code).await.unwrap();
        assert_eq!(third.error().as_deref(), Some("invalid_grant"), "a code works twice: {}", third.body);
    }
    panic!("no redemption lost its commit's answer");
}
