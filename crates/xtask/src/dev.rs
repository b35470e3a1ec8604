//! `cargo xtask dev [-- ARGS]`: the demo shop from the sources.
//!
//! 1. npm packages, the SDK packages and the storefront, if their files changed; without Node.js the server starts
//!    all the same and shows a page in the storefront's place.
//! 2. `cargo build -p linden`.
//! 3. This process becomes `linden dev ARGS`: the terminal, signals and the exit code are the server's own.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::{linden_binary, requirements, web};

pub fn run(arguments: &[String]) -> Result<ExitCode> {
    match requirements::node() {
        Ok(()) => web::build()?,
        Err(missing) => eprintln!("the storefront is not built. {missing:#}"),
    }
    let linden = linden_binary::debug()?;
    let arguments = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let failure = Command::new(&linden).arg("dev").args(arguments).exec();
    Err(failure).with_context(|| format!("cannot start {}", linden.display()))
}
