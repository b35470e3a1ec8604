use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::told::{Change, Created, Difference, Field};

/// Each table of a file with the fields that are its key. An account's server is found by its members, and not kept.
const TABLES: [(&str, &[&str]); 9] = [
    ("tenant", &["name"]),
    ("authorization_server", &["name"]),
    ("scope", &["server", "name"]),
    ("role", &["server", "name"]),
    ("client", &["server", "client_id"]),
    ("user", &["server", "username"]),
    ("application", &["server", "name"]),
    ("account", &["name"]),
    ("item_list", &["tenant", "name"]),
];
/// Told as changed, without a value.
const SECRETS: [&str; 2] = ["secret", "secret_hashes"];
/// What creates an entry and is left alone afterwards.
const NOT_COMPARED: [&str; 2] = ["password_hash", "server"];

/// Both are files as JSON; what `wanted` does not name stays and is not told.
pub(super) fn compare(there: &Value, wanted: &Value) -> Difference {
    let mut difference = Difference::default();
    for (table, keys) in TABLES {
        let there: BTreeMap<String, &Map<String, Value>> =
            entries(there, table).map(|entry| (key(entry, keys), entry)).collect();
        for entry in entries(wanted, table) {
            let name = name(entry, keys);
            match there.get(&key(entry, keys)) {
                None => difference.created.push(Created { table, name }),
                Some(known) => match fields(known, entry, keys) {
                    fields if fields.is_empty() => difference.unchanged += 1,
                    fields => difference.changed.push(Change { table, name, fields }),
                },
            }
        }
    }
    difference
}

fn entries<'a>(file: &'a Value, table: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
    file.get(table).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// User names are one in many spellings; all other keys are in one.
fn key(entry: &Map<String, Value>, keys: &[&str]) -> String {
    let text = |field: &&str| {
        let text = entry.get(*field).and_then(Value::as_str).unwrap_or_default();
        if *field == "username" { text.to_lowercase() } else { text.to_owned() }
    };
    keys.iter().map(text).collect::<Vec<_>>().join("\n")
}

fn name(entry: &Map<String, Value>, keys: &[&str]) -> String {
    let last = keys.last().and_then(|field| entry.get(*field)).and_then(Value::as_str);
    last.unwrap_or_default().to_owned()
}

fn fields(there: &Map<String, Value>, wanted: &Map<String, Value>, keys: &[&str]) -> Vec<Field> {
    let (there, wanted) = (flat(there), flat(wanted));
    let names: BTreeSet<&String> = there.keys().chain(wanted.keys()).collect();
    let mut changed = Vec::new();
    let mut secret = false;
    for name in names {
        let (before, after) = (there.get(name).copied(), wanted.get(name).copied());
        let is_key = keys.contains(&name.as_str()) && name != "username";
        if before == after || is_key || NOT_COMPARED.contains(&name.as_str()) {
            continue;
        }
        if SECRETS.iter().any(|field| name.split('.').next() == Some(field)) {
            secret = true;
            continue;
        }
        changed.push(Field { field: name.clone(), before: before.cloned(), after: after.cloned() });
    }
    if secret {
        changed.push(Field { field: "secret".to_owned(), before: None, after: None });
    }
    changed
}

/// Fields of tables in tables by their path; nulls and what is empty are nothing.
fn flat(entry: &Map<String, Value>) -> BTreeMap<String, &Value> {
    let mut found = BTreeMap::new();
    for (name, value) in entry {
        match value {
            Value::Null => {}
            Value::Object(members) => {
                found.extend(flat(members).into_iter().map(|(inner, value)| (format!("{name}.{inner}"), value)));
            }
            Value::Array(values) if values.is_empty() => {}
            value => {
                found.insert(name.clone(), value);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_by_their_paths_and_secrets_without_values() {
        let there = json!({ "client": [{ "server": "s", "client_id": "a", "scopes": ["b"], "x": { "y": 1 }, "enabled": true,
            "secret_hashes": [{ "sha256": "one" }] }], "user": [{ "server": "s", "username": "Anna", "password_hash": "h" }] });
        let wanted = json!({ "client": [{ "server": "s", "client_id": "a", "x": { "y": 2 }, "enabled": true, "secret": { "derived": true } }],
            "user": [{ "server": "s", "username": "ben" }, { "server": "s", "username": "anna", "phone": null }] });
        let difference = compare(&there, &wanted);
        assert_eq!(
            (difference.created.len(), difference.created[0].name.as_str(), difference.unchanged),
            (1, "ben", 0)
        );
        let told = difference.to_string();
        assert!(!told.contains("one") && !told.contains("derived"), "{told}");
        for line in [
            "client a would change",
            "  scopes: [\"b\"] -> nothing",
            "  x.y: 1 -> 2",
            "  secret: another",
            "  username: \"Anna\" -> \"anna\"",
        ] {
            assert!(told.lines().any(|said| said == line), "{line}\n{told}");
        }
    }
}
