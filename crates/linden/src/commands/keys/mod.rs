//! `linden keys …`: the signing keys of an authorization server.

mod gateway_secret;
mod list;
mod retire;
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
}

pub async fn run(command: KeysCommand) -> Result<()> {
    match command {
        KeysCommand::List(options) => list::run(options).await,
        KeysCommand::Rotate(options) => rotate::run(options).await,
        KeysCommand::Retire(options) => retire::run(options).await,
        KeysCommand::GatewaySecret(options) => gateway_secret::run(&options),
    }
}
