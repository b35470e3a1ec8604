//! From a file and the environment to sections.

use std::path::PathBuf;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::environment::{self, Variable};
use super::{Configuration, Sources};
use crate::log::LogConfig;
use crate::reading::{Complaints, Mistakes, Source, nearest, table};

const SECTIONS: [&str; 4] = ["log", "auth", "gateway", "services"];

impl Configuration {
    pub(super) fn read(file: Source, directory: PathBuf, environment: Vec<(String, String)>) -> Result<Self, Mistakes> {
        let variables = environment::of(environment);
        let text = file.text.clone();
        let all = std::iter::once(file).chain(variables.iter().map(Variable::source)).collect();
        let sources = Sources { all, directory };
        let mut complaints = Complaints::default();

        let (tables, errors) = DeTable::parse_recoverable(&text);
        for error in &errors {
            let offset = error.span().map_or(0, |span| span.start);
            complaints.add(sources.place(offset), format!("this is no TOML: {}", error.message()));
        }
        if !errors.is_empty() {
            return Err(complaints.finish(&sources.all).err().unwrap_or_default());
        }
        let mut tables = tables.into_inner();
        for (number, variable) in variables.iter().enumerate() {
            variable.put(&mut tables, text.len() + 1 + number);
        }

        let mut read = Configuration { log: LogConfig::default(), auth: None, gateway: None, services: None, sources };
        let mut log = None;
        for (name, value) in tables {
            match name.get_ref().as_ref() {
                "log" => log = read.section(value, &mut complaints),
                "auth" => read.auth = read.section(value, &mut complaints),
                "gateway" => read.gateway = read.section(value, &mut complaints),
                "services" => read.services = read.section(value, &mut complaints),
                unknown => complaints.add(read.sources.place(name.span().start), unknown_section(unknown)),
            }
        }
        complaints.finish(&read.sources.all)?;
        read.log = log.unwrap_or_default();
        Ok(read)
    }

    fn section<T: DeserializeOwned>(&self, value: Spanned<DeValue<'_>>, complaints: &mut Complaints) -> Option<T> {
        table(value, &|offset| self.sources.place(offset), complaints)
    }
}

fn unknown_section(name: &str) -> String {
    let known = "there are [log], [auth], [gateway] and [services]";
    match nearest(name, SECTIONS.into_iter()) {
        Some(meant) => format!("there is no section [{name}], did you mean [{meant}]? {known}"),
        None => format!("there is no section [{name}]: {known}"),
    }
}
