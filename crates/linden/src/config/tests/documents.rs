//! The schema, the example and the page in docs/ say what the sections say.

use std::fmt::Write;

use serde_json::Value;

use super::read;
use crate::config::schema::{File, schema};
use crate::config::{EXAMPLE, LimitsSection};
use crate::reading::schema_value;

/// A key of a section, such as `auth.database` and `url`.
struct Key {
    section: String,
    name: String,
    meaning: String,
    default: String,
}

impl Key {
    fn variable(&self) -> String {
        format!("LINDEN__{}__{}", self.section.replace('.', "__"), self.name).to_ascii_uppercase()
    }

    fn row(&self) -> String {
        format!("| `{}` | {} | {} | `{}` |", self.name, self.meaning, self.default, self.variable())
    }
}

/// Of all sections, in their order.
fn keys() -> Vec<Key> {
    let schema = schema_value::<File>();
    let mut keys = Vec::new();
    for section in ["log", "auth", "gateway", "services"] {
        collect(&schema, &schema["properties"][section], section, &Value::Null, &mut keys);
    }
    keys
}

fn resolved<'a>(schema: &'a Value, value: &'a Value) -> &'a Value {
    let named = value.get("$ref").or_else(|| value.get("allOf").and_then(|all| all[0].get("$ref")));
    match named.and_then(Value::as_str).and_then(|name| name.strip_prefix("#/definitions/")) {
        Some(name) => &schema["definitions"][name],
        None => value,
    }
}

fn collect(schema: &Value, of: &Value, section: &str, defaults: &Value, keys: &mut Vec<Key>) {
    let table = resolved(schema, of);
    let defaults = of.get("default").unwrap_or(defaults);
    let mut tables = Vec::new();
    for (name, property) in table["properties"].as_object().unwrap() {
        let below = resolved(schema, property);
        if below.get("properties").is_some() {
            tables.push((format!("{section}.{name}"), property));
            continue;
        }
        let is_needed = table["required"].as_array().is_some_and(|needed| needed.iter().any(|one| one == name));
        let default = property.get("default").or_else(|| defaults.get(name));
        let default = match default {
            _ if is_needed => "needed".to_owned(),
            Some(Value::Array(list)) if list.is_empty() => "none".to_owned(),
            Some(default) => format!("`{default}`"),
            None => String::new(),
        };
        let meaning = property["description"].as_str().or_else(|| below["description"].as_str()).unwrap_or_default();
        assert!(!meaning.is_empty(), "{section}.{name} has no description");
        let meaning = meaning.replace('\n', " ");
        keys.push(Key { section: section.to_owned(), name: name.clone(), meaning, default });
    }
    for (section, table) in tables {
        collect(schema, table, &section, &Value::Null, keys);
    }
}

#[test]
fn the_copy_of_the_schema_is_up_to_date() {
    let copy = include_str!("../../../../../docs/linden.schema.json");
    let schema = schema();
    assert!(!schema.contains("null"));
    assert!(copy == schema, "run `linden config schema > docs/linden.schema.json`");
}

#[test]
fn the_page_tells_every_key_with_default_and_variable() {
    let page = include_str!("../../../../../docs/configuration.md");
    let mut wanted = String::new();
    let mut section = String::new();
    let mut tables = Vec::new();
    for key in keys() {
        if key.section != section {
            section.clone_from(&key.section);
            tables.push(std::mem::take(&mut wanted));
            write!(wanted, "### `[{section}]`\n\n| key | | default | environment |\n| --- | --- | --- | --- |\n")
                .unwrap();
        }
        writeln!(wanted, "{}", key.row()).unwrap();
    }
    tables.push(wanted);
    let missing: Vec<&String> = tables.iter().filter(|table| !page.contains(table.as_str())).collect();
    assert!(
        missing.is_empty(),
        "docs/configuration.md does not say\n\n{}",
        missing.into_iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    );
    assert!(keys().len() > 60, "{} keys", keys().len());
}

/// Commented or not, below its section.
#[test]
fn the_example_shows_every_key_and_is_right() {
    read(EXAMPLE, &[]).unwrap();
    for key in keys() {
        let heading = format!("[{}]\n", key.section);
        let (_, below) = EXAMPLE.split_once(&heading).unwrap_or_else(|| panic!("no {heading}"));
        let lines = below.lines().take_while(|line| !line.trim_start_matches("# ").starts_with('['));
        let shown =
            lines.map(|line| line.trim_start_matches("# ")).find(|line| line.starts_with(&format!("{} = ", key.name)));
        // Whatever services there are.
        let is_free = key.section == "gateway.upstreams" && key.name == "services";
        let shown = match shown {
            Some(shown) => shown,
            None if is_free => continue,
            None => panic!("no {} below {heading}", key.name),
        };
        if let Some(default) = key.default.strip_prefix('`').and_then(|default| default.strip_suffix('`')) {
            assert!(shown.starts_with(&format!("{} = {default}", key.name)), "{shown} is not {default}");
        }
    }
    let uncommented: String = EXAMPLE
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(code) if code.contains(" = ") && !code.starts_with("url_file") || code.starts_with('[') => {
                format!("{code}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    read(&uncommented, &[]).unwrap();
}

#[test]
fn limits_are_those_of_the_listener() {
    let (ours, theirs) = (LimitsSection::default(), crate::serve::Limits::default());
    assert_eq!(u64::from(ours.connections.0), theirs.connections as u64);
    assert_eq!(u64::from(ours.requests.0), theirs.requests as u64);
    assert_eq!(u64::from(ours.head_seconds.0), theirs.head.as_secs());
    assert_eq!(u64::from(ours.idle_seconds.0), theirs.idle.as_secs());
    assert_eq!(u64::from(ours.drain_seconds.0), theirs.grace.as_secs());
}
