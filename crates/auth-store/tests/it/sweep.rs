use std::time::Duration;

use auth_core::time::{Span, Timestamp};
use auth_protocol::id::AuditEventId;
use auth_protocol::id::ServerId;
use auth_store::audit::AuditKind;
use auth_store::authorization::issue_code;
use auth_store::login::{failures, record_failure};
use auth_store::session::find;
use auth_store::sweep::{Before, batch};
use auth_store::token::find_code;
use auth_store::{Database, Error};
use database::{Fence, Lease, params};

use crate::engines::on_both_engines;
use crate::seed::{self, NAME, NOW, OTHER_SERVER, SERVER, bytes, code, event, policy};

on_both_engines! {
    what_has_expired_goes_and_what_has_not_stays
    a_batch_is_small_and_the_next_one_goes_on
    failures_go_once_they_are_old
    another_servers_rows_stay
    a_kind_that_never_ends_keeps_no_other_waiting
    a_node_that_lost_the_lease_sweeps_nothing
    old_events_of_the_audit_trail_go_in_small_batches
}

/// Ids as they are made: the time first.
async fn old_events_of_the_audit_trail_go_in_small_batches(database: Database) {
    let add = async |server, millis: u64, count: u16| {
        for number in 0..count {
            let mut rest = [0; 10];
            rest[..2].copy_from_slice(&number.to_be_bytes());
            let id = AuditEventId::new(millis, rest);
            let values = params![server, id.bytes()];
            seed::write(&database, &ADD_EVENT, &values[..]).await;
        }
    };
    let limit = Timestamp::from_seconds(1_000);
    add(SERVER.bytes(), 999_999, 250).await;
    add(SERVER.bytes(), 1_000_000, 3).await;
    add(OTHER_SERVER.bytes(), 999_999, 2).await;
    for expected in [200, 50, 0] {
        assert_eq!(sweep(&database, SERVER, Before { audit_events: limit, ..NOTHING }).await, expected);
    }
    assert_eq!(seed::audited(&database, SERVER).await.len(), 3, "what is as old as the limit stays");
    assert_eq!(seed::audited(&database, OTHER_SERVER).await.len(), 2);
    assert_eq!(sweep(&database, SERVER, Before { audit_events: Timestamp(-1), ..NOTHING }).await, 0);
}

database::statements! {
    ADD_EVENT = "INSERT INTO audit_event (server_id, event_id, kind, actor, subject, object, remote_address, request_id, \
                                          detail, happened_at) \
                 VALUES ($1, $2, 'signed_in', '', '', '', '', '', '', 0)";
}

const NEVER: Timestamp = Timestamp(0);

/// Before the first of all moments: nothing goes.
pub const NOTHING: Before =
    Before { expired: NEVER, pushed_authorizations: NEVER, failures: NEVER, locks: NEVER, audit_events: NEVER };

pub async fn fence(database: &Database) -> Fence {
    let mut lease = Lease::new("sweep", [9; 16], Duration::from_secs(20));
    lease.hold(database).await.unwrap().unwrap()
}

/// Of a node that was paused while another took the lease.
pub async fn lost_fence(database: &Database) -> Fence {
    let lost = fence(database).await;
    for (holder, is_released) in [([9; 16], true), ([8; 16], false)] {
        let mut lease = Lease::new("sweep", holder, Duration::from_secs(20));
        lease.hold(database).await.unwrap().unwrap();
        if is_released {
            lease.release(database).await.unwrap();
        }
    }
    lost
}

pub async fn sweep(database: &Database, server: ServerId, before: Before) -> u64 {
    batch(database, &fence(database).await, server, before, 0).await.unwrap()
}

async fn what_has_expired_goes_and_what_has_not_stays(database: Database) {
    seed::anna(&database, SERVER).await;
    let session = seed::signed_in(&database, 1).await;
    assert_eq!(sweep(&database, SERVER, Before { expired: NOW, ..NOTHING }).await, 0);
    assert!(find_code(&database, SERVER, bytes(1)).await.unwrap().is_some());

    assert_eq!(
        sweep(&database, SERVER, Before { expired: NOW + Span::seconds(61), ..NOTHING }).await,
        1,
        "the code alone"
    );
    assert!(find_code(&database, SERVER, bytes(1)).await.unwrap().is_none());
    assert_eq!(seed::grant_ended(&database, 1).await, Some(false));

    let end = seed::session(1).session.times.hard_end_at;
    assert_eq!(sweep(&database, SERVER, Before { expired: end + Span(1), ..NOTHING }).await, 2, "grant and session");
    assert!(find(&database, SERVER, session).await.unwrap().is_none());
}

