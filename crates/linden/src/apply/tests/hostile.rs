//! Files that nobody would write: each is answered with a sentence, whatever its size and depth.

use super::{BASE, load_text};
use crate::apply::Source;

fn first(text: &str) -> String {
    load_text(text).unwrap_err().0[0].to_string()
}

#[test]
fn what_nests_without_end() {
    let deep = 20_000;
    for text in [
        format!("a = {}1{}", "[".repeat(deep), "]".repeat(deep)),
        format!("a = {}1{}", "{a=".repeat(deep), "}".repeat(deep)),
        format!("[[user]]\nserver = {}", "[".repeat(deep)),
        format!("[[user]]\nattributes = {}1{}", "{a=".repeat(deep), "}".repeat(deep)),
        format!("[{}]\n", vec!["a"; deep].join(".")),
        format!("{} = 1\n", vec!["a"; deep].join(".")),
        format!("[[application]]\nstorefront.{} = 1\n", vec!["a"; deep].join(".")),
    ] {
        let told = first(&text);
        assert!(told.starts_with("shop.toml:") && told.len() < 300, "{}", &told[..300.min(told.len())]);
    }
}

#[test]
fn what_is_long() {
    let long = "x".repeat(1_000_000);
    for (text, place) in [
        (format!("[[tenant]]\nname = \"{long}\"\n"), "2:8: name: must not be longer than 255 characters"),
        (format!("[[tenant]]\n{long} = 1\n"), "2:1: "),
        (format!("[[{long}]]\n"), "1:3: there is no table"),
        (format!("{BASE}[[client]]\nserver = \"customers\"\nclient_id = \"{long}\"\n"), "9:13: client_id: must be"),
    ] {
        let told: Vec<String> = load_text(&text).unwrap_err().0.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|told| told.starts_with(&format!("shop.toml:{place}"))), "{place}");
        assert!(told.iter().all(|told| told.chars().count() < 900), "{place}");
    }
}

#[test]
fn what_is_nearly_nothing() {
    for text in ["", "\n", "# a comment", "\u{feff}", "tenant = []"] {
        load_text(text).unwrap();
    }
    assert!(first("\r").starts_with("shop.toml:1:"));
    assert!(first("[[tenant]]\nname = \"a\u{0}\"").contains("no TOML"));
}

#[test]
fn files_that_cannot_be_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("shop.toml");
    let told = |path: &std::path::Path| Source::read(path).unwrap_err().to_string();
    assert!(
        told(&path).ends_with("shop.toml cannot be read: No such file or directory (os error 2)"),
        "{}",
        told(&path)
    );
    assert!(told(directory.path()).ends_with("is a directory: name the files in it"));
    std::fs::write(&path, b"[[tenant]]\nname = \"\xff\"\n").unwrap();
    assert!(told(&path).ends_with("shop.toml:2:9: this is no UTF-8, as TOML must be"), "{}", told(&path));
    std::fs::write(&path, "[[tenant]]\nname = \"ø\"\n").unwrap();
    assert_eq!(Source::read(&path).unwrap().text, "[[tenant]]\nname = \"ø\"\n");
    std::fs::File::create(&path).unwrap().set_len(64 * 1024 * 1024 + 1).unwrap();
    assert!(told(&path).ends_with("is larger than 64 MiB: split it"));
}

#[test]
fn one_mistake_in_ten_thousand_places() {
    let user = "[[user]]\nserver = \"s\"\nusername = \"a b\"\n";
    assert_eq!(load_text(&user.repeat(10_000)).unwrap_err().0.len(), 100);
}
