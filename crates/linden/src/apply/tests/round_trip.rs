//! What is exported is what would make it: applied where it came from it changes nothing, applied elsewhere it makes what
//! exports as the same file.

use std::collections::BTreeSet;

use database::{params, statements};
use serde_json::Value;

use super::engines::{Shop, on_both_engines, sqlite};
use super::{BASE, load_text};
use crate::apply::{export, run};

statements! {
    EXPIRE_SOON = "UPDATE client_secret SET expires_at = $1";
}

/// A shop in which every field of every table has a value, and few of them the default one.
const EVERYTHING: &str = include_str!("everything.toml");
/// What is shorter to write, and exports as what it stands for; and passwords, which export as hashes.
const SHORT_FORMS: [&str; 4] =
    ["application.origin", "application.scopes", "application.guest_permissions", "user.password"];

async fn exported(shop: &Shop) -> String {
    let exported =
        export(&shop.auth, &shop.commerce, &shop.environment.derive_secret, shop.environment.now).await.unwrap();
    assert!(exported.left_out.is_empty(), "{:?}", exported.left_out);
    exported.text
}

async fn applied(shop: &Shop, text: &str) -> String {
    let declaration = load_text(text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
    run(&declaration, &shop.auth, &shop.commerce, &shop.environment).await.unwrap().to_string()
}

async fn goes_round(shop: &Shop) -> String {
    let text = exported(shop).await;
    let before = shop.generations().await;
    let report = applied(shop, &text).await;
    assert!(report.ends_with("nothing was written\n"), "{report}{text}");
    assert_eq!(shop.generations().await, before);
    let elsewhere = sqlite().await;
    applied(&elsewhere, &text).await;
    same_lines(&exported(&elsewhere).await, &text);
    text
}

fn same_lines(left: &str, right: &str) {
    for (left, right) in left.lines().zip(right.lines()) {
        assert_eq!(left, right);
    }
    assert_eq!(left.lines().count(), right.lines().count());
}

on_both_engines! {
    everything_goes_round
    the_demo_goes_round
    secrets_that_end_end_there_too
    text_that_looks_like_a_variable
    an_empty_installation
}

async fn everything_goes_round(shop: Shop) {
    applied(&shop, EVERYTHING).await;
    let text = goes_round(&shop).await;
    assert!(!text.contains("meadow lantern"), "no password in clear");
    assert!(text.contains("derived = true"), "{text}");
}

async fn the_demo_goes_round(shop: Shop) {
    applied(&shop, include_str!("../../../demo/shop.toml")).await;
    goes_round(&shop).await;
}

async fn secrets_that_end_end_there_too(shop: Shop) {
    applied(&shop, EVERYTHING).await;
    let soon = shop.environment.now + auth_core::time::Span::minutes(5);
    shop.auth.execute(&EXPIRE_SOON, params![soon.0]).await.unwrap();
    let text = goes_round(&shop).await;
    assert!(text.contains("expires_at = \"2027-01-15T08:05:00Z\""), "{text}");
    assert!(!text.contains("derived = true"), "one that ends is kept as its hash");
}

async fn text_that_looks_like_a_variable(shop: Shop) {
    let named = BASE.replace("issuer", "friendly_name = \"$${origin} $$$${x} \\\" 'Æ'\"\nissuer");
    applied(&shop, &named).await;
    let text = goes_round(&shop).await;
    assert!(text.contains("$${origin}"), "{text}");
}

async fn an_empty_installation(shop: Shop) {
    goes_round(&shop).await;
}

/// Where this fails, a new field is missing in `everything.toml`, or it is read and never exported.
#[tokio::test]
async fn every_field_is_exported() {
    let shop = sqlite().await;
    applied(&shop, EVERYTHING).await;
    let text = exported(&shop).await;
    let schema: Value = serde_json::from_str(&crate::apply::schema()).unwrap();
    let file: toml::Table = text.parse().unwrap();
    let mut there = BTreeSet::new();
    paths(&serde_json::to_value(file).unwrap(), "", &mut there);
    let mut declared = BTreeSet::new();
    fields(&schema, &schema, "", &mut declared);
    assert!(declared.len() > 80, "{declared:?}");
    let missing: Vec<_> =
        declared.iter().filter(|field| !there.contains(*field) && !SHORT_FORMS.contains(&field.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}\n{text}");
}

fn join(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") }
}

fn paths(value: &Value, above: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            found.insert(join(above, name));
            paths(value, &join(above, name), found);
        }),
        Value::Array(values) => values.iter().for_each(|value| paths(value, above, found)),
        _ => {}
    }
}

/// Fields that a schema names, at any depth; those of `oneOf` are forms of one value.
fn fields(root: &Value, schema: &Value, above: &str, found: &mut BTreeSet<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        fields(root, root.pointer(&reference[1..]).unwrap(), above, found);
    }
    for one in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        fields(root, one, above, found);
    }
    if let Some(items) = schema.get("items") {
        fields(root, items, above, found);
    }
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        found.insert(join(above, name));
        fields(root, property, &join(above, name), found);
    }
}
