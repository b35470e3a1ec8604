//! What `dev` applies: the demo shop, and files given beside it.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result};

use super::options::{DevOptions, is_public};
use crate::apply::{Declaration, Source};

const DEMO_NAME: &str = "demo/shop.toml";
const DEMO: &str = include_str!("../../demo/shop.toml");

/// A shop that others can reach, also through a proxy on this machine, gets no demo, since its passwords are known to everybody.
pub fn sources(options: &DevOptions) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    if !is_public(options) {
        sources.push(Source { name: DEMO_NAME.to_owned(), text: DEMO.to_owned() });
    }
    for path in &options.with {
        let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        sources.push(Source { name: path.display().to_string(), text });
    }
    Ok(sources)
}

/// What `${origin}` and `${host}` stand for in a file.
pub fn variables(origin: &str) -> BTreeMap<String, String> {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    BTreeMap::from([("origin".to_owned(), origin.to_owned()), ("host".to_owned(), host.to_owned())])
}

/// User names with the passwords of the demo, which are known to everybody; those of other files are not told on.
pub fn demo_passwords(declaration: &Declaration) -> Vec<(String, String)> {
    let passwords = declaration.literal_passwords_in(DEMO_NAME);
    passwords.map(|(username, password)| (username.to_owned(), password.to_owned())).collect()
}

/// The sign-ins that the files name with a password in clear, for the terminal.
pub fn sign_ins(declaration: &Declaration) -> String {
    let mut text = String::new();
    for (username, password) in declaration.literal_passwords() {
        writeln!(text, "  sign in as {username:<8} with the password {password}").ok();
    }
    text
}
