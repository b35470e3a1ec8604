//! `linden seed` beside a running server: many users nobody knows, and only on purpose.

use crate::command::command;
use crate::program::Shop;
use test_kit::browser::Browser;

const CONSENT: &str = "--this-is-no-real-shop";

#[tokio::test]
async fn made_up_users_sign_in_with_the_password_that_is_told_and_a_second_run_adds_to_them() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let seeded = command(data.path(), &["seed", "--users", "2500", "--sessions", "1200", CONSENT, "--json"]);
    assert!(seeded.stderr.contains("2500 of 2500 users") && seeded.stderr.contains("1200 of 1200 sessions"));
    let seeded = seeded.json();
    assert_eq!((seeded["users"].as_u64(), seeded["sessions"].as_u64()), (Some(2500), Some(1200)));
    assert_eq!(seeded["firstUsername"], "made-up-0000000001");
    let password = seeded["password"].as_str().unwrap();
    for name in ["made-up-0000000001", "made-up-0000002500@shop.invalid"] {
        assert!(Browser::at(&shop.origin).sign_in((name, password)).await.is_some(), "{name}");
    }

    let more = command(data.path(), &["seed", "--users", "3", CONSENT, "--json"]).json();
    assert_eq!(more["firstUsername"], "made-up-0000002501");
    assert_eq!(more["lastUsername"], "made-up-0000002503");
    assert_ne!(more["password"], seeded["password"]);
}

#[tokio::test]
async fn nothing_is_written_unless_it_is_meant() {
    let data = tempfile::tempdir().unwrap();
    drop(Shop::start(data.path()));
    let refused = command(data.path(), &["seed", "--users", "10"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains(CONSENT), "{}", refused.stderr);
    let listed = command(data.path(), &["user", "list", "--starting-with", "made-up", "--json"]).json();
    assert_eq!(listed["content"].as_array().map(Vec::len), Some(0));
}
