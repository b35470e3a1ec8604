use auth_core::time::Span;
use auth_protocol::id::UserId;
use auth_store::Database;
use auth_store::audit::AuditKind;
use auth_store::generation;
use auth_store::login::{SignInOutcome, failures, record_failure, sign_in};
use auth_store::session::find;
use auth_store::user::{PasswordHash, find_for_sign_in};
use auth_store::user_administration::{AddUserError, UserPage, add, list, set_password, unlock};

use crate::engines::on_both_engines;
use crate::seed::{self, ANNA, NAME, NOW, OTHER_SERVER, SERVER, audited, event, policy, user};

on_both_engines! {
    a_user_is_added_with_their_password_and_put_on_record
    a_name_that_another_user_has_in_whatever_field_is_refused
    of_many_who_add_one_name_one_succeeds
    a_new_password_ends_sessions_and_grants_of_that_user_alone
    whoever_proved_the_old_password_does_not_sign_in_after_the_new_one
    nobodys_password_is_not_set
    an_unlock_forgets_failures_of_each_name
    an_unlock_of_nothing_writes_nothing
    users_are_listed_page_by_page
}

async fn hash_of(database: &Database, name: &str) -> Option<String> {
    let identifier = auth_core::user::Identifier::read(name).unwrap();
    find_for_sign_in(database, SERVER, &identifier)
        .await
        .unwrap()
        .and_then(|(_, hash)| hash)
        .map(|stored| stored.hash.0)
}

async fn a_user_is_added_with_their_password_and_put_on_record(database: Database) {
    let before = generation::read(&database).await.unwrap();
    let carla = user(1, "carla", Some("carla@shop.example"));
    add(&database, carla, event(1, AuditKind::UserAdded), NOW).await.unwrap();
    assert_eq!(hash_of(&database, "carla@shop.example").await.as_deref(), Some("hash of carla"));
    assert_eq!(audited(&database, SERVER).await, ["user_added"]);
    assert!(generation::read(&database).await.unwrap() > before);
}

async fn a_name_that_another_user_has_in_whatever_field_is_refused(database: Database) {
    add(&database, user(1, "carla", Some("carla@shop.example")), event(1, AuditKind::UserAdded), NOW).await.unwrap();
    let before = generation::read(&database).await.unwrap();
    for (username, email, by_name) in [
        ("carla", Some("other@shop.example"), true),
        ("carla@shop.example", None, true),
        ("doris", Some("carla@shop.example"), false),
    ] {
        let refused = add(&database, user(2, username, email), event(2, AuditKind::UserAdded), NOW).await.unwrap_err();
        let expected = if by_name {
            matches!(refused, AddUserError::UsernameTaken)
        } else {
            matches!(refused, AddUserError::EmailTaken)
        };
        assert!(expected, "{username}: {refused:?}");
    }
    assert_eq!(hash_of(&database, "carla").await.as_deref(), Some("hash of carla"), "the one who is there stays");
    assert_eq!(audited(&database, SERVER).await, ["user_added"]);
    assert_eq!(generation::read(&database).await.unwrap(), before, "nothing is written");
    let mut elsewhere = user(3, "carla", Some("carla@shop.example"));
    elsewhere.server_id = OTHER_SERVER;
    add(&database, elsewhere, event(3, AuditKind::UserAdded), NOW).await.unwrap();
}

async fn of_many_who_add_one_name_one_succeeds(database: Database) {
    let tries = (1..=6).map(|number| {
        let database = database.clone();
        tokio::spawn(async move {
            add(&database, user(number, "carla", None), event(number, AuditKind::UserAdded), NOW).await
        })
    });
    let mut added = 0;
    for tried in tries.collect::<Vec<_>>() {
        match tried.await.unwrap() {
            Ok(()) => added += 1,
            Err(error) => assert!(matches!(error, AddUserError::UsernameTaken), "{error:?}"),
        }
    }
    assert_eq!(added, 1);
}

