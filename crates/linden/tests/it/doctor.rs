//! `linden doctor`: each check is seen to fail by breaking what it looks at, and nothing is ever written.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use database::{Database, SqliteOptions, Statement, params, statements};
use serde_json::Value;

use crate::command::{Ended, command};
use crate::program::Shop;

/// A port that the test's own machine may well have in use is not asked about.
const FREE: [&str; 3] = ["doctor", "--listen", "127.0.0.1:0"];

statements! {
    FROM_THE_FUTURE = "INSERT INTO schema_version (store, version, name, checksum) VALUES ('commerce', 999, 'later', 0)";
    OTHER_ISSUER = "UPDATE issuer SET issuer = 'https://elsewhere.example/auth'";
    LESS_URIS = "UPDATE client SET settings = replace(settings, '/silent-callback.html', '/other.html') \
                 WHERE client_id = 'storefront'";
    NO_ISSUER = "DELETE FROM issuer";
}

async fn change(path: &Path, statement: &Statement) {
    let database = Database::open_sqlite(SqliteOptions::new(path)).unwrap();
    database.execute(statement, params![]).await.unwrap();
    database.close().await;
}

/// A data directory of a shop that served and ended well.
fn at_rest() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    assert!(Shop::start(data.path()).interrupt());
    data
}

fn examined(data: &Path) -> (Ended, Value) {
    let ended = command(data, &[&FREE[..], &["--json"]].concat());
    let report: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("no JSON: {}", ended.stderr));
    let all_fine = report["checks"].as_array().unwrap().iter().all(|check| check["verdict"] == "fine");
    assert_eq!((report["fine"].as_bool(), ended.code == 0), (Some(all_fine), all_fine));
    (ended, report)
}

fn check(report: &Value, name: &str) -> Value {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["check"] == name).cloned().unwrap_or_else(|| panic!("no {name} in {report}"))
}

/// The check is wrong, says so in these words, and tells what to type.
#[track_caller]
fn is_wrong(data: &Path, name: &str, found: &str, advice: &str) {
    let (ended, report) = examined(data);
    assert_eq!(ended.code, 1);
    let check = check(&report, name);
    assert_eq!(check["verdict"], "wrong", "{report:#}");
    assert!(check["found"].as_str().unwrap().contains(found), "{check:#}");
    assert!(check["advice"].as_str().unwrap().contains(advice), "{check:#}");
}

fn wrong_checks(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().unwrap().iter();
    // Whether the test's program was built with the storefront is none of the directory's business.
    let wrong = checks.filter(|check| check["verdict"] == "wrong" && check["check"] != "storefront");
    wrong.map(|check| check["check"].as_str().unwrap().to_owned()).collect()
}

fn contents(directory: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    let contents = entries.map(|entry| {
        let modified = entry.metadata().unwrap().modified().unwrap();
        (entry.file_name().into_string().unwrap(), (fs::read(entry.path()).unwrap(), modified))
    });
    contents.collect()
}

#[test]
fn a_directory_at_rest_is_well_and_stays_as_it_is() {
    let data = at_rest();
    let before = contents(data.path());
    let (_, report) = examined(data.path());
    assert_eq!(wrong_checks(&report), [] as [&str; 0], "{report:#}");
    assert!(contents(data.path()) == before, "something was written");
    let names: Vec<&str> =
        report["checks"].as_array().unwrap().iter().map(|check| check["check"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "data directory",
            "files",
            "disk",
            "clock",
            "server",
            "port",
            "auth database",
            "commerce database",
            "master key",
            "issuer",
            "redirect URIs",
            "storefront"
        ]
    );
    let text = command(data.path(), &FREE).stdout;
    assert!(text.contains("fine   auth database: whole") && text.contains("all 3 keys and secrets"), "{text}");
}

#[test]
fn a_directory_in_use_names_who_serves_and_is_well() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let (_, report) = examined(data.path());
    assert_eq!(wrong_checks(&report), [] as [&str; 0], "{report:#}");
    let server = check(&report, "server");
    assert!(server["found"].as_str().unwrap().ends_with(&format!("serves {}", shop.origin)), "{server:#}");
    assert!(check(&report, "port")["found"].as_str().unwrap().contains("takes connections"));
    assert!(shop.interrupt(), "it serves on");
}

