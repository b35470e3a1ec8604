//! What must be on the machine beside Rust, and how to get it.
//!
//! Chromium, PostgreSQL, HAProxy, libfaketime and Python come from Debian's packages: they are installed when we may (root, apt-get), otherwise the
//! command to type is told. Node.js is never installed: people have it from many places, and Debian's may be too old.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;

/// vite 8 needs it.
const OLDEST_NODE: (u32, u32) = (20, 19);

pub struct Program {
    name: &'static str,
    debian_package: &'static str,
    find: fn() -> Option<PathBuf>,
}

pub const CHROMIUM: Program = Program { name: "Chromium", debian_package: "chromium", find: chromium };
pub const POSTGRESQL: Program = Program { name: "PostgreSQL", debian_package: "postgresql", find: postgresql };
/// In front of many nodes.
pub const HAPROXY: Program = Program { name: "HAProxy", debian_package: "haproxy", find: haproxy };
/// For clocks that step.
pub const FAKETIME: Program = Program { name: "libfaketime", debian_package: "faketime", find: faketime };
/// To play a client library of Python's.
pub const PYTHON: Program = Program { name: "Python with venv", debian_package: "python3-venv", find: python };

/// The browser: `$CHROMIUM`, or the first of the usual names on the PATH.
pub fn chromium() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|path| path.is_file());
    }
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path)
}

/// `initdb`: on the PATH, or where Debian keeps it apart by version.
fn postgresql() -> Option<PathBuf> {
    on_path("initdb").or_else(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        versions.flatten().map(|version| version.path().join("bin/initdb")).find(|path| path.is_file())
    })
}

/// Debian keeps it where only root's PATH leads.
fn haproxy() -> Option<PathBuf> {
    on_path("haproxy").or_else(|| Some(PathBuf::from("/usr/sbin/haproxy")).filter(|path| path.is_file()))
}

/// The library; in Debian in a folder by architecture.
fn faketime() -> Option<PathBuf> {
    let libraries = std::fs::read_dir("/usr/lib").ok()?;
    let folders = libraries.flatten().map(|entry| entry.path().join("faketime"));
    folders.map(|folder| folder.join("libfaketimeMT.so.1")).find(|path| path.is_file())
}

/// `python3` that can make environments: Debian's cannot without a package more.
fn python() -> Option<PathBuf> {
    process::answer("python3", &["-c", "import ensurepip, venv"])?;
    on_path("python3")
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Sees to it that the programs are here, by apt-get if need be.
pub fn ensure(programs: &[&Program]) -> Result<()> {
    let missing = missing(programs);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.iter().map(|program| program.name).collect::<Vec<_>>().join(" and ");
    let packages: Vec<_> = missing.iter().map(|program| program.debian_package).collect();
    if !may_install() {
        bail!(
            "the tests need {names}. On Debian or Ubuntu type\n\n  sudo apt-get update && sudo apt-get install -y \
             --no-install-recommends {}\n\nelsewhere install them as usual ($CHROMIUM may name the browser)",
            packages.join(" ")
        );
    }
    process::run(&mut apt_get(&["update"])).context("the package lists could not be fetched")?;
    process::run(apt_get(&["install", "-y", "--no-install-recommends"]).args(packages))?;
    match self::missing(programs).first() {
        None => Ok(()),
        Some(program) => bail!(
            "apt-get installed {}, yet {} is not to be found (does $CHROMIUM name a file?)",
            program.debian_package,
            program.name
        ),
    }
}

fn missing<'a>(programs: &[&'a Program]) -> Vec<&'a Program> {
    programs.iter().copied().filter(|program| (program.find)().is_none()).collect()
}

fn may_install() -> bool {
    on_path("apt-get").is_some() && process::answer("id", &["-u"]).as_deref() == Some("0")
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    command
}

/// Fails with what to do unless Node.js and npm are here and new enough.
pub fn node() -> Result<()> {
    let (major, minor) = OLDEST_NODE;
    let wanted =
        format!("install Node.js {major}.{minor} or newer with npm (https://nodejs.org), then repeat the command");
    let Some(version) = process::answer("node", &["--version"]) else {
        bail!("Node.js is not here: {wanted}");
    };
    if process::answer("npm", &["--version"]).is_none() {
        bail!("npm is not here: {wanted}");
    }
    match parse_version(&version) {
        Some(found) if found >= OLDEST_NODE => Ok(()),
        _ => bail!("Node.js {version} is too old: {wanted}"),
    }
}

/// Major and minor of `v20.19.1`.
fn parse_version(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().trim_start_matches('v').split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_compare_by_number_not_by_text() {
        assert!(parse_version("v20.9.0").unwrap() < OLDEST_NODE);
        assert!(parse_version("v20.19.0").unwrap() >= OLDEST_NODE);
        assert!(parse_version("v100.0.0").unwrap() >= OLDEST_NODE);
        assert_eq!(parse_version("nightly"), None);
    }

    #[test]
    fn a_program_that_is_nowhere_is_missing() {
        let absent = Program { name: "Absent", debian_package: "absent", find: || None };
        let present = Program { name: "Present", debian_package: "present", find: || Some(PathBuf::from("/")) };
        let missing = missing(&[&absent, &present]);
        assert_eq!(missing.iter().map(|program| program.name).collect::<Vec<_>>(), ["Absent"]);
    }
}
