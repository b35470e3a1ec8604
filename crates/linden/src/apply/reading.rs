//! From text to tables.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::declaration::{Declaration, Entry};
use super::variables::{Variables, substitute};
use crate::reading::{Complaints, Mistakes, Place, Source, table};

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
        let file = self.file;
        for mut value in values {
            substitute(&mut value, file, self.variables, self.complaints);
            let place = self.place(&value.span());
            let read = table(value, &|offset| Place { file, offset }, self.complaints);
            entries.extend(read.map(|table| Entry { place, table }));
        }
    }
}
