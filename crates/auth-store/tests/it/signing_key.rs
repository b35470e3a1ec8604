use auth_core::server::ServerSettings;
use auth_core::signing_key::{Key, RetireRefusal, Rotation, RotationPolicy};
use auth_core::time::{Span, Timestamp};
use auth_protocol::id::ServerId;
use auth_protocol::jws::Algorithm;
use auth_store::audit::AuditKind;
use auth_store::server_secret::find_or_add;
use auth_store::signing_key::{
    KeyDeed, NewKey, RetireError, Sealed, add_first_key, add_successor, erase_unneeded, keys, list, retire, rotate_now,
};
use auth_store::{Database, Error};
use database::{params, statements};
use tokio::task::JoinSet;

use crate::engines::on_both_engines;
use crate::seed::{NOW, OTHER_SERVER, SERVER, audited, bytes, event};
use crate::sweep::{fence, lost_fence};

const DAY: Span = Span::minutes(24 * 60);

statements! {
    PRIVATE_KEY = "SELECT private_key FROM signing_key WHERE server_id = $1 AND key_id = $2";
}

on_both_engines! {
    the_key_that_signs_last_comes_first
    each_algorithm_has_a_first_key
    of_twenty_nodes_that_make_a_first_key_one_wins
    a_new_key_is_news_for_every_node
    a_secret_is_made_once_whoever_comes_first
    servers_and_purposes_have_secrets_of_their_own
    of_twenty_nodes_that_rotate_one_makes_the_key
    of_twenty_operators_who_rotate_one_makes_the_key
    whoever_brings_a_key_forward_is_heard_once
    what_is_not_due_is_not_done
    a_retired_key_is_erased_and_its_id_stays
    a_key_that_nobody_needs_is_erased
    a_node_that_lost_the_lease_rotates_nothing
    of_two_keys_that_are_retired_at_once_one_stays
}

fn sealed(bytes: &[u8]) -> Sealed {
    Sealed { master_key_id: "1234".to_owned(), bytes: bytes.to_vec() }
}

fn key(id: &str, algorithm: Algorithm) -> NewKey {
    NewKey { key_id: id.to_owned(), algorithm, private_key: sealed(&bytes::<64>(1)) }
}

async fn ids(database: &Database, server: ServerId) -> Vec<String> {
    keys(database, server).await.unwrap().into_iter().map(|key| key.key.key_id).collect()
}

fn policy() -> RotationPolicy {
    RotationPolicy::of(&ServerSettings::default())
}

fn deed(number: u16, now: Timestamp) -> KeyDeed {
    KeyDeed { server: SERVER, event: event(number, AuditKind::SigningKeyRotated), now }
}

/// A key that signs and one that follows in a day.
async fn two_keys(database: &Database) {
    add_first_key(database, SERVER, &key("old", Algorithm::Es256), NOW).await.unwrap();
    let rotation = rotate_now(database, DAY, &key("new", Algorithm::Es256), &deed(1, NOW)).await.unwrap();
    assert_eq!(rotation, Rotation::Make { activates_at: NOW + DAY });
}

async fn generation(database: &Database) -> i64 {
    auth_store::generation::read(database).await.unwrap()
}

async fn the_key_that_signs_last_comes_first(database: Database) {
    two_keys(&database).await;
    add_first_key(&database, OTHER_SERVER, &key("other", Algorithm::Es256), NOW).await.unwrap();
    assert_eq!(ids(&database, SERVER).await, ["new", "old"]);
    let first = &keys(&database, SERVER).await.unwrap()[0];
    assert_eq!(first.private_key, sealed(&bytes::<64>(1)));
    let expected = Key {
        key_id: "new".to_owned(),
        algorithm: Algorithm::Es256,
        created_at: NOW,
        activates_at: NOW + DAY,
        retired_at: None,
    };
    assert_eq!(first.key, expected);
}

async fn each_algorithm_has_a_first_key(database: Database) {
    for (id, algorithm) in [("a", Algorithm::Es256), ("b", Algorithm::Rs256), ("c", Algorithm::EdDsa)] {
        assert!(add_first_key(&database, SERVER, &key(id, algorithm), NOW).await.unwrap());
        assert!(!add_first_key(&database, SERVER, &key("late", algorithm), NOW).await.unwrap());
    }
    assert!(add_first_key(&database, OTHER_SERVER, &key("a", Algorithm::Es256), NOW).await.unwrap());
    assert_eq!(ids(&database, SERVER).await, ["c", "b", "a"]);
    assert_eq!(ids(&database, OTHER_SERVER).await, ["a"]);
}

