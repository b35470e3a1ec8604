//! `lock_out` of the server's settings. Waiting answers take no time here: tokio's clock is paused and jumps.

use auth_core::password::{SlowestHashes, TypedPassword};
use auth_core::server::{LockOut, ServerSettings};
use auth_core::time::Span;
use auth_server::password_hashing::{HashingError, PasswordHashing, QUEUE_PER_THREAD};
use axum::http::StatusCode;

use crate::browser::{Answer, Authorization};
use crate::seed::PASSWORD;
use crate::shop::{Shop, just_short_of};

async fn shop(failed_sign_ins_allowed: u32, duration_minutes: Option<u32>, decay_minutes: Option<u32>) -> Shop {
    let lock_out = LockOut { failed_sign_ins_allowed, duration_minutes, decay_minutes };
    Shop::open_with(ServerSettings { lock_out, ..ServerSettings::default() }).await
}

async fn attempt(shop: &Shop, username: &str, password: &str) -> Answer {
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    browser.submit(&page, username, password).await
}

async fn status(shop: &Shop, username: &str, password: &str) -> StatusCode {
    attempt(shop, username, password).await.status
}

const WRONG: StatusCode = StatusCode::UNAUTHORIZED;
const LOCKED: StatusCode = StatusCode::TOO_MANY_REQUESTS;
const SIGNED_IN: StatusCode = StatusCode::SEE_OTHER;

#[tokio::test(start_paused = true)]
async fn one_failure_more_than_allowed_locks_and_the_duration_unlocks() {
    let shop = shop(2, Some(15), Some(60)).await;
    for _ in 0..3 {
        assert_eq!(status(&shop, "anna", "wrong").await, WRONG);
    }
    let locked = attempt(&shop, "anna", PASSWORD).await;
    assert_eq!(locked.status, LOCKED, "with the right password, too");
    assert!(locked.body.contains("paused after too many attempts"), "{}", locked.body);
    assert_eq!(status(&shop, "ben", PASSWORD).await, SIGNED_IN, "others are not locked");
    shop.wait(just_short_of(Span::minutes(15)));
    assert_eq!(status(&shop, "anna", PASSWORD).await, LOCKED);
    shop.wait(Span(1));
    assert_eq!(status(&shop, "anna", PASSWORD).await, SIGNED_IN);
    assert_eq!(shop.audited().await.iter().filter(|kind| *kind == "locked").count(), 1);
}

/// The same lock, by the same count, for names that nobody has.
#[tokio::test(start_paused = true)]
async fn unknown_names_are_locked_like_known_ones() {
    let shop = shop(1, Some(15), None).await;
    let mut seen = Vec::new();
    for username in ["anna", "nobd"] {
        let mut answers = Vec::new();
        for _ in 0..4 {
            let answer = attempt(&shop, username, "wrong").await;
            answers.push((answer.status, answer.stable_body().replace(username, "name")));
        }
        seen.push(answers);
    }
    assert_eq!(seen[0].iter().map(|(status, _)| *status).collect::<Vec<_>>(), [WRONG, WRONG, LOCKED, LOCKED]);
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test(start_paused = true)]
async fn spellings_of_one_name_are_counted_together() {
    let shop = shop(2, Some(15), None).await;
    for username in ["anna", "ANNA", "ａｎｎａ"] {
        assert_eq!(status(&shop, username, "wrong").await, WRONG);
    }
    assert_eq!(status(&shop, "Anna", PASSWORD).await, LOCKED);
}

#[tokio::test(start_paused = true)]
async fn failures_decay_and_a_success_forgets_them() {
    let shop = shop(1, Some(15), Some(10)).await;
    for _ in 0..3 {
        assert_eq!(status(&shop, "anna", "wrong").await, WRONG);
        shop.wait(Span::minutes(10));
    }
    assert_eq!(status(&shop, "anna", "wrong").await, WRONG);
    assert_eq!(status(&shop, "anna", PASSWORD).await, SIGNED_IN);
    assert_eq!(status(&shop, "anna", "wrong").await, WRONG);
    assert_eq!(status(&shop, "anna", PASSWORD).await, SIGNED_IN, "one failure is forgiven anew");
}

