use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

/// Operators' commands, about the stores of one installation.
pub(super) struct Commands {
    program: PathBuf,
    option: &'static str,
    place: PathBuf,
}

impl Commands {
    /// `option` is `--data-dir` or `--config`.
    pub(super) fn of(program: &Path, option: &'static str, place: &Path) -> Self {
        Self { program: program.to_owned(), option, place: place.to_owned() }
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new(&self.program).args(arguments).arg(self.option).arg(&self.place).output()?;
        if !output.status.success() {
            bail!("linden {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}
