//! `linden`: the identity platform of an online shop, in one binary.

mod apply;
mod commands;
mod data_directory;
mod dev;
mod serve;
mod storefront;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

#[derive(Debug, Parser)]
#[command(version, about = "The identity platform of an online shop")]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run everything in one process on one port, with a demo shop
    Dev(dev::DevOptions),
    /// Write servers, clients, users, applications and more from declarative files
    Apply(commands::apply::ApplyOptions),
    /// Add users, set passwords, lift locks
    #[command(subcommand)]
    User(commands::user::UserCommand),
    /// Add authorized clients, change their secrets
    #[command(subcommand)]
    Client(commands::client::ClientCommand),
    /// Look at signing keys
    #[command(subcommand)]
    Keys(commands::keys::KeysCommand),
    /// Print what is there as a file that `apply` reads, passwords and secrets as hashes
    Export(commands::export::ExportOptions),
}

/// Where data lies when nothing else is said.
pub fn default_data_directory() -> PathBuf {
    PathBuf::from("linden-data")
}

#[tokio::main]
async fn main() -> ExitCode {
    let command_line = CommandLine::parse();
    log_to_stderr();
    let ended = match command_line.command {
        Command::Dev(options) => dev::run(options).await.map(|()| ExitCode::SUCCESS),
        Command::Apply(options) => commands::apply::run(options).await,
        Command::User(command) => commands::user::run(command).await.map(|()| ExitCode::SUCCESS),
        Command::Client(command) => commands::client::run(command).await.map(|()| ExitCode::SUCCESS),
        Command::Keys(command) => commands::keys::run(command).await.map(|()| ExitCode::SUCCESS),
        Command::Export(options) => commands::export::run(options).await.map(|()| ExitCode::SUCCESS),
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            eprintln!("linden: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// stdout carries what other programs read: ready lines and secrets shown once.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("LINDEN_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
