use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Result, bail};

#[cfg(test)]
mod tests;

/// Where Debian keeps the versions apart.
const DEBIAN: &str = "/usr/lib/postgresql";
/// All in one folder, so that they are of one version.
const PROGRAMS: [&str; 6] = ["initdb", "postgres", "pg_ctl", "pg_basebackup", "pg_dump", "pg_restore"];

/// The folder with PostgreSQL's server programs.
pub(super) struct Programs {
    pub(super) folder: PathBuf,
}

impl Programs {
    /// On the PATH, else the newest version in Debian's folders.
    pub(super) fn find() -> Result<Programs> {
        let path = env::var_os("PATH").unwrap_or_default();
        find_in(env::split_paths(&path), Path::new(DEBIAN))
    }
}

fn find_in(path: impl Iterator<Item = PathBuf>, debian: &Path) -> Result<Programs> {
    let mut versions: Vec<PathBuf> =
        fs::read_dir(debian).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
    versions.sort_by_key(|folder| folder.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    let of_debian = versions.iter().rev().map(|version| version.join("bin"));
    let complete = |folder: &PathBuf| PROGRAMS.iter().all(|name| folder.join(name).is_file());
    match path.chain(of_debian).find(complete) {
        Some(folder) => Ok(Programs { folder }),
        None => bail!("PostgreSQL's server is not installed; on Debian type: apt-get install -y postgresql"),
    }
}
