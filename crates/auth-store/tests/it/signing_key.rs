use auth_core::time::Span;
use auth_protocol::jws::Algorithm;
use auth_store::Database;
use auth_store::signing_key::{SealedKey, add_key, keys, secret};
use tokio::task::JoinSet;

use crate::engines::on_both_engines;
use crate::seed::{NOW, OTHER_SERVER, SERVER, bytes};

on_both_engines! {
    the_newest_key_comes_first
    a_key_that_is_there_stays_as_it_is
    a_new_key_is_news_for_every_node
    a_secret_is_made_once_whoever_comes_first
    servers_and_purposes_have_secrets_of_their_own
}

fn key(id: &str, sealed: u16) -> SealedKey {
    SealedKey { key_id: id.to_owned(), algorithm: Algorithm::Es256, sealed_private_key: bytes::<64>(sealed).to_vec() }
}

async fn the_newest_key_comes_first(database: Database) {
    add_key(&database, SERVER, &key("old", 1), NOW).await.unwrap();
    add_key(&database, SERVER, &key("new", 2), NOW + Span::seconds(1)).await.unwrap();
    add_key(&database, OTHER_SERVER, &key("other", 3), NOW).await.unwrap();
    let found = keys(&database, SERVER).await.unwrap();
    let ids: Vec<&str> = found.iter().map(|key| key.key_id.as_str()).collect();
    assert_eq!(ids, ["new", "old"]);
    assert_eq!((found[0].algorithm, found[0].sealed_private_key.len()), (Algorithm::Es256, 64));
}

async fn a_key_that_is_there_stays_as_it_is(database: Database) {
    add_key(&database, SERVER, &key("same", 1), NOW).await.unwrap();
    add_key(&database, SERVER, &key("same", 2), NOW + Span::seconds(1)).await.unwrap();
    let found = keys(&database, SERVER).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].sealed_private_key, bytes::<64>(1));
}

/// Otherwise a second node would not publish the key until something else was configured.
async fn a_new_key_is_news_for_every_node(database: Database) {
    let before = auth_store::generation::read(&database).await.unwrap();
    add_key(&database, SERVER, &key("new", 1), NOW).await.unwrap();
    assert_eq!(auth_store::generation::read(&database).await.unwrap(), before + 1);
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
