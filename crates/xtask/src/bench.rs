//! `cargo xtask bench [ARGS]`: builds the release program and the packages, installs what they are measured beside, then
//! runs bench/ with the program's path in `LINDEN_BINARY`.
//!
//! bench/ is a workspace of its own, so that no ordinary build compiles the floors and the load generator.

use std::process::ExitCode;

use anyhow::Result;

use crate::{linden_binary, process, web};

pub fn run(arguments: &[String]) -> Result<ExitCode> {
    web::build()?;
    process::run(process::npm().args(["ci", "--prefix", "bench/peers"]))?;
    let linden = linden_binary::release()?;
    let mut command = process::cargo();
    command.args(["run", "--release", "--manifest-path", "bench/Cargo.toml", "--"]).args(arguments);
    process::announce(&command);
    let status = command.env("LINDEN_BINARY", linden).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
