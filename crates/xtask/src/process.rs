//! Running the tools that do the work.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The folder of the workspace's Cargo.toml and package.json.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}

/// The cargo that runs this program, called at the root.
pub fn cargo() -> Command {
    at_root(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// npm, called at the root; it asks nothing and advertises nothing.
pub fn npm() -> Command {
    let mut command = at_root("npm");
    command.stdin(Stdio::null()).env("npm_config_fund", "false").env("npm_config_audit", "false");
    command
}

fn at_root(program: impl Into<OsString>) -> Command {
    let mut command = Command::new(program.into());
    command.current_dir(root());
    command
}

/// Shows the command on stderr and runs it to its end. What it prints goes to stderr too: a command's stdout is kept
/// for its result (`dev`: the ready line, `test`: what the tests say).
pub fn run(command: &mut Command) -> Result<()> {
    announce(command);
    let status = command.stdout(io::stderr()).status().with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// What a command answers on stdout, or nothing if it cannot be started or fails.
pub fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

pub fn announce(command: &Command) {
    let (bold, plain) = if io::stderr().is_terminal() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    eprintln!("{bold}$ {}{plain}", shown(command));
}

/// The command as one would type it: the program's bare name, then its arguments.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
