use auth_core::time::Span;
use auth_protocol::id::AccountId;
use auth_store::Database;
use auth_store::audit::AuditKind;
use auth_store::authorization::issue_code;
use auth_store::logout::sign_out;
use auth_store::token::find_code;

use crate::engines::on_both_engines;
use crate::seed::{self, NOW, OTHER_SERVER, SERVER, bytes, code, event};

on_both_engines! {
    a_code_is_found_by_its_hash_with_all_it_stands_for
    an_ended_session_gives_no_code
    a_session_beyond_its_hard_end_gives_no_code
    a_code_of_another_server_is_unknown
}

async fn a_code_is_found_by_its_hash_with_all_it_stands_for(database: Database) {
    seed::anna(&database, SERVER).await;
    let session = seed::signed_in(&database, 1).await;
    let mut new = code(2, session);
    new.account_id = Some(AccountId::from_bytes([9; 16]));
    new.nonce = None;
    assert!(issue_code(&database, SERVER, new.clone(), None, NOW).await.unwrap());
    let found = find_code(&database, SERVER, bytes(2)).await.unwrap().unwrap();
    assert_eq!((found.client_id, found.redirect_uri), (new.client_id, new.redirect_uri));
    assert_eq!((found.nonce, found.code_challenge), (None, None));
    assert_eq!((found.expires_at, found.redeemed_at), (new.code_expires_at, None));
    assert_eq!((found.grant.id, found.grant.scope), (new.grant_id, new.scope));
    assert_eq!((found.grant.account_id, found.grant.ended_at), (new.account_id, None));
    assert_eq!((found.session.id, found.user.id), (session, seed::ANNA));
}

async fn an_ended_session_gives_no_code(database: Database) {
    let session = seed::signed_in(&database, 1).await;
    sign_out(&database, SERVER, session, event(9, AuditKind::SignedOut), NOW).await.unwrap();
    assert!(!issue_code(&database, SERVER, code(2, session), None, NOW).await.unwrap());
    assert_eq!(seed::grant_ended(&database, 2).await, None);
}

async fn a_session_beyond_its_hard_end_gives_no_code(database: Database) {
    let session = seed::signed_in(&database, 1).await;
    let end = seed::session(1).session.times.hard_end_at;
    assert!(!issue_code(&database, SERVER, code(2, session), None, end).await.unwrap());
    assert!(issue_code(&database, SERVER, code(2, session), None, end - Span(1)).await.unwrap());
}

async fn a_code_of_another_server_is_unknown(database: Database) {
    for server in [SERVER, OTHER_SERVER] {
        seed::anna(&database, server).await;
    }
    seed::signed_in(&database, 1).await;
    assert!(find_code(&database, SERVER, bytes(1)).await.unwrap().is_some());
    assert!(find_code(&database, OTHER_SERVER, bytes(1)).await.unwrap().is_none());
}
