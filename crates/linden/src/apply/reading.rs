//! From text to tables. A field that is wrong is told and taken out, and its table read again, so that everything that
//! is wrong with a table is told at once.

use std::ops::Range;

use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::declaration::{Declaration, Entry};
use super::source::{Complaints, Mistakes, Place, Source};
use super::variables::{Variables, substitute};

const TABLES: &str = "[[tenant]], [[authorization_server]], [[scope]], [[role]], [[client]], [[user]], [[application]], \
                      [[account]] and [[item_list]]";

pub(super) fn read(files: &[Source], variables: &Variables) -> Result<Declaration, Mistakes> {
    let mut declaration = Declaration { files: files.to_vec(), ..Declaration::default() };
    let mut complaints = Complaints::default();
    for (file, source) in files.iter().enumerate() {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        for error in &errors {
            let offset = error.span().map_or(0, |span| span.start);
            complaints.add(Place { file, offset }, format!("this is no TOML: {}", error.message()));
        }
        if errors.is_empty() {
            let mut reader = Reader { file, variables, complaints: &mut complaints };
            reader.file(table.into_inner(), &mut declaration);
        }
    }
    complaints.finish(files)?;
    Ok(declaration)
}

struct Reader<'a> {
    file: usize,
    variables: &'a Variables,
    complaints: &'a mut Complaints,
}

impl Reader<'_> {
    fn file(&mut self, tables: DeTable<'_>, declaration: &mut Declaration) {
        for (name, value) in tables {
            let name = Spanned::new(name.span(), name.into_inner().into_owned());
            match name.get_ref().as_str() {
                "tenant" => self.entries(&name, value, &mut declaration.tenants),
                "authorization_server" => self.entries(&name, value, &mut declaration.servers),
                "scope" => self.entries(&name, value, &mut declaration.scopes),
                "role" => self.entries(&name, value, &mut declaration.roles),
                "client" => self.entries(&name, value, &mut declaration.clients),
                "user" => self.entries(&name, value, &mut declaration.users),
                "application" => self.entries(&name, value, &mut declaration.applications),
                "account" => self.entries(&name, value, &mut declaration.accounts),
                "item_list" => self.entries(&name, value, &mut declaration.item_lists),
                unknown => {
                    let place = self.place(&name.span());
                    self.complaints.add(place, format!("there is no table `{unknown}`: a file has {TABLES}"));
                }
            }
        }
    }

    fn place(&self, span: &Range<usize>) -> Place {
        Place { file: self.file, offset: span.start }
    }

    fn entries<T: DeserializeOwned>(
        &mut self,
        name: &Spanned<String>,
        value: Spanned<DeValue<'_>>,
        entries: &mut Vec<Entry<T>>,
    ) {
        let DeValue::Array(values) = value.into_inner() else {
            let place = self.place(&name.span());
            self.complaints.add(place, format!("write it in double brackets, [[{}]]", name.get_ref()));
            return;
        };
        for mut value in values {
            substitute(&mut value, self.file, self.variables, self.complaints);
            entries.extend(self.entry(value));
        }
    }

    fn entry<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'_>>) -> Option<Entry<T>> {
        let span = value.span();
        let place = self.place(&span);
        let DeValue::Table(mut table) = value.into_inner() else {
            self.complaints.add(place, "must be a table");
            return None;
        };
        let mut removed: Vec<String> = Vec::new();
        loop {
            let whole = Spanned::new(span.clone(), DeValue::Table(table.clone()));
            match T::deserialize(whole.into_deserializer()) {
                Ok(table) => return removed.is_empty().then_some(Entry { place, table }),
                Err(error) => {
                    let at = error.span().unwrap_or(span.clone());
                    let key = key_at(&table, &at);
                    let is_consequence = key.is_none() && removed.iter().any(|key| is_missing(error.message(), key));
                    if !is_consequence {
                        for at in culprits::<T>(&table, &span, key.as_deref(), error.message(), at) {
                            let place = self.place(&at);
                            // A text with an unknown variable was told already; what is wrong with it as it stands is not.
                            if !self.complaints.is_about(place) {
                                self.complaints.add(place, message(error.message(), key.as_deref()));
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

fn is_missing(message: &str, key: &str) -> bool {
    message == format!("missing field `{key}`")
}

fn message(message: &str, key: Option<&str>) -> String {
    // What Rust calls an i64 and a sequence, people call otherwise.
    let message = message.replace("expected i64", "expected a whole number").replace("a sequence", "a list in [ ]");
    match key {
        Some(key) if !message.contains(&format!("`{key}`")) => format!("{key}: {message}"),
        _ => message,
    }
}
