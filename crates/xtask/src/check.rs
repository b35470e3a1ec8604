//! `cargo xtask check`: everything that can be said about the sources without running them.
//!
//! All checks run, also after one failed, so that one run tells all that is to be mended.

use std::process::{ExitCode, Stdio};

use anyhow::{Result, bail};

use crate::{process, rules, web};

pub fn run(arguments: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = arguments.first() {
        bail!("check takes no arguments, but got `{unknown}`");
    }
    let outcomes = [
        ("rules of the repository", rules::hold()),
        ("formatting (mend it with `cargo fmt`)", formatting()),
        ("clippy", clippy()),
        ("lock files of bench/ and fuzz/ (mend them with `cargo metadata` there)", locks()),
        ("TypeScript (formatting: `npm run format`)", typescript()),
    ];
    let mut failed = Vec::new();
    for (name, outcome) in outcomes {
        if let Err(error) = outcome {
            eprintln!("{error:#}");
            failed.push(name);
        }
    }
    if failed.is_empty() {
        println!("all checks hold");
        return Ok(ExitCode::SUCCESS);
    }
    bail!("not as it should be: {}", failed.join("; "))
}

fn formatting() -> Result<()> {
    process::run(process::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    process::run(process::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// Workspaces of their own, which no ordinary build looks at.
fn locks() -> Result<()> {
    for manifest in ["bench/Cargo.toml", "fuzz/Cargo.toml"] {
        let mut command = process::cargo();
        command.args(["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest]);
        process::announce(&command);
        if !command.stdout(Stdio::null()).status()?.success() {
            bail!("the lock file beside {manifest} is not of these dependencies");
        }
    }
    Ok(())
}

fn typescript() -> Result<()> {
    web::install()?;
    process::run(process::npm().args(["run", "check"]))
}
