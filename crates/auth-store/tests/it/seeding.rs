use auth_core::session::{Session, SessionTimes, SignInMethod};
use auth_core::user::Identifier;
use auth_protocol::id::{SessionId, UserId};
use auth_store::Database;
use auth_store::apply::{NewPassword, UserEntry};
use auth_store::audit::AuditKind;
use auth_store::session::{NewSession, find_by_secret};
use auth_store::user::{PasswordHash, find_for_sign_in};
use auth_store::{generation, seed as seeding};

use crate::engines::on_both_engines;
use crate::seed::{ANNA, NOW, OTHER_SERVER, SERVER, audited, bytes, event, user};

on_both_engines! {
    many_users_are_each_found_as_anybody_is
    where_one_name_is_taken_none_of_them_is_written
    many_sessions_are_each_found_by_their_secret
    the_last_user_of_a_prefix_is_found_and_what_is_planned_goes_on_record
}

fn made_up(number: u16) -> UserEntry {
    let username = format!("made-up-{number:04}");
    UserEntry {
        new_password: NewPassword::Hash(PasswordHash("the hash of all".to_owned())),
        ..user(number, &username, Some(&format!("{username}@shop.invalid")))
    }
}

async fn found(database: &Database, name: &str) -> Option<(UserId, Option<String>)> {
    let identifier = Identifier::read(name).unwrap();
    let found = find_for_sign_in(database, SERVER, &identifier).await.unwrap()?;
    Some((found.0.id, found.1.map(|password| password.hash.0)))
}

async fn many_users_are_each_found_as_anybody_is(database: Database) {
    let entries: Vec<UserEntry> = (1_000..1_400).map(made_up).collect();
    seeding::add_users(&database, &entries, NOW).await.unwrap();
    for entry in entries.iter().step_by(57) {
        let expected = Some((entry.new_id, Some("the hash of all".to_owned())));
        assert_eq!(found(&database, &entry.username).await, expected);
        assert_eq!(found(&database, entry.email.as_deref().unwrap()).await, expected);
    }
}

async fn where_one_name_is_taken_none_of_them_is_written(database: Database) {
    seeding::add_users(&database, &[made_up(1_200)], NOW).await.unwrap();
    let mut others: Vec<UserEntry> = (1_000..1_400).map(made_up).collect();
    others[200].new_id = UserId::from_bytes(bytes(9_000));
    assert!(seeding::add_users(&database, &others, NOW).await.is_err());
    assert_eq!(found(&database, "made-up-1000").await, None);
    assert_eq!(found(&database, "made-up-1399").await, None);
    // The connection is none the worse for it.
    seeding::add_users(&database, &[made_up(1_000)], NOW).await.unwrap();
}

async fn many_sessions_are_each_found_by_their_secret(database: Database) {
    let times = SessionTimes { inactivity_at: NOW, hard_end_at: NOW, ended_at: None };
    let secret = |number: u16| -> [u8; 32] { bytes(number) };
    let session = |number: u16| Session {
        id: SessionId::from_bytes(bytes(number)),
        user_id: ANNA,
        authenticated_at: NOW,
        methods: vec![SignInMethod::Password],
        times,
    };
    let sessions: Vec<NewSession> =
        (0..300).map(|number| NewSession { session: session(number), secret_hash: secret(number) }).collect();
    seeding::begin_sessions(&database, SERVER, &sessions).await.unwrap();
    for number in [0, 7, 299] {
        let found = find_by_secret(&database, SERVER, secret(number)).await.unwrap();
        assert_eq!(found, Some(session(number)));
        assert_eq!(find_by_secret(&database, OTHER_SERVER, secret(number)).await.unwrap(), None);
    }
}

async fn the_last_user_of_a_prefix_is_found_and_what_is_planned_goes_on_record(database: Database) {
    assert_eq!(seeding::last_username(&database, SERVER, "made-up-").await.unwrap(), None);
    let before = generation::read(&database).await.unwrap();
    seeding::announce(&database, SERVER, event(1, AuditKind::UsersSeeded)).await.unwrap();
    assert_eq!(audited(&database, SERVER).await, ["users_seeded"]);
    assert!(generation::read(&database).await.unwrap() > before);
    let entries: Vec<UserEntry> = [7, 1_000, 12].map(made_up).into();
    seeding::add_users(&database, &entries, NOW).await.unwrap();
    let last = seeding::last_username(&database, SERVER, "made-up-").await.unwrap();
    assert_eq!(last.as_deref(), Some("made-up-1000"));
    assert_eq!(seeding::last_username(&database, OTHER_SERVER, "made-up-").await.unwrap(), None);
}
