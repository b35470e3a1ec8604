//! The configuration of the commands that serve: one TOML file for all parts, and the environment.
//!
//! 1. `environment` puts `LINDEN__SECTION__KEY` in its place among what the file says.
//! 2. `reading` reads each section into types that cannot hold a wrong value (`sections`, `values`).
//! 3. `check` looks at what two keys together must not say, and at the files that are named.
//!
//! A mistake in any of these steps is told with its place, as many at once as can be seen, and nothing is started.

mod check;
mod environment;
mod files;
mod options;
mod reading;
mod sections;
#[cfg(test)]
mod tests;
mod values;

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use auth_server::keys::KeyRing;
use auth_server::{MasterKey, MasterKeys};

pub use options::ConfigOptions;
pub use sections::{
    AuthSection, DatabaseSection, DatabaseUrl, GatewaySection, LimitsSection, ServicesSection, TlsSection, Upstreams,
};
pub use values::{Address, FilePath};

use crate::log::LogConfig;
use crate::parts::ClientSecretKey;
use crate::reading::{Mistakes, Place, Source, Spanned};

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

impl Configuration {
    /// The address that a section has, or the file that it names.
    pub fn database_url(&self, section: &DatabaseSection) -> Result<DatabaseUrl> {
        match (&section.url, &section.url_file) {
            (Some(url), _) => Ok(url.get_ref().clone()),
            (None, Some(file)) => {
                let read = files::database_url(&self.path(file.get_ref()));
                Ok(read.map_err(|message| self.sources.refuse(self.sources.at(file), message))?)
            }
            (None, None) => Err(anyhow!("no database is named")),
        }
    }

    pub fn master_key(&self) -> Result<MasterKey> {
        let file = &self.auth()?.master_key_file;
        let read = files::master_key(&self.path(file.get_ref()));
        Ok(read.map_err(|message| self.sources.refuse(self.sources.at(file), message))?)
    }

    /// With the other ones, read anew while servers run.
    pub fn master_keys(&self) -> Result<MasterKeys> {
        self.master_key()?;
        let auth = self.auth()?;
        let current = self.path(auth.master_key_file.get_ref());
        let others: Vec<PathBuf> = auth.other_master_key_files.iter().map(|file| self.path(file.get_ref())).collect();
        let read = move || {
            let others = others.iter().map(|file| files::master_key(file)).collect::<Result<_, _>>()?;
            Ok(KeyRing { current: files::master_key(&current)?, others })
        };
        MasterKeys::read_by(read).map_err(|error| anyhow!(error))
    }

    pub fn client_secret_key(&self) -> Result<ClientSecretKey> {
        let file = &self.gateway()?.client_secret_key_file;
        let read = files::client_secret_key(&self.path(file.get_ref()));
        Ok(read.map_err(|message| self.sources.refuse(self.sources.at(file), message))?)
    }
}
