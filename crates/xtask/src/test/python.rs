//! A Python of the tests' own, with the client library that they play: made once, and again when the list of packages changes.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

const PACKAGES: &str = "tests/e2e/python/requirements.txt";

/// The interpreter, with everything installed.
pub fn ready() -> Result<PathBuf> {
    let root = process::root();
    let (folder, list) = (root.join("target/python"), root.join(PACKAGES));
    let (interpreter, stamp) = (folder.join("bin/python"), folder.join("installed.txt"));
    let wanted = fs::read(&list).with_context(|| format!("cannot read {PACKAGES}"))?;
    if interpreter.exists() && fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(interpreter);
    }
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    process::run(Command::new(&interpreter).args(install).arg(&list))?;
    fs::write(&stamp, wanted)?;
    Ok(interpreter)
}
