use auth_core::time::Span;
use auth_protocol::id::SessionId;
use auth_store::Database;
use auth_store::audit::AuditKind;
use auth_store::logout::sign_out;
use auth_store::session::find;

use crate::engines::on_both_engines;
use crate::seed::{self, NOW, OTHER_SERVER, SERVER, audited, event};

on_both_engines! {
    signing_out_ends_the_session_and_all_that_rests_on_it
    signing_out_twice_is_as_good_as_once
    nobody_signs_out_of_another_servers_session
}

async fn signing_out_ends_the_session_and_all_that_rests_on_it(database: Database) {
    let (mine, other) = (seed::signed_in(&database, 1).await, seed::signed_in(&database, 2).await);
    let now = NOW + Span::seconds(9);
    assert!(sign_out(&database, SERVER, mine, event(9, AuditKind::SignedOut), now).await.unwrap());
    assert_eq!(find(&database, SERVER, mine).await.unwrap().unwrap().times.ended_at, Some(now));
    assert_eq!(find(&database, SERVER, other).await.unwrap().unwrap().times.ended_at, None);
    assert_eq!(seed::grant_ended(&database, 1).await, Some(true));
    assert_eq!(seed::grant_ended(&database, 2).await, Some(false));
}

async fn signing_out_twice_is_as_good_as_once(database: Database) {
    let mine = seed::signed_in(&database, 1).await;
    assert!(sign_out(&database, SERVER, mine, event(8, AuditKind::SignedOut), NOW).await.unwrap());
    assert!(!sign_out(&database, SERVER, mine, event(9, AuditKind::SignedOut), NOW + Span::seconds(1)).await.unwrap());
    assert_eq!(find(&database, SERVER, mine).await.unwrap().unwrap().times.ended_at, Some(NOW));
    assert_eq!(audited(&database, SERVER).await, ["signed_in", "signed_out"]);
    let unknown = SessionId::from_bytes([77; 16]);
    assert!(!sign_out(&database, SERVER, unknown, event(10, AuditKind::SignedOut), NOW).await.unwrap());
}

async fn nobody_signs_out_of_another_servers_session(database: Database) {
    let mine = seed::signed_in(&database, 1).await;
    assert!(!sign_out(&database, OTHER_SERVER, mine, event(9, AuditKind::SignedOut), NOW).await.unwrap());
    assert_eq!(find(&database, SERVER, mine).await.unwrap().unwrap().times.ended_at, None);
}
