//! `linden client …`: the authorized clients of an authorization server.

mod add;
mod rotate_secret;

use anyhow::Result;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Add a client, and print its secret once
    Add(add::AddOptions),
    /// Give a client another secret, and print it once; the former one counts for a while
    RotateSecret(rotate_secret::RotateSecretOptions),
}

pub async fn run(command: ClientCommand) -> Result<()> {
    match command {
        ClientCommand::Add(options) => add::run(options).await,
        ClientCommand::RotateSecret(options) => rotate_secret::run(options).await,
    }
}