#[tokio::test(start_paused = true)]
async fn a_lock_without_a_duration_stays_and_a_clock_set_back_unlocks_nothing() {
    let shop = shop(1, None, None).await;
    for _ in 0..2 {
        assert_eq!(status(&shop, "anna", "wrong").await, WRONG);
    }
    for minutes in [1_000_000, -2_000_000] {
        shop.wait(Span::minutes(minutes));
        assert_eq!(status(&shop, "anna", PASSWORD).await, LOCKED);
    }
}

#[tokio::test(start_paused = true)]
async fn zero_allowed_never_locks() {
    let shop = shop(0, Some(15), None).await;
    for _ in 0..12 {
        assert_eq!(status(&shop, "anna", "wrong").await, WRONG);
    }
    assert_eq!(status(&shop, "anna", PASSWORD).await, SIGNED_IN);
}

/// The third failure in a row is answered a quarter of a second late.
#[tokio::test(start_paused = true)]
async fn an_answer_waits_the_longer_the_more_failures_there_were() {
    let shop = shop(0, None, None).await;
    for _ in 0..2 {
        attempt(&shop, "anna", "wrong").await;
    }
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    // While something blocks, tokio's paused clock stands still instead of jumping.
    let (release, blocked) = std::sync::mpsc::channel::<()>();
    let blocking = tokio::task::spawn_blocking(move || blocked.recv());
    let mut answer = tokio::spawn(async move { browser.submit(&page, "anna", "wrong").await.status });
    let counted = "SELECT CAST(coalesce(max(failures), 0) AS BIGINT) FROM sign_in_failure";
    while shop.count(counted).await < 3 {
        tokio::task::yield_now().await;
    }
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    tokio::time::advance(std::time::Duration::from_millis(240)).await;
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    assert!(!answer.is_finished(), "answered before its time");
    release.send(()).unwrap();
    blocking.await.unwrap().unwrap();
    assert_eq!((&mut answer).await.unwrap(), WRONG);
}

/// Rule 7 wants the same work for everybody. With the hashing threads kept busy and their queue full, whoever needs a hash
/// is turned away; a name that needed none would be answered.
#[tokio::test]
async fn unknown_names_cost_a_hash_like_known_ones() {
    let hashing = PasswordHashing::start(1).unwrap();
    let shop = Shop::with_hashing(hashing.clone()).await;
    let mut pages = Vec::new();
    for username in ["anna", "nobody", "carl", "no\u{3000}name at all"] {
        let mut browser = shop.browser();
        let page = browser.sign_in_page(&Authorization::new()).await;
        pages.push((username, browser, page));
    }
    let slow = SlowestHashes { bcrypt_cost: 16, ..SlowestHashes::default() };
    let wait = |slowest: SlowestHashes| {
        let hashing = hashing.clone();
        tokio::spawn(async move { hashing.prove(TypedPassword::read("x"), None, slowest).await })
    };
    let mut waiting = vec![wait(slow)];
    // With as many behind the slow one, it is being worked on and the queue is full.
    while waiting.len() <= QUEUE_PER_THREAD {
        let next = wait(SlowestHashes::default());
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        if !next.is_finished() {
            waiting.push(next);
        }
    }
    assert_eq!(wait(SlowestHashes::default()).await.unwrap(), Err(HashingError::Busy));
    for (username, mut browser, page) in pages {
        let answer = browser.submit(&page, username, "wrong").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{username}");
        assert_eq!(answer.header("retry-after"), "2");
    }
    assert_eq!(shop.count("SELECT count(*) FROM sign_in_failure").await, 0, "who was not looked at is not counted");
    assert!(!waiting[0].is_finished(), "the slow one was not slow enough for this machine");
    for job in waiting {
        job.abort();
    }
}
