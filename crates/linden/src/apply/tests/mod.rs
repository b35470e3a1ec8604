mod claims;
mod demo;
mod document;
mod dry_run;
mod engines;
mod hostile;
mod mistakes;
mod one_table_shop;
mod references;
mod round_trip;
mod token_size;
mod writing;

use std::collections::BTreeMap;

use super::{Declaration, Mistakes, Source, Variables, load_with};

fn variables(origin: &str) -> Variables {
    let host = origin.split_once("://").unwrap().1;
    BTreeMap::from([("origin".to_owned(), origin.to_owned()), ("host".to_owned(), host.to_owned())])
}

pub fn load_files(files: &[(&str, &str)]) -> Result<Declaration, Mistakes> {
    load_at("https://shop.example", files)
}

pub fn load_at(origin: &str, files: &[(&str, &str)]) -> Result<Declaration, Mistakes> {
    let files: Vec<Source> =
        files.iter().map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() }).collect();
    let environment = |name: &str| match name {
        "GIVEN" => Some("given-by-the-environment".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    };
    load_with(&files, &variables(origin), &environment)
}

pub fn load_text(text: &str) -> Result<Declaration, Mistakes> {
    load_files(&[("shop.toml", text)])
}

/// A tenant with a server, on six lines.
pub const BASE: &str = r#"[[tenant]]
name = "fjord"
[[authorization_server]]
name = "customers"
tenant = "fjord"
issuer = "${origin}/auth"
"#;
