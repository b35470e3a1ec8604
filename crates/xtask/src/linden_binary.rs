//! Building the program and learning from cargo where it lies, wherever the target folder is.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;

/// `cargo build -p linden`.
pub fn debug() -> Result<PathBuf> {
    build(process::cargo().args(["build", "-p", "linden"]))
}

/// `cargo build --release -p linden`.
pub fn release() -> Result<PathBuf> {
    build(process::cargo().args(["build", "--release", "-p", "linden"]))
}

/// The program as it comes out of the tests' build: their dependencies ask for more features, so that building it by
/// itself after `cargo test` would compile many crates a second time.
pub fn beside_tests() -> Result<PathBuf> {
    build(process::cargo().args(["build", "--workspace", "--bins", "--tests"]))
}

fn build(command: &mut Command) -> Result<PathBuf> {
    process::announce(command);
    let mut cargo = command
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let mut executable = None;
    if let Some(stdout) = cargo.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            executable = linden_executable(&line?).or(executable);
        }
    }
    let status = cargo.wait()?;
    if !status.success() {
        bail!("linden could not be built ({status})");
    }
    executable.context("cargo built linden, but did not say where it is")
}

/// The path in one of cargo's messages, if it is the one about the program (not about its tests).
fn linden_executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let target = &message["target"];
    let is_program = target["name"] == "linden" && target["kind"][0] == "bin" && message["profile"]["test"] == false;
    let path = message["executable"].as_str().filter(|_| is_program)?;
    Some(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_program_is_taken_not_its_unit_tests() {
        let message = |test: bool| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"kind":["bin"],"name":"linden"}},
                    "profile":{{"test":{test}}},"executable":"/t/debug/linden"}}"#
            )
        };
        assert_eq!(linden_executable(&message(false)), Some(PathBuf::from("/t/debug/linden")));
        assert_eq!(linden_executable(&message(true)), None);
        assert_eq!(linden_executable("warning: not JSON"), None);
    }
}
