//! `linden user …` beside a running server, as an operator types it.

use std::time::Duration;

use http::StatusCode;

use crate::command::{command, command_with_stdin};
use crate::program::Shop;
use test_kit::browser::{ANNA, Browser};

const NEW: &str = "seven quiet boats";

#[tokio::test]
async fn an_added_user_signs_in_at_the_running_server_and_is_a_customer() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let options =
        ["user", "add", "Carla", "--email", "carla@fjord.example", "--name", "Carla Lund", "--role", "SHOPPER"];
    let added = command_with_stdin(
        data.path(),
        &[&options[..], &["--password-stdin", "--json"]].concat(),
        "seven quiet boats\n",
    );
    let added = added.json();
    assert_eq!(added["username"], "Carla");
    assert_eq!(added.get("password"), None, "a password that was given is not told");

    for name in ["carla", "CARLA@fjord.example"] {
        let mut browser = Browser::at(&shop.origin);
        let code = browser.sign_in((name, NEW)).await.unwrap();
        let tokens = browser.redeem(&code).await.unwrap().json();
        let customer = added["customerId"].as_str().unwrap();
        let request = http::Request::get(format!("{}/api/customer/accounts/mine", shop.origin))
            .header("authorization", format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
        let answer = browser.try_send(request, String::new()).await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{customer}: {}", answer.body);
    }
    let listed = command(data.path(), &["user", "list", "--json"]).json();
    let names: Vec<&str> =
        listed["content"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["anna", "ben", "Carla"]);
}

#[tokio::test]
async fn a_generated_password_is_told_once_and_works() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let added =
        command(data.path(), &["user", "add", "doris", "--email", "doris@fjord.example", "--generate-password"]);
    assert_eq!(added.code, 0, "{}", added.stderr);
    let password = added.stdout.lines().find_map(|line| line.strip_prefix("password ")).unwrap();
    assert_eq!(password.len(), 24);
    assert!(Browser::at(&shop.origin).sign_in(("doris", password)).await.is_some());
}

#[tokio::test]
async fn a_new_password_signs_the_user_out_and_the_old_one_is_none_any_more() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let mut browser = Browser::at(&shop.origin);
    let code = browser.sign_in(ANNA).await.unwrap();
    let set = command_with_stdin(data.path(), &["user", "set-password", "ANNA", "--password-stdin", "--json"], NEW);
    assert_eq!(set.json()["sessionsEnded"], 1);
    assert!(!browser.is_signed_in().await);
    assert_eq!(browser.redeem(&code).await.unwrap().json()["error"], "invalid_grant", "its grant ended with it");
    assert!(Browser::at(&shop.origin).sign_in(ANNA).await.is_none());
    assert!(Browser::at(&shop.origin).sign_in(("anna", NEW)).await.is_some());
}

