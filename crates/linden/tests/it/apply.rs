//! `linden apply` beside a running server, as an operator types it.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use http::StatusCode;

use crate::program::{Shop, linden};
use test_kit::browser::Browser;

const REPORTING: &str = r#"[[client]]
server = "customers"
client_id = "reporting"
authentication_methods = ["client_secret_post"]
grant_types = ["client_credentials"]
permissions = ["READ_ITEM_LIST"]
secret = { generate = true }
"#;

fn apply(data: &Path, text: &str) -> Output {
    let file = data.with_extension("toml");
    std::fs::write(&file, text).unwrap();
    linden().arg("apply").arg(file).arg("--data-dir").arg(data).output().unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The status of a client-credentials request.
async fn asks_for_a_token(browser: &mut Browser, secret: &str) -> StatusCode {
    let fields = [("grant_type", "client_credentials"), ("client_id", "reporting"), ("client_secret", secret)];
    browser.post("/auth/oauth/token", &fields).await.unwrap().status
}

#[tokio::test]
async fn a_running_server_follows_and_a_secret_is_shown_once() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("shop");
    let shop = Shop::start(&data);
    let mut browser = Browser::at(&shop.origin);
    // So that the server remembers that there is no such client.
    assert_eq!(asks_for_a_token(&mut browser, "unknown").await, StatusCode::UNAUTHORIZED);

    let applied = apply(&data, REPORTING);
    assert!(applied.status.success(), "{}", said(&applied.stderr));
    assert!(said(&applied.stderr).contains("client: 1 created (reporting)"));
    let shown = said(&applied.stdout);
    let secret = shown.trim_end().strip_prefix("reporting ").unwrap();

    let mut answer = asks_for_a_token(&mut browser, secret).await;
    for _ in 0..100 {
        if answer == StatusCode::OK {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        answer = asks_for_a_token(&mut browser, secret).await;
    }
    assert_eq!(answer, StatusCode::OK, "the server does not follow");

    let again = apply(&data, REPORTING);
    assert!(again.status.success() && again.stdout.is_empty(), "{}", said(&again.stdout));
    assert!(said(&again.stderr).contains("nothing was written"));
    assert_eq!(asks_for_a_token(&mut browser, secret).await, StatusCode::OK);
}

#[test]
fn a_mistake_changes_nothing_and_is_told_with_its_place() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("shop");
    assert!(Shop::start(&data).interrupt());
    let applied = apply(&data, &format!("{REPORTING}\n[[role]]\nserver = \"costumers\"\nname = \"A\"\n"));
    assert_eq!(applied.status.code(), Some(1));
    let complaint = said(&applied.stderr);
    assert!(complaint.contains("shop.toml:10:10: server: there is no authorization server costumers"), "{complaint}");
    assert!(applied.stdout.is_empty(), "no secret was made");
    let applied = apply(&data, REPORTING);
    assert!(said(&applied.stderr).contains("client: 1 created (reporting)"), "the first time wrote it");
}

#[test]
fn without_a_data_directory_it_says_what_to_do() {
    let parent = tempfile::tempdir().unwrap();
    let applied = apply(&parent.path().join("nowhere"), REPORTING);
    assert_eq!(applied.status.code(), Some(1));
    assert!(said(&applied.stderr).contains("start `linden dev` once"));
}

#[test]
fn a_dry_run_tells_by_its_end_and_leaves_every_byte() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("shop");
    assert!(Shop::start(&data).interrupt());
    let file = parent.path().join("more.toml");
    std::fs::write(&file, REPORTING).unwrap();
    let apply =
        |more: &[&str]| linden().arg("apply").arg(&file).arg("--data-dir").arg(&data).args(more).output().unwrap();
    let bytes = || ["auth.db", "commerce.db"].map(|name| std::fs::read(data.join(name)).unwrap());
    let before = bytes();
    let told = apply(&["--dry-run"]);
    assert_eq!(told.status.code(), Some(3), "{}", said(&told.stderr));
    assert!(said(&told.stdout).starts_with("client reporting would be created\n"), "{}", said(&told.stdout));
    let after = bytes();
    assert_eq!([after[0] == before[0], after[1] == before[1]], [true; 2], "something was written");
    let json: serde_json::Value = serde_json::from_slice(&apply(&["--dry-run", "--json"]).stdout).unwrap();
    assert_eq!(json["created"][0]["name"], "reporting");

    let applied: serde_json::Value = serde_json::from_slice(&apply(&["--json"]).stdout).unwrap();
    assert_eq!(applied["generatedSecrets"][0]["clientId"], "reporting");
    assert_eq!(apply(&["--dry-run"]).status.code(), Some(0));
}

#[test]
fn what_is_exported_applies_elsewhere_and_exports_the_same() {
    let parent = tempfile::tempdir().unwrap();
    let (data, elsewhere) = (parent.path().join("shop"), parent.path().join("elsewhere"));
    let shop = Shop::start(&data);
    let export = |data: &Path| linden().arg("export").arg("--data-dir").arg(data).output().unwrap();
    let exported = export(&data);
    assert!(exported.status.success() && exported.stderr.is_empty(), "{}", said(&exported.stderr));
    assert!(said(&exported.stdout).contains("username = \"anna\""));
    assert!(shop.interrupt());
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::write(elsewhere.join("master.key"), [7; 32]).unwrap();
    let applied = apply(&elsewhere, &said(&exported.stdout));
    assert!(applied.status.success(), "{}", said(&applied.stderr));
    assert_eq!(said(&export(&elsewhere).stdout), said(&exported.stdout));
}
