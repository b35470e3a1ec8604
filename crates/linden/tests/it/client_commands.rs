//! `linden client …` and `linden keys …` beside a running server.

use std::time::{Duration, Instant};

use http::StatusCode;
use serde_json::Value;

use crate::command::command;
use crate::program::Shop;
use test_kit::browser::Browser;

async fn token(browser: &mut Browser, secret: &str) -> StatusCode {
    let fields = [("grant_type", "client_credentials"), ("client_id", "reporting"), ("client_secret", secret)];
    browser.post("/auth/oauth/token", &fields).await.unwrap().status
}

/// Until the running server gives this answer; it follows within a second.
async fn becomes(browser: &mut Browser, secret: &str, status: StatusCode) {
    let begun = Instant::now();
    while token(browser, secret).await != status {
        assert!(begun.elapsed() < Duration::from_secs(30), "the server does not follow");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn an_added_client_gets_a_token_from_the_running_server() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let mut browser = Browser::at(&shop.origin);
    assert_eq!(token(&mut browser, "none yet").await, StatusCode::UNAUTHORIZED);
    let args = ["client", "add", "reporting", "--permission", "READ_ITEM_LIST", "--secret-in-form", "--json"];
    let added = command(data.path(), &args).json();
    assert_eq!(added["issuer"], format!("{}/auth", shop.origin));
    becomes(&mut browser, added["secret"].as_str().unwrap(), StatusCode::OK).await;
    let again = command(data.path(), &args);
    assert!(again.code == 1 && again.stdout.is_empty() && again.stderr.contains("there is a client reporting"));
    assert_eq!(token(&mut browser, added["secret"].as_str().unwrap()).await, StatusCode::OK, "the secret stays");
}

#[tokio::test]
async fn a_rotated_secret_and_for_a_while_the_former_one_count_at_the_running_server() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let mut browser = Browser::at(&shop.origin);
    let add = ["client", "add", "reporting", "--permission", "READ_ITEM_LIST", "--secret-in-form", "--json"];
    let first = command(data.path(), &add).json()["secret"].as_str().unwrap().to_owned();
    becomes(&mut browser, &first, StatusCode::OK).await;
    let rotate = |more: &[&str]| {
        let args = [&["client", "rotate-secret", "reporting", "--json"], more].concat();
        command(data.path(), &args).json()
    };
    let second = rotate(&[]);
    assert_eq!(second["formerSecrets"], 1);
    let second = second["secret"].as_str().unwrap().to_owned();
    becomes(&mut browser, &second, StatusCode::OK).await;
    assert_eq!(token(&mut browser, &first).await, StatusCode::OK, "the overlap");
    let third = rotate(&["--overlap-hours", "0"])["secret"].as_str().unwrap().to_owned();
    becomes(&mut browser, &third, StatusCode::OK).await;
    for former in [&first, &second] {
        becomes(&mut browser, former, StatusCode::UNAUTHORIZED).await;
    }
    let told = command(data.path(), &["client", "rotate-secret", "reporting"]).stdout;
    assert!(told.contains("a file that declares the former secret must be changed too"), "{told}");
}

#[test]
fn a_public_client_has_no_secret() {
    let data = tempfile::tempdir().unwrap();
    assert!(Shop::start(data.path()).interrupt());
    let added = command(
        data.path(),
        &["client", "add", "app", "--public", "--redirect-uri", "http://localhost:3000/", "--scope", "USER"],
    );
    assert_eq!(added.code, 0, "{}", added.stderr);
    assert!(added.stdout.starts_with("added client app at http://localhost:") && !added.stdout.contains("secret"));
}

#[test]
fn what_is_wrong_with_a_client_is_said() {
    let data = tempfile::tempdir().unwrap();
    assert!(Shop::start(data.path()).interrupt());
    for (args, says) in [
        (
            &["client", "add", "storefront", "--public", "--redirect-uri", "http://localhost:1/"][..],
            "there is a client storefront",
        ),
        (&["client", "add", "a b"], "letters, digits"),
        (&["client", "add", "01ARZ3NDEKTSV4RRFFQ69G5FAV"], "not shaped like a ULID"),
        (&["client", "add", "x", "--scope", "PIRATE"], "PIRATE"),
        (&["client", "add", "x", "--permission", "FLY"], "a permission is READ_"),
        (&["client", "add", "x", "--grant-type", "password"], "password"),
        (&["client", "add", "x", "--redirect-uri", "http://shop.example/#x"], "redirect_uris"),
        (&["client", "add", "x", "--public"], "client_credentials"),
        (&["client", "rotate-secret", "nobody"], "there is no client nobody"),
        (&["client", "rotate-secret", "storefront"], "authenticates without a secret"),
        (&["client", "rotate-secret", "storefront-gateway"], "derived from the master key"),
    ] {
        let ended = command(data.path(), args);
        assert_eq!(ended.code, 1, "{args:?}: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains(says), "{args:?}: {}", ended.stderr);
        assert!(ended.stdout.is_empty(), "{args:?}: {}", ended.stdout);
    }
    assert_eq!(command(data.path(), &["client", "add", "x", "--public", "--secret-in-form"]).code, 2);
    assert_eq!(command(data.path(), &["client", "rotate-secret", "x", "--overlap-hours", "2161"]).code, 2);
}

#[tokio::test]
async fn the_listed_keys_are_those_of_the_key_set_and_nothing_of_them_is_secret() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let published = Browser::at(&shop.origin).get("/auth/oauth/jwks").await.unwrap().json();
    let listed = command(data.path(), &["keys", "list", "--json"]).json();
    let keys = listed["content"].as_array().unwrap();
    assert_eq!(keys[0]["keyId"], published["keys"][0]["kid"]);
    assert_eq!((&keys[0]["algorithm"], &keys[0]["state"]), (&Value::from("ES256"), &Value::from("signs")));
    let fields: Vec<&String> = keys[0].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["algorithm", "createdAt", "keyId", "signsFrom", "state"]);
    assert!(command(data.path(), &["keys", "list"]).stdout.contains("ES256  signs since 20"));
}

/// Every command says what to do when there is nothing to work on, or nothing that it understands.
#[tokio::test]
async fn a_directory_that_cannot_be_worked_on_is_refused() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("shop");
    let commands: [&[&str]; 9] = [
        &["user", "add", "carla", "--generate-password"],
        &["user", "set-password", "anna", "--generate-password"],
        &["user", "unlock", "anna"],
        &["user", "list"],
        &["client", "add", "x"],
        &["client", "rotate-secret", "x"],
        &["keys", "list"],
        &["keys", "rotate"],
        &["keys", "retire", "x"],
    ];
    let refused = |says: &str| {
        for args in commands {
            let ended = command(&data, args);
            assert_eq!(ended.code, 1, "{args:?}");
            assert!(ended.stderr.contains(says) && ended.stdout.is_empty(), "{args:?}: {}", ended.stderr);
        }
    };
    refused("start `linden dev` once");
    std::fs::create_dir(&data).unwrap();
    refused("there are no databases in");
    assert!(Shop::start(&data).interrupt());
    let database = database::Database::open_sqlite(database::SqliteOptions::new(data.join("auth.db"))).unwrap();
    database.execute(&FROM_THE_FUTURE, database::params![]).await.unwrap();
    database.close().await;
    refused("use the newer program");
}

database::statements! {
    FROM_THE_FUTURE = "INSERT INTO schema_version (store, version, name, checksum) VALUES ('auth', 999, 'later', 0)";
}
