use auth_core::login::FailureRecord;
use auth_core::server::LockOut;
use auth_core::time::{Span, Timestamp};
use auth_protocol::id::SessionId;
use auth_store::Database;
use auth_store::audit::AuditKind;
use auth_store::login::{SignInOutcome, failures, record_failure, sign_in};
use auth_store::session::find;
use auth_store::token::find_code;

use crate::engines::on_both_engines;
use crate::seed::{self, NAME, NOW, OTHER_SERVER, SERVER, audited, bytes, event, policy};

on_both_engines! {
    a_failure_is_counted_and_put_on_record
    one_failure_more_than_allowed_locks
    the_failure_that_locks_is_put_on_record_as_such
    a_lock_that_is_over_is_forgotten_with_what_was_counted
    without_a_limit_nothing_locks
    failures_at_one_server_are_none_at_another
    a_sign_in_begins_session_grant_and_code_at_once
    a_sign_in_forgets_failures
    a_locked_name_does_not_sign_in_and_leaves_no_trace
    a_sign_in_ends_the_session_it_replaces
    a_sign_in_without_a_code_begins_a_session_alone
    a_sign_in_that_fails_half_way_leaves_nothing
}

async fn fail(database: &Database, number: u16, policy: LockOut, now: Timestamp) -> FailureRecord {
    record_failure(database, SERVER, NAME, policy, event(number, AuditKind::SignInFailed), now).await.unwrap()
}

async fn a_failure_is_counted_and_put_on_record(database: Database) {
    assert_eq!(failures(&database, SERVER, NAME).await.unwrap(), None);
    let first = fail(&database, 1, policy(5), NOW).await;
    assert_eq!(first, FailureRecord { failures: 1, last_failed_at: NOW, locked_at: None });
    let later = NOW + Span::seconds(1);
    let second = fail(&database, 2, policy(5), later).await;
    assert_eq!(second, FailureRecord { failures: 2, last_failed_at: later, locked_at: None });
    assert_eq!(failures(&database, SERVER, NAME).await.unwrap(), Some(second));
    assert_eq!(audited(&database, SERVER).await, ["sign_in_failed", "sign_in_failed"]);
}

async fn one_failure_more_than_allowed_locks(database: Database) {
    for number in 1..=2 {
        assert_eq!(fail(&database, number, policy(2), NOW).await.locked_at, None);
    }
    assert_eq!(fail(&database, 3, policy(2), NOW).await.locked_at, Some(NOW));
    let later = NOW + Span::minutes(1);
    assert_eq!(fail(&database, 4, policy(2), later).await.locked_at, Some(NOW), "a lock is not prolonged");
}

async fn the_failure_that_locks_is_put_on_record_as_such(database: Database) {
    for number in 1..=4 {
        fail(&database, number, policy(2), NOW).await;
    }
    assert_eq!(audited(&database, SERVER).await, ["sign_in_failed", "sign_in_failed", "locked", "sign_in_failed"]);
}

async fn a_lock_that_is_over_is_forgotten_with_what_was_counted(database: Database) {
    for number in 1..=3 {
        fail(&database, number, policy(2), NOW).await;
    }
    let afterwards = fail(&database, 4, policy(2), NOW + Span::minutes(15)).await;
    assert_eq!((afterwards.failures, afterwards.locked_at), (1, None));
}

async fn without_a_limit_nothing_locks(database: Database) {
    for number in 1..=20 {
        assert_eq!(fail(&database, number, policy(0), NOW).await.locked_at, None);
    }
}

async fn failures_at_one_server_are_none_at_another(database: Database) {
    fail(&database, 1, policy(0), NOW).await;
    assert_eq!(failures(&database, OTHER_SERVER, NAME).await.unwrap(), None);
}

async fn a_sign_in_begins_session_grant_and_code_at_once(database: Database) {
    seed::anna(&database, SERVER).await;
    let session = seed::signed_in(&database, 1).await;
    let begun = find(&database, SERVER, session).await.unwrap().unwrap();
    assert_eq!(begun, seed::session(1).session);
    let code = find_code(&database, SERVER, bytes(1)).await.unwrap().unwrap();
    assert_eq!((code.session, code.user.username.as_str()), (begun, "anna"));
    assert_eq!((code.nonce.as_deref(), code.redeemed_at), (Some("nonce"), None));
    assert_eq!(code.grant.scope.to_string(), "openid USER");
    assert_eq!(audited(&database, SERVER).await, ["signed_in"]);
}

async fn a_sign_in_forgets_failures(database: Database) {
    fail(&database, 1, policy(5), NOW).await;
    seed::signed_in(&database, 2).await;
    assert_eq!(failures(&database, SERVER, NAME).await.unwrap(), None);
}

async fn a_locked_name_does_not_sign_in_and_leaves_no_trace(database: Database) {
    for number in 1..=6 {
        fail(&database, number, policy(5), NOW).await;
    }
    let outcome = sign_in(&database, SERVER, seed::sign_in(9), NOW + Span::minutes(14)).await.unwrap();
    assert_eq!(outcome, SignInOutcome::Locked);
    assert_eq!(find(&database, SERVER, SessionId::from_bytes(bytes(9))).await.unwrap(), None);
    assert_eq!(seed::grant_ended(&database, 9).await, None);
    assert_eq!(failures(&database, SERVER, NAME).await.unwrap().unwrap().failures, 6);

    let outcome = sign_in(&database, SERVER, seed::sign_in(9), NOW + Span::minutes(15)).await.unwrap();
    assert_eq!(outcome, SignInOutcome::SignedIn);
}

async fn a_sign_in_ends_the_session_it_replaces(database: Database) {
    let before = seed::signed_in(&database, 1).await;
    let mut again = seed::sign_in(2);
    again.replaces = Some(before);
    sign_in(&database, SERVER, again, NOW + Span::seconds(5)).await.unwrap();
    let ended = find(&database, SERVER, before).await.unwrap().unwrap();
    assert_eq!(ended.times.ended_at, Some(NOW + Span::seconds(5)));
    assert_eq!(seed::grant_ended(&database, 1).await, Some(true), "what rested on it ends with it");
    assert_eq!(seed::grant_ended(&database, 2).await, Some(false));
}

async fn a_sign_in_without_a_code_begins_a_session_alone(database: Database) {
    let mut bare = seed::sign_in(1);
    bare.code = None;
    assert_eq!(sign_in(&database, SERVER, bare, NOW).await.unwrap(), SignInOutcome::SignedIn);
    assert!(find(&database, SERVER, SessionId::from_bytes(bytes(1))).await.unwrap().is_some());
    assert_eq!(seed::grant_ended(&database, 1).await, None);
}

async fn a_sign_in_that_fails_half_way_leaves_nothing(database: Database) {
    fail(&database, 1, policy(5), NOW).await;
    seed::signed_in(&database, 2).await;
    fail(&database, 3, policy(5), NOW).await;
    let mut clash = seed::sign_in(4);
    clash.event.id = event(2, AuditKind::SignedIn).id;
    sign_in(&database, SERVER, clash, NOW).await.unwrap_err();
    assert_eq!(find(&database, SERVER, SessionId::from_bytes(bytes(4))).await.unwrap(), None);
    assert_eq!(seed::grant_ended(&database, 4).await, None);
    assert_eq!(failures(&database, SERVER, NAME).await.unwrap().unwrap().failures, 1, "failures are remembered still");
}
