use auth_core::time::{Span, Timestamp};
use auth_protocol::id::AuditEventId;
use auth_store::Database;
use auth_store::audit::AuditKind;
use auth_store::authorization::issue_code;
use auth_store::login::{failures, record_failure};
use auth_store::session::find;
use auth_store::sweep::{audit_events, batch};
use auth_store::token::find_code;

use database::params;

use crate::engines::on_both_engines;
use crate::seed::{self, NAME, NOW, OTHER_SERVER, SERVER, bytes, code, event, policy};

on_both_engines! {
    what_has_expired_goes_and_what_has_not_stays
    a_batch_is_small_and_the_next_one_goes_on
    failures_go_once_they_are_old
    another_servers_rows_stay
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
        assert_eq!(audit_events(&database, SERVER, limit).await.unwrap(), expected);
    }
    assert_eq!(seed::audited(&database, SERVER).await.len(), 3, "what is as old as the limit stays");
    assert_eq!(seed::audited(&database, OTHER_SERVER).await.len(), 2);
    assert_eq!(audit_events(&database, SERVER, Timestamp(-1)).await.unwrap(), 0);
}

database::statements! {
    ADD_EVENT = "INSERT INTO audit_event (server_id, event_id, kind, actor, subject, object, remote_address, request_id, \
                                          detail, happened_at) \
                 VALUES ($1, $2, 'signed_in', '', '', '', '', '', '', 0)";
}

const NEVER: Timestamp = Timestamp(0);

async fn what_has_expired_goes_and_what_has_not_stays(database: Database) {
    seed::anna(&database, SERVER).await;
    let session = seed::signed_in(&database, 1).await;
    assert_eq!(batch(&database, SERVER, NOW, NEVER, NEVER).await.unwrap(), 0);
    assert!(find_code(&database, SERVER, bytes(1)).await.unwrap().is_some());

    assert_eq!(batch(&database, SERVER, NOW + Span::seconds(61), NEVER, NEVER).await.unwrap(), 1, "the code alone");
    assert!(find_code(&database, SERVER, bytes(1)).await.unwrap().is_none());
    assert_eq!(seed::grant_ended(&database, 1).await, Some(false));

    let end = seed::session(1).session.times.hard_end_at;
    assert_eq!(batch(&database, SERVER, end + Span(1), NEVER, NEVER).await.unwrap(), 2, "grant and session");
    assert!(find(&database, SERVER, session).await.unwrap().is_none());
}

async fn a_batch_is_small_and_the_next_one_goes_on(database: Database) {
    let session = seed::signed_in(&database, 1).await;
    for number in 2..=250 {
        issue_code(&database, SERVER, code(number, session), None, NOW).await.unwrap();
    }
    let late = NOW + Span::seconds(61);
    assert_eq!(batch(&database, SERVER, late, NEVER, NEVER).await.unwrap(), 200);
    assert_eq!(batch(&database, SERVER, late, NEVER, NEVER).await.unwrap(), 50);
    assert_eq!(batch(&database, SERVER, late, NEVER, NEVER).await.unwrap(), 0);
}

/// A lock stays while it counts, and goes once it is over: attackers choose the names, so nothing may stay for ever.
async fn failures_go_once_they_are_old(database: Database) {
    let (unlocked, locked) = (NAME, [8; 32]);
    for (number, name, allowed) in [(1, unlocked, 5), (2, locked, 1), (3, locked, 1)] {
        let failed = event(number, AuditKind::SignInFailed);
        record_failure(&database, SERVER, name, policy(allowed), failed, NOW).await.unwrap();
    }
    let late = NOW + Span(1);
    assert_eq!(batch(&database, SERVER, NEVER, NOW, NOW).await.unwrap(), 0);
    assert_eq!(batch(&database, SERVER, NEVER, late, NOW).await.unwrap(), 1);
    assert_eq!(failures(&database, SERVER, unlocked).await.unwrap(), None);
    assert!(failures(&database, SERVER, locked).await.unwrap().is_some());
    assert_eq!(batch(&database, SERVER, NEVER, late, late).await.unwrap(), 1);
    assert_eq!(failures(&database, SERVER, locked).await.unwrap(), None);
}

async fn another_servers_rows_stay(database: Database) {
    let session = seed::signed_in(&database, 1).await;
    let end = seed::session(1).session.times.hard_end_at + Span(1);
    assert_eq!(batch(&database, OTHER_SERVER, end, end, end).await.unwrap(), 0);
    assert!(find(&database, SERVER, session).await.unwrap().is_some());
}
