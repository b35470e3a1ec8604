use auth_core::session::SessionState;
use auth_core::time::Span;
use auth_store::Database;
use auth_store::authorization::issue_code;
use auth_store::session::{find, find_by_secret};

use crate::engines::on_both_engines;
use crate::seed::{self, NOW, OTHER_SERVER, SERVER, bytes, code};

on_both_engines! {
    a_session_is_found_by_id_and_by_the_hash_of_its_secret
    a_session_of_another_server_is_not_found
    inactivity_moves_forward_and_never_back
}

async fn a_session_is_found_by_id_and_by_the_hash_of_its_secret(database: Database) {
    let id = seed::signed_in(&database, 1).await;
    let session = find(&database, SERVER, id).await.unwrap().unwrap();
    assert_eq!(find_by_secret(&database, SERVER, bytes(1)).await.unwrap().as_ref(), Some(&session));
    assert_eq!(find_by_secret(&database, SERVER, bytes(2)).await.unwrap(), None);
    assert_eq!(session.times.state(NOW), SessionState::Alive);
}

async fn a_session_of_another_server_is_not_found(database: Database) {
    let id = seed::signed_in(&database, 1).await;
    assert_eq!(find(&database, OTHER_SERVER, id).await.unwrap(), None);
    assert_eq!(find_by_secret(&database, OTHER_SERVER, bytes(1)).await.unwrap(), None);
}

async fn inactivity_moves_forward_and_never_back(database: Database) {
    let id = seed::signed_in(&database, 1).await;
    let further = NOW + Span::minutes(60);
    assert!(issue_code(&database, SERVER, code(2, id), Some(further), NOW).await.unwrap());
    assert_eq!(find(&database, SERVER, id).await.unwrap().unwrap().times.inactivity_at, further);
    assert!(issue_code(&database, SERVER, code(3, id), Some(further - Span::minutes(1)), NOW).await.unwrap());
    let session = find(&database, SERVER, id).await.unwrap().unwrap();
    assert_eq!(session.times.inactivity_at, further);
    assert_eq!(session.times.hard_end_at, seed::session(1).session.times.hard_end_at);
}