async fn a_batch_is_small_and_the_next_one_goes_on(database: Database) {
    let session = seed::signed_in(&database, 1).await;
    for number in 2..=250 {
        issue_code(&database, SERVER, code(number, session), None, NOW).await.unwrap();
    }
    let late = NOW + Span::seconds(61);
    assert_eq!(sweep(&database, SERVER, Before { expired: late, ..NOTHING }).await, 200);
    assert_eq!(sweep(&database, SERVER, Before { expired: late, ..NOTHING }).await, 50);
    assert_eq!(sweep(&database, SERVER, Before { expired: late, ..NOTHING }).await, 0);
}

/// A lock stays while it counts, and goes once it is over: attackers choose the names, so nothing may stay for ever.
async fn failures_go_once_they_are_old(database: Database) {
    let (unlocked, locked) = (NAME, [8; 32]);
    for (number, name, allowed) in [(1, unlocked, 5), (2, locked, 1), (3, locked, 1)] {
        let failed = event(number, AuditKind::SignInFailed);
        record_failure(&database, SERVER, name, policy(allowed), failed, NOW).await.unwrap();
    }
    let late = NOW + Span(1);
    assert_eq!(sweep(&database, SERVER, Before { failures: NOW, locks: NOW, ..NOTHING }).await, 0);
    assert_eq!(sweep(&database, SERVER, Before { failures: late, locks: NOW, ..NOTHING }).await, 1);
    assert_eq!(failures(&database, SERVER, unlocked).await.unwrap(), None);
    assert!(failures(&database, SERVER, locked).await.unwrap().is_some());
    assert_eq!(sweep(&database, SERVER, Before { failures: late, locks: late, ..NOTHING }).await, 1);
    assert_eq!(failures(&database, SERVER, locked).await.unwrap(), None);
}

async fn another_servers_rows_stay(database: Database) {
    let session = seed::signed_in(&database, 1).await;
    let end = seed::session(1).session.times.hard_end_at + Span(1);
    assert_eq!(sweep(&database, OTHER_SERVER, Before { expired: end, failures: end, locks: end, ..NOTHING }).await, 0);
    assert!(find(&database, SERVER, session).await.unwrap().is_some());
}

async fn a_kind_that_never_ends_keeps_no_other_waiting(database: Database) {
    let session = seed::signed_in(&database, 1).await;
    for number in 2..=450 {
        issue_code(&database, SERVER, code(number, session), None, NOW).await.unwrap();
    }
    let failed = event(900, AuditKind::SignInFailed);
    record_failure(&database, SERVER, NAME, policy(5), failed, NOW).await.unwrap();
    let late = NOW + Span::seconds(61);
    let (fence, before) = (fence(&database).await, Before { expired: late, failures: late, ..NOTHING });
    for turn in 0..8 {
        assert!(batch(&database, &fence, SERVER, before, turn).await.unwrap() > 0);
        if failures(&database, SERVER, NAME).await.unwrap().is_none() {
            return;
        }
        // As many again as went.
        for number in 0..200 {
            let next = 1_000 * (u16::try_from(turn).unwrap() + 1) + number;
            issue_code(&database, SERVER, code(next, session), None, NOW).await.unwrap();
        }
    }
    panic!("the failure had no turn");
}

async fn a_node_that_lost_the_lease_sweeps_nothing(database: Database) {
    seed::anna(&database, SERVER).await;
    seed::signed_in(&database, 1).await;
    let paused = fence(&database).await;
    let mut lease = Lease::new("sweep", [9; 16], Duration::from_secs(20));
    lease.hold(&database).await.unwrap();
    lease.release(&database).await.unwrap();
    let mut other = Lease::new("sweep", [8; 16], Duration::from_secs(20));
    let fence = other.hold(&database).await.unwrap().unwrap();
    let before = Before { expired: NOW + Span::seconds(61), ..NOTHING };
    assert!(matches!(batch(&database, &paused, SERVER, before, 0).await, Err(Error::LeaseLost)));
    assert!(find_code(&database, SERVER, bytes(1)).await.unwrap().is_some());
    assert_eq!(batch(&database, &fence, SERVER, before, 0).await.unwrap(), 1);
}
