//! Starting, and being refused with a reason that says what to do.

use std::net::TcpListener;

use crate::program::{Shop, linden, output};
use test_kit::browser::{ANNA, Browser};

fn refused(args: &[&str]) -> String {
    let output = output(args);
    assert!(!output.status.success(), "{args:?} was not refused");
    assert!(output.stdout.is_empty(), "stdout is for ready lines only");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_port_in_use_is_said_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let data = tempfile::tempdir().unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(&["dev", "--listen", &address, "--data-dir", data.path().to_str().unwrap()]);
    assert!(said.contains("in use by another program") && said.contains("--listen"), "{said}");
}

#[test]
fn a_second_start_on_one_data_directory_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let said = refused(&["dev", "--listen", "127.0.0.1:0", "--data-dir", data.path().to_str().unwrap()]);
    assert!(said.contains("in use by process") && said.contains(&shop.origin), "{said}");
    assert!(shop.interrupt());
}

#[test]
fn a_wrong_or_missing_master_key_is_refused_and_nothing_is_changed() {
    let data = tempfile::tempdir().unwrap();
    assert!(Shop::start(data.path()).interrupt());
    let key = data.path().join("master.key");
    let right = std::fs::read(&key).unwrap();
    let start = ["dev", "--listen", "127.0.0.1:0", "--data-dir", data.path().to_str().unwrap()];

    std::fs::write(&key, [7; 32]).unwrap();
    assert!(refused(&start).contains("another master key"));
    std::fs::remove_file(&key).unwrap();
    assert!(refused(&start).contains("put back the key"));
    std::fs::write(&key, right).unwrap();
    assert!(Shop::start(data.path()).interrupt());
}

#[tokio::test]
async fn a_data_directory_of_a_newer_version_is_refused() {
    let data = tempfile::tempdir().unwrap();
    assert!(Shop::start(data.path()).interrupt());
    let options = database::SqliteOptions::new(data.path().join("auth.db"));
    let database = database::Database::open_sqlite(options).unwrap();
    database.execute(&FROM_THE_FUTURE, database::params![]).await.unwrap();
    database.close().await;
    let said = refused(&["dev", "--listen", "127.0.0.1:0", "--data-dir", data.path().to_str().unwrap()]);
    assert!(said.contains("newer"), "{said}");
}

database::statements! {
    FROM_THE_FUTURE = "INSERT INTO schema_version (store, version, name, checksum) VALUES ('auth', 999, 'later', 0)";
}

#[test]
fn an_address_that_others_reach_needs_tls() {
    let data = tempfile::tempdir().unwrap();
    let said = refused(&["dev", "--listen", "0.0.0.0:0", "--data-dir", data.path().to_str().unwrap()]);
    assert!(said.contains("--tls-certificate"), "{said}");
}

#[test]
fn a_broken_file_is_told_with_its_place_and_starts_nothing() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("broken.toml");
    std::fs::write(&file, "[[client]]\nserver = \"customers\"\nclient_id = \"x\"\ncolour = \"red\"\n").unwrap();
    let shop = data.path().join("shop");
    let said = refused(&[
        "dev",
        "--listen",
        "127.0.0.1:0",
        "--data-dir",
        shop.to_str().unwrap(),
        "--with",
        file.to_str().unwrap(),
    ]);
    assert!(said.contains("broken.toml:4:1") && said.contains("colour"), "{said}");
}

#[test]
fn a_command_that_is_none_is_refused() {
    let output = linden().arg("sell").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test]
async fn stopped_and_started_again_the_same_keys_and_still_signed_in() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let listen = format!("127.0.0.1:{}", shop.port());
    let mut browser = Browser::at(&shop.origin);
    browser.sign_in(ANNA).await.unwrap();
    let keys = browser.get("/auth/oauth/jwks").await.unwrap().body;
    assert!(shop.interrupt(), "Ctrl-C is a good end");
    let shop = Shop::start_on(data.path(), &listen, &[]);
    let mut browser = browser.reopened();
    assert_eq!(browser.get("/auth/oauth/jwks").await.unwrap().body, keys);
    assert!(browser.is_signed_in().await);
    drop(shop);
}
