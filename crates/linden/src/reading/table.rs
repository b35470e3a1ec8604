//! A table, read into its type. A field that is wrong is told and taken out, and the table read again, so that everything
//! that is wrong with it is told at once.

use std::ops::Range;

use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::source::{Complaints, Place};
use super::suggestion;

/// `place` says where an offset lies. `None` when something was wrong; it is among the complaints then.
pub fn table<T: DeserializeOwned>(
    value: Spanned<DeValue<'_>>,
    place: &dyn Fn(usize) -> Place,
    complaints: &mut Complaints,
) -> Option<T> {
    let span = value.span();
    let DeValue::Table(mut table) = value.into_inner() else {
        complaints.add(place(span.start), "must be a table");
        return None;
    };
    let mut removed: Vec<String> = Vec::new();
    loop {
        let whole = Spanned::new(span.clone(), DeValue::Table(table.clone()));
        match T::deserialize(whole.into_deserializer()) {
            Ok(table) => return removed.is_empty().then_some(table),
            Err(error) => {
                let at = error.span().unwrap_or(span.clone());
                let key = key_at(&table, &at);
                let is_consequence = key.is_none() && removed.iter().any(|key| is_missing(error.message(), key));
                if !is_consequence {
                    for at in culprits::<T>(&table, &span, key.as_deref(), error.message(), at) {
                        let place = place(at.start);
                        // A text with an unknown variable was told already; what is wrong with it as it stands is not.
                        if !complaints.is_about(place) {
                            complaints.add(place, message(error.message(), key.as_deref()));
                        }
                    }
                }
                let key = key?;
                table = table.into_iter().filter(|(name, _)| name.get_ref().as_ref() != key).collect();
                removed.push(key);
            }
        }
    }
}

/// Of a list as a whole it is said that something in it is wrong: which elements, shows when each is alone in it.
fn culprits<T: DeserializeOwned>(
    table: &DeTable<'_>,
    span: &Range<usize>,
    key: Option<&str>,
    message: &str,
    at: Range<usize>,
) -> Vec<Range<usize>> {
    let field = table.iter().find(|(name, _)| key == Some(name.get_ref().as_ref()));
    let Some((name, list)) = field.filter(|(_, value)| value.span() == at) else { return vec![at] };
    let DeValue::Array(elements) = list.get_ref() else { return vec![at] };
    let is_wrong = |element: &Spanned<DeValue<'_>>| {
        let alone = DeValue::Array(std::iter::once(element.clone()).collect());
        let mut table = table.clone();
        table.insert(name.clone(), Spanned::new(list.span(), alone));
        let whole = Spanned::new(span.clone(), DeValue::Table(table));
        T::deserialize(whole.into_deserializer()).is_err_and(|error: toml::de::Error| error.message() == message)
    };
    let found: Vec<_> = elements.iter().filter(|element| is_wrong(element)).map(Spanned::span).collect();
    if found.is_empty() { vec![at] } else { found }
}

/// The field that an error is about.
fn key_at(table: &DeTable<'_>, at: &Range<usize>) -> Option<String> {
    let within = |span: Range<usize>| span.start <= at.start && at.end <= span.end;
    let found = table.iter().find(|(name, value)| within(name.span()) || is_within(value, at));
    found.map(|(name, _)| name.get_ref().as_ref().to_owned())
}

/// Nested tables may be written far apart, so that only their parts say where they are.
fn is_within(value: &Spanned<DeValue<'_>>, at: &Range<usize>) -> bool {
    let span = value.span();
    let inside = match value.get_ref() {
        DeValue::Array(values) => values.iter().any(|value| is_within(value, at)),
        DeValue::Table(table) => key_at(table, at).is_some(),
        _ => false,
    };
    inside || span.start <= at.start && at.end <= span.end
}

/// What was taken out is missing, under its own name or under the one that was meant.
fn is_missing(message: &str, key: &str) -> bool {
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    missing.is_some_and(|missing| suggestion::nearest(key, std::iter::once(missing)).is_some())
}

fn message(message: &str, key: Option<&str>) -> String {
    // What Rust calls an i64 and a sequence, people call otherwise.
    let message = message.replace("expected i64", "expected a whole number").replace("a sequence", "a list in [ ]");
    let message = suggestion::added(message);
    match key {
        Some(key) if !message.contains(&format!("`{key}`")) => format!("{key}: {message}"),
        _ => message,
    }
}
