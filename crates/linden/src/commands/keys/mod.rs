//! `linden keys …`: the signing keys of an authorization server.

mod list;

use anyhow::Result;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// List signing keys, newest first; nothing of them is secret
    List(list::ListOptions),
}

pub async fn run(command: KeysCommand) -> Result<()> {
    match command {
        KeysCommand::List(options) => list::run(options).await,
    }
}