async fn a_new_password_ends_sessions_and_grants_of_that_user_alone(database: Database) {
    seed::anna(&database, SERVER).await;
    let ben = UserId::from_bytes([20; 16]);
    let mut of_ben = seed::sign_in(3);
    of_ben.session.session.user_id = ben;
    sign_in(&database, SERVER, of_ben.clone(), NOW).await.unwrap();
    let (first, second) = (seed::signed_in(&database, 1).await, seed::signed_in(&database, 2).await);
    let later = NOW + Span::seconds(5);
    let hash = PasswordHash("new".to_owned());
    let event = event(9, AuditKind::PasswordSet);
    assert_eq!(set_password(&database, SERVER, ANNA, hash, event, later).await.unwrap(), Some(2));
    for session in [first, second] {
        assert_eq!(find(&database, SERVER, session).await.unwrap().unwrap().times.ended_at, Some(later));
    }
    assert_eq!(seed::grant_ended(&database, 1).await, Some(true));
    assert_eq!(seed::grant_ended(&database, 2).await, Some(true));
    assert_eq!(seed::grant_ended(&database, 3).await, Some(false), "another user's");
    let session_of_ben = find(&database, SERVER, of_ben.session.session.id).await.unwrap().unwrap();
    assert_eq!(session_of_ben.times.ended_at, None);
    assert_eq!(hash_of(&database, "anna").await.as_deref(), Some("new"));
    assert_eq!(audited(&database, SERVER).await.last().map(String::as_str), Some("password_set"));
}

/// The proof takes its time; what it proved must still be so when the session begins.
async fn whoever_proved_the_old_password_does_not_sign_in_after_the_new_one(database: Database) {
    seed::anna(&database, SERVER).await;
    let proved = hash_of(&database, "anna").await.map(PasswordHash);
    let hash = PasswordHash("new".to_owned());
    set_password(&database, SERVER, ANNA, hash, event(1, AuditKind::PasswordSet), NOW).await.unwrap();
    let late = auth_store::login::SignIn { proved, ..seed::sign_in(2) };
    assert_eq!(sign_in(&database, SERVER, late, NOW).await.unwrap(), SignInOutcome::PasswordChanged);
    assert_eq!(seed::grant_ended(&database, 2).await, None);
    let again = auth_store::login::SignIn { proved: Some(PasswordHash("new".to_owned())), ..seed::sign_in(3) };
    assert_eq!(sign_in(&database, SERVER, again, NOW).await.unwrap(), SignInOutcome::SignedIn);
}

async fn nobodys_password_is_not_set(database: Database) {
    let hash = PasswordHash("new".to_owned());
    let set = set_password(&database, SERVER, ANNA, hash, event(1, AuditKind::PasswordSet), NOW).await.unwrap();
    assert_eq!(set, None);
    assert!(audited(&database, SERVER).await.is_empty());
}

async fn an_unlock_forgets_failures_of_each_name(database: Database) {
    let email = [8; 32];
    for (number, name) in [(1, NAME), (2, NAME), (3, email), (4, [9; 32])] {
        let failed = event(number, AuditKind::SignInFailed);
        record_failure(&database, SERVER, name, policy(1), failed, NOW).await.unwrap();
    }
    let event = event(5, AuditKind::Unlocked);
    assert!(unlock(&database, SERVER, vec![NAME, email], event).await.unwrap());
    assert_eq!(failures(&database, SERVER, NAME).await.unwrap(), None);
    assert_eq!(failures(&database, SERVER, email).await.unwrap(), None);
    assert!(failures(&database, SERVER, [9; 32]).await.unwrap().is_some(), "another name");
    assert_eq!(audited(&database, SERVER).await.last().map(String::as_str), Some("unlocked"));
}

async fn an_unlock_of_nothing_writes_nothing(database: Database) {
    assert!(!unlock(&database, SERVER, vec![NAME], event(1, AuditKind::Unlocked)).await.unwrap());
    assert!(audited(&database, SERVER).await.is_empty());
}

async fn users_are_listed_page_by_page(database: Database) {
    for (number, name) in (1..).zip(["ben", "anna", "åse", "anton", "carla"]) {
        add(&database, user(number, name, None), event(number, AuditKind::UserAdded), NOW).await.unwrap();
    }
    let mut other = user(9, "arne", None);
    other.server_id = OTHER_SERVER;
    add(&database, other, event(9, AuditKind::UserAdded), NOW).await.unwrap();
    let names = async |after: &str, prefix: &str, limit| {
        let page = UserPage { after: after.to_owned(), prefix: prefix.to_owned(), limit };
        let users = list(&database, SERVER, &page).await.unwrap();
        users.into_iter().map(|user| user.username_canonical).collect::<Vec<_>>()
    };
    assert_eq!(names("", "", 3).await, ["anna", "anton", "ben"]);
    assert_eq!(names("ben", "", 3).await, ["carla", "åse"]);
    assert_eq!(names("", "an", 9).await, ["anna", "anton"]);
    assert_eq!(names("anna", "an", 9).await, ["anton"]);
    assert_eq!(names("", "å", 9).await, ["åse"]);
    assert_eq!(names("", "x", 9).await, [] as [&str; 0]);
}
