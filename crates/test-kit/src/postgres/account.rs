use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// Whom the server runs as.
pub(super) enum Account {
    /// Whoever runs the test.
    Own,
    /// Somebody harmless in root's place.
    Other { user: u32, group: u32 },
}

impl Account {
    pub(super) fn for_postgres() -> Result<Account> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Account::Own);
        }
        let accounts = fs::read_to_string("/etc/passwd").context("/etc/passwd")?;
        let find = |name: &str| accounts.lines().find_map(|line| parse(line, name));
        find("postgres")
            .or_else(|| find("nobody"))
            .context("neither an account postgres nor nobody to run PostgreSQL as")
    }

    pub(super) fn own(&self, directory: &Path) -> Result<()> {
        match self {
            Account::Own => Ok(()),
            Account::Other { user, group } => Ok(chown(directory, Some(*user), Some(*group))?),
        }
    }

    pub(super) fn run_as<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match self {
            Account::Own => command,
            Account::Other { user, group } => command.uid(*user).gid(*group),
        }
    }
}

/// `name:password:user:group:…`
fn parse(line: &str, name: &str) -> Option<Account> {
    let mut fields = line.split(':');
    if fields.next()? != name {
        return None;
    }
    Some(Account::Other { user: fields.nth(1)?.parse().ok()?, group: fields.next()?.parse().ok()? })
}