async fn of_twenty_nodes_that_make_a_first_key_one_wins(database: Database) {
    let mut tasks = JoinSet::new();
    for number in 0..20 {
        let database = database.clone();
        let key = key(&format!("key {number}"), Algorithm::Rs256);
        tasks.spawn(async move { add_first_key(&database, SERVER, &key, NOW).await.unwrap() });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1);
    assert_eq!(ids(&database, SERVER).await.len(), 1);
}

/// Otherwise a second node would not publish the key until something else was configured.
async fn a_new_key_is_news_for_every_node(database: Database) {
    let before = auth_store::generation::read(&database).await.unwrap();
    for id in ["won", "lost"] {
        add_first_key(&database, SERVER, &key(id, Algorithm::Es256), NOW).await.unwrap();
        assert_eq!(auth_store::generation::read(&database).await.unwrap(), before + 1, "{id}");
    }
}

async fn a_secret_is_made_once_whoever_comes_first(database: Database) {
    let mut tasks = JoinSet::new();
    for number in 0..20 {
        let database = database.clone();
        tasks.spawn(
            async move { find_or_add(&database, SERVER, "csrf", sealed(&bytes::<32>(number)), NOW).await.unwrap() },
        );
    }
    let all = tasks.join_all().await;
    assert!(all.iter().all(|one| *one == all[0]), "two nodes would refuse each other's forms");
}

async fn servers_and_purposes_have_secrets_of_their_own(database: Database) {
    let secret = async |server, purpose, candidate: u8| {
        find_or_add(&database, server, purpose, sealed(&[candidate]), NOW).await.unwrap().bytes
    };
    assert_eq!(secret(SERVER, "csrf", 1).await, [1]);
    assert_eq!(secret(SERVER, "requests", 2).await, [2]);
    assert_eq!(secret(OTHER_SERVER, "csrf", 3).await, [3]);
    assert_eq!(secret(SERVER, "csrf", 9).await, [1]);
}

async fn of_twenty_nodes_that_rotate_one_makes_the_key(database: Database) {
    add_first_key(&database, SERVER, &key("old", Algorithm::Es256), NOW).await.unwrap();
    let before = generation(&database).await;
    let due = NOW + Span(89 * DAY.0);
    let (fence, mut tasks) = (fence(&database).await, JoinSet::new());
    for number in 0..20 {
        let (database, key) = (database.clone(), key(&format!("key {number}"), Algorithm::Es256));
        let fence = fence.clone();
        tasks
            .spawn(async move { add_successor(&database, &fence, &policy(), &key, &deed(number, due)).await.unwrap() });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1);
    let kept = list(&database, SERVER).await.unwrap();
    assert_eq!((kept.len(), kept[0].activates_at), (2, NOW + Span(90 * DAY.0)));
    assert_eq!(audited(&database, SERVER).await, ["signing_key_rotated"]);
    assert_eq!(generation(&database).await, before + 1, "every node publishes it");
}

async fn of_twenty_operators_who_rotate_one_makes_the_key(database: Database) {
    add_first_key(&database, SERVER, &key("old", Algorithm::Es256), NOW).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..20 {
        let (database, key) = (database.clone(), key(&format!("key {number}"), Algorithm::Es256));
        tasks.spawn(async move { rotate_now(&database, DAY, &key, &deed(number, NOW)).await.unwrap() });
    }
    let made = |rotation: &Rotation| matches!(rotation, Rotation::Make { .. });
    assert_eq!(tasks.join_all().await.iter().filter(|rotation| made(rotation)).count(), 1);
    assert_eq!(ids(&database, SERVER).await.len(), 2);
}

async fn whoever_brings_a_key_forward_is_heard_once(database: Database) {
    two_keys(&database).await;
    let hour = Span::minutes(60);
    let another = key("another", Algorithm::Es256);
    let forward = rotate_now(&database, hour, &another, &deed(2, NOW)).await.unwrap();
    assert_eq!(forward, Rotation::BringForward { key_id: "new".into(), activates_at: NOW + hour });
    let before = generation(&database).await;
    let waits = rotate_now(&database, hour, &another, &deed(3, NOW)).await.unwrap();
    assert_eq!(waits, Rotation::Waiting { key_id: "new".into(), activates_at: NOW + hour });
    assert_eq!(generation(&database).await, before, "nothing was done");
    assert_eq!(keys(&database, SERVER).await.unwrap()[0].key.activates_at, NOW + hour);
    assert_eq!(audited(&database, SERVER).await.len(), 2);
}

