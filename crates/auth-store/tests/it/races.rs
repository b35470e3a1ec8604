use auth_core::time::Timestamp;
use auth_store::Database;
use auth_store::audit::AuditKind;
use auth_store::authorization::issue_code;
use auth_store::login::{SignInOutcome, failures, record_failure, sign_in};
use auth_store::logout::sign_out;
use auth_store::session::find;
use auth_store::token::{end_grant, find_code, redeem_code};
use tokio::task::JoinSet;

use crate::engines::on_both_engines;
use crate::seed::{self, NAME, NOW, SERVER, audited, bytes, code, event, policy};

on_both_engines! {
    of_fifty_redemptions_of_one_code_one_wins
    fifty_failures_at_once_are_all_counted
    of_many_failures_at_once_one_locks
    failures_and_sign_ins_at_once_all_get_an_answer
    a_sign_in_that_races_the_lock_comes_before_it_or_is_locked
    a_session_that_ends_while_a_code_is_issued_leaves_no_living_grant
    fifty_second_uses_end_the_grant_once
    fifty_sign_outs_end_the_session_once
}

async fn of_fifty_redemptions_of_one_code_one_wins(database: Database) {
    seed::anna(&database, SERVER).await;
    seed::signed_in(&database, 1).await;
    let mut tasks = JoinSet::new();
    for number in 0..50_i64 {
        let database = database.clone();
        tasks.spawn(async move {
            let code = find_code(&database, SERVER, bytes(1)).await.unwrap().unwrap();
            let now = Timestamp(NOW.0 + number);
            let won = redeem_code(&database, SERVER, &code, Some(now), now).await.unwrap();
            won.then_some(now)
        });
    }
    let winners: Vec<Timestamp> = tasks.join_all().await.into_iter().flatten().collect();
    let redeemed_at = find_code(&database, SERVER, bytes(1)).await.unwrap().unwrap().redeemed_at;
    assert_eq!(winners, redeemed_at.as_slice());
}

async fn fifty_failures_at_once_are_all_counted(database: Database) {
    let mut tasks = JoinSet::new();
    for number in 1..=50 {
        let (database, event) = (database.clone(), event(number, AuditKind::SignInFailed));
        tasks.spawn(
            async move { record_failure(&database, SERVER, NAME, policy(0), event, NOW).await.unwrap().failures },
        );
    }
    let mut counts = tasks.join_all().await;
    counts.sort_unstable();
    assert_eq!(counts, (1..=50).collect::<Vec<u32>>());
    assert_eq!(audited(&database, SERVER).await.len(), 50);
}

async fn of_many_failures_at_once_one_locks(database: Database) {
    let mut tasks = JoinSet::new();
    for number in 1..=30_u16 {
        let (database, event) = (database.clone(), event(number, AuditKind::SignInFailed));
        let now = Timestamp(NOW.0 + i64::from(number));
        tasks.spawn(async move { record_failure(&database, SERVER, NAME, policy(5), event, now).await.unwrap() });
    }
    let locks: Vec<_> = tasks.join_all().await.into_iter().filter_map(|record| record.locked_at).collect();
    assert_eq!(locks.len(), 25, "the sixth and all after it");
    assert!(locks.iter().all(|lock| *lock == locks[0]), "a lock has one beginning");
    let locked = audited(&database, SERVER).await.iter().filter(|kind| *kind == "locked").count();
    assert_eq!(locked, 1);
}

/// A success takes the row of failures away while others are about to count on it.
async fn failures_and_sign_ins_at_once_all_get_an_answer(database: Database) {
    let mut tasks = JoinSet::new();
    for number in 1..=100 {
        let database = database.clone();
        tasks.spawn(async move {
            if number % 2 == 0 {
                let failed = event(number, AuditKind::SignInFailed);
                record_failure(&database, SERVER, NAME, policy(0), failed, NOW).await.map(drop)
            } else {
                sign_in(&database, SERVER, seed::sign_in(number), NOW).await.map(drop)
            }
        });
    }
    for answer in tasks.join_all().await {
        answer.unwrap();
    }
}

async fn a_sign_in_that_races_the_lock_comes_before_it_or_is_locked(database: Database) {
    for round in 0..30_u16 {
        let name: [u8; 32] = bytes(round);
        let first = event(1000 + round, AuditKind::SignInFailed);
        record_failure(&database, SERVER, name, policy(1), first, NOW).await.unwrap();
        let mut signing_in = seed::sign_in(round);
        (signing_in.identifier, signing_in.policy) = (name, policy(1));
        let locking = event(2000 + round, AuditKind::SignInFailed);
        let (outcome, failure) = tokio::join!(
            sign_in(&database, SERVER, signing_in, NOW),
            record_failure(&database, SERVER, name, policy(1), locking, NOW),
        );
        let (outcome, failure) = (outcome.unwrap(), failure.unwrap());
        let record = failures(&database, SERVER, name).await.unwrap();
        let session = find(&database, SERVER, seed::session(round).session.id).await.unwrap();
        match outcome {
            SignInOutcome::PasswordChanged => panic!("nobody set a password"),
            SignInOutcome::Locked => assert!(failure.locked_at.is_some() && session.is_none(), "{failure:?}"),
            SignInOutcome::SignedIn => {
                assert!(failure.locked_at.is_none() && session.is_some(), "{failure:?}");
                assert_eq!(failure.failures, record.map_or(1, |record| record.failures));
            }
        }
    }
}

async fn a_session_that_ends_while_a_code_is_issued_leaves_no_living_grant(database: Database) {
    for round in 0..30_u16 {
        let session = seed::signed_in(&database, round).await;
        let late = code(1000 + round, session);
        let (issued, ended) = tokio::join!(
            issue_code(&database, SERVER, late, Some(NOW), NOW),
            sign_out(&database, SERVER, session, event(2000 + round, AuditKind::SignedOut), NOW),
        );
        assert!(ended.unwrap());
        let grant = seed::grant_ended(&database, 1000 + round).await;
        assert_eq!(grant, issued.unwrap().then_some(true), "a code outlived its session");
    }
}

async fn fifty_second_uses_end_the_grant_once(database: Database) {
    seed::anna(&database, SERVER).await;
    seed::signed_in(&database, 1).await;
    let grant = find_code(&database, SERVER, bytes(1)).await.unwrap().unwrap().grant.id;
    let mut tasks = JoinSet::new();
    for number in 100..150 {
        let (database, event) = (database.clone(), event(number, AuditKind::CodeReused));
        tasks.spawn(async move { end_grant(&database, SERVER, grant, event, NOW).await.unwrap() });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|ended| *ended).count(), 1);
    assert_eq!(audited(&database, SERVER).await, ["signed_in", "code_reused"]);
}

async fn fifty_sign_outs_end_the_session_once(database: Database) {
    let session = seed::signed_in(&database, 1).await;
    let mut tasks = JoinSet::new();
    for number in 100..150 {
        let (database, event) = (database.clone(), event(number, AuditKind::SignedOut));
        tasks.spawn(async move { sign_out(&database, SERVER, session, event, NOW).await.unwrap() });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|ended| *ended).count(), 1);
}
