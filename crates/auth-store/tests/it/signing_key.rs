use auth_core::time::Span;
use auth_protocol::id::ServerId;
use auth_protocol::jws::Algorithm;
use auth_store::Database;
use auth_store::signing_key::{SealedKey, add_first_key, keys, secret};
use database::{params, statements};
use tokio::task::JoinSet;

use crate::engines::on_both_engines;
use crate::seed::{NOW, OTHER_SERVER, SERVER, bytes, write};

statements! {
    ADD_KEY = "INSERT INTO signing_key (server_id, key_id, algorithm, private_key, created_at) VALUES ($1, $2, 'ES256', $3, $4)";
}

on_both_engines! {
    the_newest_key_comes_first
    each_algorithm_has_a_first_key
    of_twenty_nodes_that_make_a_first_key_one_wins
    a_new_key_is_news_for_every_node
    a_secret_is_made_once_whoever_comes_first
    servers_and_purposes_have_secrets_of_their_own
}

fn key(id: &str, algorithm: Algorithm) -> SealedKey {
    SealedKey { key_id: id.to_owned(), algorithm, sealed_private_key: bytes::<64>(1).to_vec() }
}

async fn ids(database: &Database, server: ServerId) -> Vec<String> {
    keys(database, server).await.unwrap().into_iter().map(|key| key.key_id).collect()
}

async fn the_newest_key_comes_first(database: Database) {
    for (server, id, at) in
        [(SERVER, "old", NOW), (SERVER, "new", NOW + Span::seconds(1)), (OTHER_SERVER, "other", NOW)]
    {
        write(&database, &ADD_KEY, params![server.bytes(), id, [1_u8; 64], at.0]).await;
    }
    assert_eq!(ids(&database, SERVER).await, ["new", "old"]);
    let first = &keys(&database, SERVER).await.unwrap()[0];
    assert_eq!((first.algorithm, first.sealed_private_key.len()), (Algorithm::Es256, 64));
}

async fn each_algorithm_has_a_first_key(database: Database) {
    for (id, algorithm) in [("a", Algorithm::Es256), ("b", Algorithm::Rs256), ("c", Algorithm::EdDsa)] {
        assert!(add_first_key(&database, SERVER, &key(id, algorithm), NOW).await.unwrap());
        assert!(!add_first_key(&database, SERVER, &key("late", algorithm), NOW).await.unwrap());
    }
    assert!(add_first_key(&database, OTHER_SERVER, &key("a", Algorithm::Es256), NOW).await.unwrap());
    assert_eq!(ids(&database, SERVER).await, ["a", "b", "c"]);
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
        tasks.spawn(async move { secret(&database, SERVER, "csrf", bytes::<32>(number).to_vec(), NOW).await.unwrap() });
    }
    let all = tasks.join_all().await;
    assert!(all.iter().all(|one| *one == all[0]), "two nodes would refuse each other's forms");
}

async fn servers_and_purposes_have_secrets_of_their_own(database: Database) {
    let csrf = secret(&database, SERVER, "csrf", vec![1], NOW).await.unwrap();
    let requests = secret(&database, SERVER, "requests", vec![2], NOW).await.unwrap();
    let elsewhere = secret(&database, OTHER_SERVER, "csrf", vec![3], NOW).await.unwrap();
    assert_eq!((csrf, requests, elsewhere), (vec![1], vec![2], vec![3]));
    assert_eq!(secret(&database, SERVER, "csrf", vec![9], NOW).await.unwrap(), vec![1]);
}