#[tokio::test]
async fn a_locked_user_is_listed_so_and_unlocked_under_every_name() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("strict.toml");
    let strict = include_str!("../../demo/shop.toml").split("# What clients ask for.").next().unwrap();
    let locked =
        format!("{strict}\n[authorization_server.lock_out]\nfailed_sign_ins_allowed = 1\nduration_minutes = 0\n");
    std::fs::write(&file, locked).unwrap();
    let data = data.path().join("shop");
    let shop = Shop::start(&data);
    let applied = command(&data, &["apply", file.to_str().unwrap()]);
    assert_eq!(applied.code, 0, "{}", applied.stderr);
    tokio::time::sleep(Duration::from_millis(2500)).await;

    for name in ["anna", "anna@fjord.example"] {
        for _ in 0..2 {
            assert!(Browser::at(&shop.origin).sign_in((name, "wrong")).await.is_none());
        }
        assert!(Browser::at(&shop.origin).sign_in((name, ANNA.1)).await.is_none(), "{name} is not locked");
    }
    let locked_names = || {
        let listed = command(&data, &["user", "list", "--json"]).json();
        let users = listed["content"].as_array().unwrap().clone();
        users.iter().filter(|user| user["locked"] == true).map(|user| user["username"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(locked_names(), ["\"anna\""]);
    assert_eq!(command(&data, &["user", "unlock", "anna@fjord.example", "--json"]).json()["hadFailures"], true);
    assert_eq!(locked_names(), [] as [&str; 0]);
    for name in ["anna", "anna@fjord.example"] {
        assert!(Browser::at(&shop.origin).sign_in((name, ANNA.1)).await.is_some(), "{name}");
    }
    let again = command(&data, &["user", "unlock", "anna"]);
    assert!(again.code == 0 && again.stdout.contains("nothing was changed"), "{}", again.stdout);
}

#[test]
fn a_long_list_comes_in_pages() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let first = command(data.path(), &["user", "list", "--limit", "1"]);
    assert!(first.stdout.contains("anna@fjord.example") && first.stdout.contains("--after anna"), "{}", first.stdout);
    let second = command(data.path(), &["user", "list", "--limit", "1", "--after", "anna", "--json"]).json();
    assert_eq!(second["content"][0]["username"], "ben");
    assert_eq!(second.get("cursor"), None);
    let be = command(data.path(), &["user", "list", "--starting-with", "BE", "--json"]).json();
    assert_eq!(be["content"].as_array().unwrap().len(), 1);
    assert!(shop.interrupt());
}

/// Each is refused with a sentence that says what to do, and nothing is written.
#[test]
fn what_is_wrong_is_said_and_changes_nothing() {
    let data = tempfile::tempdir().unwrap();
    assert!(Shop::start(data.path()).interrupt());
    let before = command(data.path(), &["user", "list", "--json"]).stdout;
    let long = "x".repeat(1025);
    let email = ["--email", "carla@fjord.example", "--password-stdin"];
    let add = |name: &'static str, more: &[&'static str]| [&["user", "add", name][..], more].concat();
    let set = ["user", "set-password", "anna", "--password-stdin"].to_vec();
    for (args, stdin, says) in [
        (add("anna", &email), NEW.as_bytes(), "anna belongs to a user already"),
        (add("ANNA@fjord.example", &["--password-stdin"]), NEW.as_bytes(), "belongs to a user already"),
        (
            add("carla", &["--email", "Anna@Fjord.example", "--password-stdin"]),
            NEW.as_bytes(),
            "belongs to a user already",
        ),
        (add("doris@fjord.example", &email), NEW.as_bytes(), "the user's own `email`"),
        (add("carla", &["--password-stdin"]), NEW.as_bytes(), "email: a customer needs one"),
        (add("car la", &email), NEW.as_bytes(), "characters that a name cannot have"),
        (add("", &email), NEW.as_bytes(), "empty"),
        (add("carla", &["--email", "carla", "--password-stdin"]), NEW.as_bytes(), "no e-mail address"),
        (add("carla", &[&email[..], &["--role", "KING"]].concat()), NEW.as_bytes(), "called KING"),
        (add("carla", &[&email[..], &["--permission", "FLY"]].concat()), NEW.as_bytes(), "a permission is READ_"),
        (add("carla", &[&email[..], &["--name", "${origin}\u{7}"]].concat()), NEW.as_bytes(), "control characters"),
        (
            add("carla", &[&email[..], &["--server", "staff"]].concat()),
            NEW.as_bytes(),
            "--server must be one of customers",
        ),
        (add("carla", &email), b"", "the password is empty"),
        (add("carla", &email), b"\n", "the password is empty"),
        (add("carla", &email), long.as_bytes(), "longer than 1024 bytes"),
        (add("carla", &email), b"\xff\xfe\n", "no UTF-8"),
        (add("carla", &email), b"a\x07b\n", "control characters"),
        (add("carla", &email), b"one\ntwo\n", "more than one line"),
        (add("carla", &["--email", "carla@fjord.example"]), b"", "--password-stdin or --generate-password"),
        (set.clone(), b"", "the password is empty"),
        (set.clone(), long.as_bytes(), "longer than 1024 bytes"),
        (vec!["user", "set-password", "nobody", "--password-stdin"], NEW.as_bytes(), "there is no user nobody"),
        (
            vec!["user", "set-password", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "--password-stdin"],
            NEW.as_bytes(),
            "there is no user",
        ),
        (vec!["user", "unlock", "nobody@fjord.example"], b"", "there is no user nobody@fjord.example"),
        (vec!["user", "unlock", "no body"], b"", "name a user by user name, e-mail address or id"),
        (vec!["user", "list", "--after", "a b"], b"", "--after contains characters"),
    ] {
        let ended = command_with_stdin(data.path(), &args, stdin);
        assert_eq!(ended.code, 1, "{args:?}: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains(says), "{args:?}: {}", ended.stderr);
        assert!(ended.stdout.is_empty(), "{args:?}: {}", ended.stdout);
        assert!(!ended.stderr.contains(NEW), "{args:?}: a password is told");
    }
    for args in [
        &["user", "list", "--limit", "0"][..],
        &["user", "list", "--limit", "1001"],
        &["user", "add", "carla", "--password", "seven"],
        &["user", "add", "carla", "--password-stdin", "--generate-password"],
        &["user"],
    ] {
        assert_eq!(command(data.path(), args).code, 2, "{args:?}");
    }
    assert_eq!(command(data.path(), &["user", "list", "--json"]).stdout, before);
}

/// Without a server running, with two servers in the directory, and with none.
#[test]
fn of_several_servers_one_is_named() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("shop");
    assert!(Shop::start(&data).interrupt());
    let file = parent.path().join("staff.toml");
    std::fs::write(
        &file,
        "[[authorization_server]]\nname = \"staff\"\ntenant = \"fjord\"\nissuer = \"http://localhost:9/auth\"\nuser_type = \"ADMIN\"\n",
    )
    .unwrap();
    let applied = command(&data, &["apply", file.to_str().unwrap()]);
    assert_eq!(applied.code, 0, "{}", applied.stderr);
    let said = command(&data, &["user", "list"]);
    assert!(
        said.code == 1 && said.stderr.contains("(customers, staff): choose one with --server NAME"),
        "{}",
        said.stderr
    );
    let added = command(&data, &["user", "add", "root", "--generate-password", "--server", "staff", "--json"]);
    assert_eq!(added.json().get("customerId"), None, "staff are no customers");
    assert!(command(&data, &["user", "list", "--server", "staff"]).stdout.contains("root"));
    assert!(!command(&data, &["user", "list", "--server", "customers"]).stdout.contains("root"));
}
