//! `linden config …`: the file that `linden auth`, `linden gateway` and `linden services` read.

use anyhow::Result;
use clap::Subcommand;

use crate::config::{self, ConfigOptions};

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Tell everything that is wrong with the configuration and the secrets that it names, and start nothing
    Check(ConfigOptions),
    /// Print the JSON Schema of the file, for editors
    Schema,
    /// Print a file with every key, its meaning and its default
    Example,
}

pub fn run(command: &ConfigCommand) -> Result<()> {
    match command {
        ConfigCommand::Check(options) => {
            options.load()?.check_files()?;
            println!("{} is in order", options.config.display());
        }
        ConfigCommand::Schema => print!("{}", config::schema()),
        ConfigCommand::Example => print!("{}", config::EXAMPLE),
    }
    Ok(())
}