#[test]
fn what_others_can_reach_is_told_with_the_command_that_mends_it() {
    let data = at_rest();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for name in ["master.key", "auth.db", "commerce.db"] {
        let path = data.path().join(name);
        mode(&path, 0o644);
        is_wrong(data.path(), "files", "mode 0644", &format!("chmod 600 {}", path.display()));
        mode(&path, 0o600);
    }
    mode(data.path(), 0o775);
    is_wrong(data.path(), "data directory", "mode 0775", &format!("chmod 700 {}", data.path().display()));
    mode(data.path(), 0o700);
    assert_eq!(wrong_checks(&examined(data.path()).1), [] as [&str; 0]);
}

#[test]
fn a_missing_directory_is_told() {
    let parent = tempfile::tempdir().unwrap();
    is_wrong(&parent.path().join("nowhere"), "data directory", "there is no", "linden dev --data-dir");
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    is_wrong(&file, "data directory", "no directory", "--data-dir");
    assert!(!parent.path().join("nowhere").exists());
}

#[test]
fn a_missing_short_or_foreign_master_key_is_told() {
    let data = at_rest();
    let key = data.path().join("master.key");
    let right = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    is_wrong(data.path(), "master key", "there is no", "put back the key");
    for (bytes, found) in [(vec![1; 31], "exactly 32 bytes"), (vec![7; 32], "another master key")] {
        fs::write(&key, bytes).unwrap();
        is_wrong(data.path(), "master key", found, "put back the key");
    }
    fs::write(&key, right).unwrap();
    assert_eq!(check(&examined(data.path()).1, "master key")["verdict"], "fine");
}

#[tokio::test]
async fn missing_damaged_and_newer_databases_are_told() {
    let data = at_rest();
    change(&data.path().join("commerce.db"), &FROM_THE_FUTURE).await;
    is_wrong(data.path(), "commerce database", "version 999", "install the version of linden");
    let auth = data.path().join("auth.db");
    let mut bytes = fs::read(&auth).unwrap();
    bytes[4096 + 8..].fill(0x5a);
    fs::write(&auth, bytes).unwrap();
    is_wrong(data.path(), "auth database", "auth.db", "from a backup");
    fs::write(&auth, "this is no database").unwrap();
    is_wrong(data.path(), "auth database", "auth.db", "from a backup");
    fs::remove_file(&auth).unwrap();
    is_wrong(data.path(), "auth database", "there is no such file", "linden dev makes it");
}

#[tokio::test]
async fn addresses_that_do_not_fit_are_told() {
    let data = at_rest();
    let auth = data.path().join("auth.db");
    change(&auth, &LESS_URIS).await;
    is_wrong(data.path(), "redirect URIs", "/silent-callback.html", "redirect_uris of the client storefront");
    change(&auth, &OTHER_ISSUER).await;
    is_wrong(data.path(), "issuer", "https://elsewhere.example/auth", "--public-origin");
    change(&auth, &NO_ISSUER).await;
    is_wrong(data.path(), "issuer", "no authorization server", "linden apply");
}

#[test]
fn a_port_in_use_is_told_with_its_process() {
    let data = at_rest();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = command(data.path(), &["doctor", "--listen", &address]);
    let expected = format!("WRONG  port: {address} is in use by process {}", std::process::id());
    assert!(ended.code == 1 && ended.stdout.contains(&expected), "{}", ended.stdout);
    assert!(ended.stdout.contains("-> stop that one, or choose another address"), "{}", ended.stdout);
}

#[test]
fn a_clock_that_was_set_back_is_told() {
    let data = at_rest();
    let file = fs::File::options().append(true).open(data.path().join("auth.db")).unwrap();
    let written = file.metadata().unwrap().modified().unwrap();
    file.set_modified(written + Duration::from_secs(3600)).unwrap();
    is_wrong(data.path(), "clock", "was set back", "set the clock");
}
