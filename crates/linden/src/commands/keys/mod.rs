//! `linden keys …`: the signing keys of an authorization server.

mod gateway_secret;
mod list;
mod retire;
mod rewrap;
mod rotate;

use anyhow::Result;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// List signing keys, newest first; nothing of them is secret
    List(list::ListOptions),
    /// Have another key sign: it is published now and signs later, so that nobody misses it
    Rotate(rotate::RotateOptions),
    /// Take a key out of the key set for good and erase its private half
    Retire(retire::RetireOptions),
    /// Print the key that secrets of gateway clients are made of, for the gateway's client_secret_key_file
    GatewaySecret(gateway_secret::GatewaySecretOptions),
    /// Seal all that is secret under the current master key, or under a new one
    Rewrap(rewrap::RewrapOptions),
}

pub async fn run(command: KeysCommand) -> Result<()> {
    match command {
        KeysCommand::List(options) => list::run(options).await,
        KeysCommand::Rotate(options) => rotate::run(options).await,
        KeysCommand::Retire(options) => retire::run(options).await,
        KeysCommand::GatewaySecret(options) => gateway_secret::run(&options),
        KeysCommand::Rewrap(options) => rewrap::run(options).await,
    }
}