async fn what_is_not_due_is_not_done(database: Database) {
    two_keys(&database).await;
    let (before, fence) = (generation(&database).await, fence(&database).await);
    let due = NOW + Span(89 * DAY.0);
    for (algorithm, now) in [(Algorithm::Es256, NOW + DAY), (Algorithm::Rs256, due)] {
        let another = key("another", algorithm);
        assert!(!add_successor(&database, &fence, &policy(), &another, &deed(2, now)).await.unwrap());
    }
    assert!(!erase_unneeded(&database, &fence, &policy(), "old", &deed(2, NOW + DAY)).await.unwrap());
    assert_eq!(ids(&database, SERVER).await, ["new", "old"]);
    assert_eq!(generation(&database).await, before);
}

async fn a_retired_key_is_erased_and_its_id_stays(database: Database) {
    two_keys(&database).await;
    let refused = retire(&database, &policy(), "old", false, &deed(2, NOW)).await.unwrap_err();
    assert!(matches!(refused, RetireError::Refused(RetireRefusal::Signing)));
    let before = generation(&database).await;
    retire(&database, &policy(), "old", true, &deed(3, NOW)).await.unwrap();
    assert_eq!(generation(&database).await, before + 1);
    assert_eq!(ids(&database, SERVER).await, ["new"]);
    let listed = list(&database, SERVER).await.unwrap();
    let old = listed.iter().find(|key| key.key_id == "old").unwrap();
    assert_eq!(old.retired_at, Some(NOW));
    let left = database.read_rows(&PRIVATE_KEY, params![SERVER.bytes(), "old"]).await.unwrap();
    assert_eq!(left[0].get::<Vec<u8>>(0).unwrap(), Vec::<u8>::new());
    // The successor has its turn, and an id that was there is none for a new key.
    let later = deed(4, NOW + DAY);
    rotate_now(&database, DAY, &key("old", Algorithm::Es256), &later).await.unwrap();
    assert_eq!(ids(&database, SERVER).await, ["new"]);
    assert_eq!(audited(&database, SERVER).await.len(), 2);
}

/// It may have slept through a rotation, and its idea of the time with it.
async fn a_node_that_lost_the_lease_rotates_nothing(database: Database) {
    two_keys(&database).await;
    let fence = lost_fence(&database).await;
    let (due, over) = (NOW + Span(91 * DAY.0), NOW + DAY + policy().keep + Span(7 * DAY.0));
    let another = key("another", Algorithm::Es256);
    let made = add_successor(&database, &fence, &policy(), &another, &deed(2, due)).await;
    let erased = erase_unneeded(&database, &fence, &policy(), "old", &deed(3, over)).await;
    assert!(matches!((&made, &erased), (Err(Error::LeaseLost), Err(Error::LeaseLost))), "{made:?} {erased:?}");
    assert_eq!(ids(&database, SERVER).await, ["new", "old"]);
}

async fn a_key_that_nobody_needs_is_erased(database: Database) {
    two_keys(&database).await;
    let fence = fence(&database).await;
    let over = NOW + DAY + policy().keep + Span(7 * DAY.0);
    assert!(!erase_unneeded(&database, &fence, &policy(), "old", &deed(2, over - Span(1))).await.unwrap());
    assert!(erase_unneeded(&database, &fence, &policy(), "old", &deed(3, over)).await.unwrap());
    assert!(!erase_unneeded(&database, &fence, &policy(), "old", &deed(4, over)).await.unwrap());
    assert!(!erase_unneeded(&database, &fence, &policy(), "new", &deed(5, over)).await.unwrap());
    assert_eq!(ids(&database, SERVER).await, ["new"]);
}

/// Each alone would have left the other.
async fn of_two_keys_that_are_retired_at_once_one_stays(database: Database) {
    two_keys(&database).await;
    let mut tasks = JoinSet::new();
    for (number, id) in [(2, "old"), (3, "new")] {
        let database = database.clone();
        tasks.spawn(async move { retire(&database, &policy(), id, true, &deed(number, NOW + DAY)).await.is_ok() });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|done| *done).count(), 1);
    assert_eq!(ids(&database, SERVER).await.len(), 1);
}
