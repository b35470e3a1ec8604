//! Which databases a command is about: those of a data directory, or those that a configuration names.

use std::path::PathBuf;

use anyhow::Result;
use auth_server::{MasterKey, MasterKeys};
use clap::Args;
use database::Database;

use crate::config::Configuration;
use crate::data_directory::DataDirectory;
use crate::parts::{Store, open};

#[derive(Debug, Args)]
pub struct DataOptions {
    /// Where databases and keys are kept
    #[arg(long, value_name = "DIRECTORY", default_value_os_t = crate::default_data_directory())]
    data_dir: PathBuf,
    /// The configuration that names databases and master key, instead of a data directory
    #[arg(long, value_name = "FILE", conflicts_with = "data_dir")]
    config: Option<PathBuf>,
}

pub enum Data {
    Directory(DataDirectory),
    Configured(Box<Configuration>),
}

impl DataOptions {
    pub fn find(&self) -> Result<Data> {
        match &self.config {
            Some(file) => Ok(Data::Configured(Box::new(Configuration::load(file)?))),
            None => Ok(Data::Directory(DataDirectory::existing(&self.data_dir)?)),
        }
    }
}

impl Data {
    /// An operator's command finds databases, and makes none in a directory.
    pub fn expect_databases(&self) -> Result<()> {
        match self {
            Self::Directory(directory) => directory.expect_databases(),
            Self::Configured(_) => Ok(()),
        }
    }

    pub async fn auth(&self) -> Result<Database> {
        match self {
            Self::Directory(directory) => directory.auth().await,
            Self::Configured(named) => open(named, named.auth()?.database.get_ref(), Store::Auth).await,
        }
    }

    pub async fn commerce(&self) -> Result<Database> {
        match self {
            Self::Directory(directory) => directory.commerce().await,
            Self::Configured(named) => open(named, named.services()?.database.get_ref(), Store::Commerce).await,
        }
    }

    pub fn master_key(&self) -> Result<MasterKey> {
        match self {
            Self::Directory(directory) => directory.master_key(false),
            Self::Configured(named) => named.master_key(),
        }
    }

    /// With those that it is changed from or to.
    pub fn master_keys(&self) -> Result<MasterKeys> {
        match self {
            Self::Directory(directory) => directory.master_keys(false),
            Self::Configured(named) => named.master_keys(),
        }
    }

    /// The public origin of the shop that serves from a directory, or did last; a configuration may serve many shops.
    pub fn last_origin(&self) -> Option<String> {
        match self {
            Self::Directory(directory) => directory.last_origin(),
            Self::Configured(_) => None,
        }
    }
}
