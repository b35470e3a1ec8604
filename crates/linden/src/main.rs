//! `linden`: the identity platform of an online shop, in one binary.

mod apply;
mod authorities;
mod commands;
mod config;
mod data_directory;
mod dev;
mod log;
mod management;
mod metrics;
mod parts;
mod reading;
mod request_id;
mod serve;
mod storefront;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::serving;

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
    /// Run the authorization server
    Auth(commands::serving::auth::AuthOptions),
    /// Run the gateway, the shops' origin
    Gateway(commands::serving::gateway::GatewayOptions),
    /// Run services: tenant, customer, cart
    Services(commands::serving::services::ServicesOptions),
    /// Check the configuration of these three, or print its schema or an example
    #[command(subcommand)]
    Config(commands::config::ConfigCommand),
    /// Write servers, clients, users, applications and more from declarative files
    Apply(commands::apply::ApplyOptions),
    /// Add users, set passwords, lift locks
    #[command(subcommand)]
    User(commands::user::UserCommand),
    /// Add authorized clients, change their secrets
    #[command(subcommand)]
    Client(commands::client::ClientCommand),
    /// Tell what is wrong with a data directory, and what to type
    Doctor(commands::doctor::DoctorOptions),
    /// List, rotate and retire signing keys, re-encrypt them under a new master key
    #[command(subcommand)]
    Keys(commands::keys::KeysCommand),
    /// Print what is there as a file that `apply` reads, passwords and secrets as hashes
    Export(commands::export::ExportOptions),
    /// Fill a store with made-up users and sessions, to see how it behaves when it has grown
    Seed(commands::seed::SeedOptions),
}

impl Command {
    /// Whether its configuration says how it logs.
    fn is_configured(&self) -> bool {
        matches!(self, Command::Auth(_) | Command::Gateway(_) | Command::Services(_))
    }
}

/// Where data lies when nothing else is said.
pub fn default_data_directory() -> PathBuf {
    PathBuf::from("linden-data")
}

#[tokio::main]
async fn main() -> ExitCode {
    let command_line = CommandLine::parse();
    if !command_line.command.is_configured() {
        match log::LogConfig::of_environment() {
            Ok(config) => log::set_up(&config),
            Err(error) => {
                eprintln!("linden: {error:#}");
                return ExitCode::FAILURE;
            }
        }
    }
    let ended = match command_line.command {
        Command::Dev(options) => dev::run(options).await.map(|()| ExitCode::SUCCESS),
        Command::Auth(options) => serving::auth::run(options).await.map(|()| ExitCode::SUCCESS),
        Command::Gateway(options) => serving::gateway::run(options).await.map(|()| ExitCode::SUCCESS),
        Command::Services(options) => serving::services::run(options).await.map(|()| ExitCode::SUCCESS),
        Command::Config(command) => commands::config::run(&command).map(|()| ExitCode::SUCCESS),
        Command::Apply(options) => commands::apply::run(options).await,
        Command::User(command) => commands::user::run(command).await.map(|()| ExitCode::SUCCESS),
        Command::Client(command) => commands::client::run(command).await.map(|()| ExitCode::SUCCESS),
        Command::Keys(command) => commands::keys::run(command).await.map(|()| ExitCode::SUCCESS),
        Command::Export(options) => commands::export::run(options).await.map(|()| ExitCode::SUCCESS),
        Command::Seed(options) => commands::seed::run(options).await.map(|()| ExitCode::SUCCESS),
        Command::Doctor(options) => {
            let examined = commands::doctor::run(options).await;
            examined.map(|is_fine| if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            eprintln!("linden: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// Every command with its heading, and every option by name.
    #[test]
    fn the_documentation_names_every_command_and_option() {
        let document = include_str!("../../../docs/commands.md");
        let mut commands = vec![CommandLine::command()];
        commands[0].build();
        let mut seen = 0;
        while let Some(command) = commands.pop() {
            for argument in command.get_arguments().filter_map(clap::Arg::get_long) {
                let is_known = matches!(argument, "help" | "version") || document.contains(&format!("--{argument}"));
                assert!(is_known, "docs/commands.md does not tell --{argument} of {}", command.get_name());
            }
            let below: Vec<clap::Command> = command.get_subcommands().cloned().collect();
            if below.is_empty() {
                let name = command.get_bin_name().unwrap_or_default();
                assert!(document.contains(&format!("### `{name}`")), "docs/commands.md has no heading `{name}`");
                seen += 1;
            }
            commands.extend(below.into_iter().filter(|command| command.get_name() != "help"));
        }
        assert!(seen > 8, "{seen} commands");
    }
}
