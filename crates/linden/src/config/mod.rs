//! The configuration of the commands that serve: one TOML file for all parts, and the environment.
//!
//! 1. `environment` puts `LINDEN__SECTION__KEY` in its place among what the file says.
//! 2. `reading` reads each section into types that cannot hold a wrong value (`sections`, `values`).
//! 3. `check` looks at what two keys together must not say, `files` at the secrets that are named.
//!
//! A mistake in any of these steps is told with its place, as many at once as can be seen, and nothing is started.

mod check;
mod environment;
mod files;
mod options;
mod reading;
mod schema;
mod sections;
#[cfg(test)]
mod tests;
mod values;

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

pub use options::ConfigOptions;
pub use schema::schema;
pub use sections::{
    AuthSection, DatabaseSection, DatabaseUrl, GatewaySection, LimitsSection, ServicesSection, TlsSection, Upstreams,
};
pub use values::{Address, FilePath};

use crate::log::LogConfig;
use crate::reading::{Mistakes, Place, Source, Spanned};

/// What `linden config example` prints.
pub const EXAMPLE: &str = include_str!("example.toml");

/// What a file and the environment say.
#[derive(Debug)]
pub struct Configuration {
    pub log: LogConfig,
    auth: Option<AuthSection>,
    gateway: Option<GatewaySection>,
    services: Option<ServicesSection>,
    sources: Sources,
}

/// Where values come from: a file, then variables of the environment, each with offsets of its own.
#[derive(Debug)]
struct Sources {
    all: Vec<Source>,
    /// Relative paths start from here.
    directory: PathBuf,
}

impl Configuration {
    /// Reads and checks; what is wrong is told with its place.
    pub fn load(path: &Path) -> Result<Self> {
        let file = Source::read(path)?;
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        let configuration = Self::read(file, directory, std::env::vars().collect())?;
        configuration.check()?;
        Ok(configuration)
    }

    pub fn auth(&self) -> Result<&AuthSection> {
        self.auth.as_ref().ok_or_else(|| self.missing("auth"))
    }

    pub fn gateway(&self) -> Result<&GatewaySection> {
        self.gateway.as_ref().ok_or_else(|| self.missing("gateway"))
    }

    pub fn services(&self) -> Result<&ServicesSection> {
        self.services.as_ref().ok_or_else(|| self.missing("services"))
    }

    /// A path of the file, which starts from where the file lies.
    pub fn path(&self, path: &FilePath) -> PathBuf {
        self.sources.directory.join(path.as_path())
    }

    fn missing(&self, section: &str) -> anyhow::Error {
        let name = self.sources.all.first().map_or("the configuration", |file| file.name.as_str());
        anyhow!("{name} has no section [{section}]: `linden config example` shows one")
    }
}

impl Sources {
    fn place(&self, offset: usize) -> Place {
        let length = self.all.first().map_or(0, |file| file.text.len());
        match offset.checked_sub(length + 1) {
            None => Place { file: 0, offset },
            Some(variable) => Place { file: variable + 1, offset: 0 },
        }
    }

    fn at<T>(&self, value: &Spanned<T>) -> Place {
        self.place(value.span().start)
    }

    fn refuse(&self, at: Place, message: String) -> Mistakes {
        Mistakes(vec![at.mistake(&self.all, message)])
    }
}
