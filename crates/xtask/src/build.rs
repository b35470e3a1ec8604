//! `cargo xtask build`: what is shipped. The packages and the storefront first: the program embeds the storefront.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{linden_binary, web};

pub fn run(arguments: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = arguments.first() {
        bail!("build takes no arguments, but got `{unknown}`");
    }
    web::build()?;
    println!("{}", linden_binary::release()?.display());
    Ok(ExitCode::SUCCESS)
}
