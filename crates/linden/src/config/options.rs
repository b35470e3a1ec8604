use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::Configuration;

/// Which configuration a command that serves reads.
#[derive(Debug, Args)]
pub struct ConfigOptions {
    /// TOML file with the parts' sections; variables LINDEN__SECTION__KEY count before it
    #[arg(long, value_name = "FILE", default_value = "linden.toml")]
    pub config: PathBuf,
}

impl ConfigOptions {
    pub fn load(&self) -> Result<Configuration> {
        Configuration::load(&self.config)
    }
}
