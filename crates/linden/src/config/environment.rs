//! `LINDEN__AUTH__DATABASE__URL=…` stands for `url` in `[auth.database]`, and counts before what the file says. A value is
//! read as TOML where it is a list, a table, a number, a boolean or a text in quotes; everything else is a text as it is.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::reading::Source;

const PREFIX: &str = "LINDEN__";

/// A variable that sets a key.
pub struct Variable {
    name: String,
    value: String,
}

/// In the order of their names.
pub fn of(variables: Vec<(String, String)>) -> Vec<Variable> {
    let ours = variables.into_iter().filter(|(name, _)| name.starts_with(PREFIX));
    let mut ours: Vec<Variable> = ours.map(|(name, value)| Variable { name, value }).collect();
    ours.sort_by(|one, other| one.name.cmp(&other.name));
    ours
}

impl Variable {
    pub fn source(&self) -> Source {
        Source { name: self.name.clone(), text: String::new() }
    }

    /// Puts it among what the file says; all of it stands at `offset`.
    pub fn put<'v>(&'v self, table: &mut DeTable<'v>, offset: usize) {
        let path: Vec<String> = self.name[PREFIX.len()..].split("__").map(str::to_ascii_lowercase).collect();
        let mut value = value(&self.value);
        move_to(&mut value, offset);
        insert(table, &path, value, offset);
    }
}

fn value(text: &str) -> DeValue<'_> {
    let as_text = || DeValue::String(Cow::Borrowed(text));
    match DeValue::parse(text).map(Spanned::into_inner) {
        Ok(DeValue::Datetime(_)) | Err(_) => as_text(),
        Ok(value) => value,
    }
}

fn insert<'v>(table: &mut DeTable<'v>, path: &[String], value: DeValue<'v>, offset: usize) {
    let [name, rest @ ..] = path else { return };
    let key = Spanned::new(offset..offset, Cow::Owned(name.clone()));
    if rest.is_empty() {
        table.remove(name.as_str());
        table.insert(key, Spanned::new(offset..offset, value));
        return;
    }
    let below = table.entry(key).or_insert_with(|| Spanned::new(offset..offset, DeValue::Table(DeTable::new())));
    if let DeValue::Table(below) = below.get_mut() {
        insert(below, rest, value, offset);
    } else {
        *below = Spanned::new(offset..offset, DeValue::Table(DeTable::new()));
        if let DeValue::Table(below) = below.get_mut() {
            insert(below, rest, value, offset);
        }
    }
}

fn move_to(value: &mut DeValue<'_>, offset: usize) {
    match value {
        DeValue::Array(values) => {
            for value in values.iter_mut() {
                move_to(value.get_mut(), offset);
                *value = Spanned::new(offset..offset, value.get_ref().clone());
            }
        }
        DeValue::Table(table) => {
            let moved = std::mem::take(table).into_iter().map(|(name, value)| {
                let mut value = value.into_inner();
                move_to(&mut value, offset);
                (Spanned::new(offset..offset, name.into_inner()), Spanned::new(offset..offset, value))
            });
            *table = moved.collect();
        }
        _ => {}
    }
}
