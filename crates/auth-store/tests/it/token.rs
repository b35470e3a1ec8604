use auth_core::time::{Span, Timestamp};
use auth_protocol::id::GrantId;
use auth_store::Database;
use auth_store::audit::AuditKind;
use auth_store::logout::sign_out;
use auth_store::session::find;
use auth_store::token::{PresentedCode, claims_of_grant, end_grant, find_code, redeem_code};

use crate::engines::on_both_engines;
use crate::seed::{self, NOW, OTHER_SERVER, SERVER, audited, bytes, event};

on_both_engines! {
    a_code_is_redeemed_once
    an_expired_code_is_not_redeemed
    a_code_whose_session_or_grant_ended_meanwhile_is_not_redeemed
    redeeming_moves_the_sessions_inactivity
    a_lost_redemption_moves_nothing
    a_second_use_ends_the_grant_once_and_leaves_the_session
    a_grant_is_alive_until_it_ends
    a_code_at_one_server_is_not_redeemed_at_another
}

async fn issued(database: &Database) -> PresentedCode {
    seed::anna(database, SERVER).await;
    seed::signed_in(database, 1).await;
    find_code(database, SERVER, bytes(1)).await.unwrap().unwrap()
}

async fn redeem(database: &Database, code: &PresentedCode, now: Timestamp) -> bool {
    redeem_code(database, SERVER, code, None, now).await.unwrap()
}

async fn a_code_is_redeemed_once(database: Database) {
    let code = issued(&database).await;
    let now = NOW + Span::seconds(3);
    assert!(redeem(&database, &code, now).await);
    assert!(!redeem(&database, &code, now).await);
    let found = find_code(&database, SERVER, bytes(1)).await.unwrap().unwrap();
    assert_eq!(found.redeemed_at, Some(now));
    assert_eq!(found.grant.ended_at, None);
}

async fn an_expired_code_is_not_redeemed(database: Database) {
    let code = issued(&database).await;
    assert!(!redeem(&database, &code, code.expires_at).await);
    assert!(redeem(&database, &code, code.expires_at - Span(1)).await);
}

async fn a_code_whose_session_or_grant_ended_meanwhile_is_not_redeemed(database: Database) {
    let of_ended_grant = issued(&database).await;
    end_grant(&database, SERVER, of_ended_grant.grant.id, event(20, AuditKind::CodeReused), NOW).await.unwrap();
    assert!(!redeem(&database, &of_ended_grant, NOW).await);
    seed::signed_in(&database, 2).await;
    let of_ended_session = find_code(&database, SERVER, bytes(2)).await.unwrap().unwrap();
    let session = of_ended_session.session.id;
    sign_out(&database, SERVER, session, event(21, AuditKind::SignedOut), NOW).await.unwrap();
    assert!(!redeem(&database, &of_ended_session, NOW).await);
    for number in [1, 2] {
        assert_eq!(find_code(&database, SERVER, bytes(number)).await.unwrap().unwrap().redeemed_at, None);
    }
}

async fn redeeming_moves_the_sessions_inactivity(database: Database) {
    let code = issued(&database).await;
    let further = code.session.times.inactivity_at + Span::minutes(1);
    assert!(redeem_code(&database, SERVER, &code, Some(further), NOW).await.unwrap());
    assert_eq!(find(&database, SERVER, code.session.id).await.unwrap().unwrap().times.inactivity_at, further);
}

async fn a_lost_redemption_moves_nothing(database: Database) {
    let code = issued(&database).await;
    assert!(redeem(&database, &code, NOW).await);
    let further = code.session.times.inactivity_at + Span::minutes(1);
    assert!(!redeem_code(&database, SERVER, &code, Some(further), NOW).await.unwrap());
    let session = find(&database, SERVER, code.session.id).await.unwrap().unwrap();
    assert_eq!(session.times.inactivity_at, code.session.times.inactivity_at);
}

async fn a_second_use_ends_the_grant_once_and_leaves_the_session(database: Database) {
    let code = issued(&database).await;
    assert!(redeem(&database, &code, NOW).await);
    let reused = |number| event(number, AuditKind::CodeReused);
    assert!(end_grant(&database, SERVER, code.grant.id, reused(20), NOW).await.unwrap());
    assert!(!end_grant(&database, SERVER, code.grant.id, reused(21), NOW).await.unwrap());
    assert_eq!(seed::grant_ended(&database, 1).await, Some(true));
    assert_eq!(find(&database, SERVER, code.session.id).await.unwrap().unwrap().times.ended_at, None);
    assert_eq!(audited(&database, SERVER).await, ["signed_in", "code_reused"]);
}

async fn a_grant_is_alive_until_it_ends(database: Database) {
    let code = issued(&database).await;
    assert!(claims_of_grant(&database, SERVER, code.grant.id).await.unwrap().is_some());
    assert!(claims_of_grant(&database, OTHER_SERVER, code.grant.id).await.unwrap().is_none());
    assert!(claims_of_grant(&database, SERVER, GrantId::from_bytes([99; 16])).await.unwrap().is_none());
    end_grant(&database, SERVER, code.grant.id, event(20, AuditKind::CodeReused), NOW).await.unwrap();
    assert!(claims_of_grant(&database, SERVER, code.grant.id).await.unwrap().is_none());
}

async fn a_code_at_one_server_is_not_redeemed_at_another(database: Database) {
    let code = issued(&database).await;
    assert!(!redeem_code(&database, OTHER_SERVER, &code, None, NOW).await.unwrap());
    assert!(redeem(&database, &code, NOW).await);
}
