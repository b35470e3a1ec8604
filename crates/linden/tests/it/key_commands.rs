//! `linden keys …` beside a running server.

use std::path::Path;
use std::time::{Duration, Instant};

use test_kit::browser::Browser;

use crate::command::command;
use crate::program::Shop;

fn listed(data: &Path) -> Vec<(String, String)> {
    let listed = command(data, &["keys", "list", "--json"]).json();
    let keys = listed["content"].as_array().unwrap().iter();
    keys.map(|key| (key["state"].as_str().unwrap().to_owned(), key["keyId"].as_str().unwrap().to_owned())).collect()
}

fn states(data: &Path) -> Vec<String> {
    listed(data).into_iter().map(|(state, _)| state).collect()
}

#[tokio::test]
async fn a_key_is_published_signs_and_retires() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    assert_eq!(states(data.path()), ["signs"]);
    let first = listed(data.path())[0].1.clone();
    for (args, says) in [
        (&["keys", "retire", &first][..], "the only key that signs ES256"),
        (
            &["keys", "retire", &first, "--now"],
            "the only key that signs ES256: make another first with `linden keys rotate",
        ),
        (&["keys", "retire", "nobody"], "there is no such key: `linden keys list` shows which there are"),
        (&["keys", "rotate", "--algorithm", "EdDSA"], "the server has no EdDSA key"),
    ] {
        let refused = command(data.path(), args);
        assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{args:?}");
        assert!(refused.stderr.contains(says), "{args:?}: {}", refused.stderr);
    }
    assert_eq!(command(data.path(), &["keys", "rotate", "--algorithm", "none"]).code, 2);

    let made = command(data.path(), &["keys", "rotate", "--json"]).json();
    assert_eq!(made["content"][0]["outcome"], "made");
    let next = made["content"][0]["keyId"].as_str().unwrap();
    assert_eq!(listed(data.path()), [("next".into(), next.to_owned()), ("signs".into(), first.clone())]);
    let early = command(data.path(), &["keys", "retire", &first]);
    assert!(early.stderr.contains("`linden keys rotate` makes its successor"), "{}", early.stderr);
    let again = command(data.path(), &["keys", "rotate", "--json"]).json();
    assert_eq!((&again["content"][0]["outcome"], &again["content"][0]["keyId"]), (&"waiting".into(), &next.into()));
    let forward = command(data.path(), &["keys", "rotate", "--sign-after", "0"]);
    assert!(forward.stdout.contains(&format!("ES256 key {next} waited already and was brought forward")));
    assert_eq!(states(data.path()), ["signs", "verifies"]);

    let kept = command(data.path(), &["keys", "retire", &first]);
    assert!(kept.stderr.contains("it retires by itself at 20"), "{}", kept.stderr);
    let retired = command(data.path(), &["keys", "retire", &first, "--now"]);
    assert!(
        retired.stdout.contains("within 5 minutes, or 60 where the server cannot be reached"),
        "{}",
        retired.stderr
    );
    assert_eq!(states(data.path()), ["signs", "retired"]);
    assert!(command(data.path(), &["keys", "retire", &first]).stderr.contains("it is retired already"));

    let mut browser = Browser::at(&shop.origin);
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let published = browser.get("/auth/oauth/jwks").await.unwrap().json();
        let ids: Vec<&str> =
            published["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
        if ids == [next] {
            return;
        }
        assert!(Instant::now() < deadline, "the running server publishes {ids:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn under_former(data: &Path) -> u64 {
    command(data, &["keys", "rewrap", "--json"]).json()["rows"].as_u64().unwrap()
}

/// The guest's call goes through the gateway, whose secret is derived from the master key.
async fn guests_are_served(origin: &str) -> bool {
    let answer = Browser::at(origin).get("/api/cart/item-lists?page=0&size=1").await;
    answer.is_some_and(|answer| answer.status == 200)
}

#[tokio::test]
async fn the_master_key_is_changed_beside_a_running_server() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let mut signed_in = Browser::at(&shop.origin);
    signed_in.sign_in(test_kit::browser::ANNA).await.unwrap();
    let key = |name: &str| std::fs::read(data.path().join(name)).unwrap();
    let former = key("master.key");

    let changed = command(data.path(), &["keys", "rewrap", "--new-master-key", "--json"]).json();
    assert_eq!((&changed["rows"], &changed["derivedSecrets"]), (&3.into(), &1.into()));
    assert_ne!(key("master.key"), former);
    assert_eq!(std::fs::read(changed["formerKeyFile"].as_str().unwrap()).unwrap(), former);
    assert_eq!(under_former(data.path()), 0);
    assert!(guests_are_served(&shop.origin).await && signed_in.is_signed_in().await);

    // The next key is sealed under the new master key; no other is needed.
    std::fs::remove_file(changed["formerKeyFile"].as_str().unwrap()).unwrap();
    command(data.path(), &["keys", "rotate", "--sign-after", "0", "--json"]).json();
    let listen = format!("127.0.0.1:{}", shop.port());
    assert!(shop.interrupt());
    let shop = Shop::start_on(data.path(), &listen, &[]);
    assert!(guests_are_served(&shop.origin).await && signed_in.reopened().is_signed_in().await);
    assert!(command(data.path(), &["doctor"]).stdout.contains("fine   master key"));
}

/// Whatever it was at when it was killed, the keys that are there open everything, and doing it again ends it.
#[tokio::test]
async fn a_change_of_the_master_key_that_is_killed_is_done_again() {
    let rounds = if std::env::var_os("LINDEN_TEST_LONG").is_some() { 100 } else { 8 };
    let data = tempfile::tempdir().unwrap();
    drop(Shop::start(data.path()));
    let begun = Instant::now();
    command(data.path(), &["keys", "rewrap", "--new-master-key", "--json"]).json();
    let whole = begun.elapsed();
    for round in 0..rounds {
        let mut child = crate::program::linden()
            .args(["keys", "rewrap", "--new-master-key", "--data-dir"])
            .arg(data.path())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * (round + 1) / rounds);
        child.kill().ok();
        child.wait().unwrap();
        let found = command(data.path(), &["doctor"]).stdout;
        assert!(found.contains("fine   master key: opens all"), "round {round}: {found}");
    }
    command(data.path(), &["keys", "rewrap", "--new-master-key", "--json"]).json();
    for entry in std::fs::read_dir(data.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains("master.key.") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let shop = Shop::start(data.path());
    assert!(guests_are_served(&shop.origin).await, "the last key alone opens everything");
}
