//! The files are for their owner alone, since they hold the master key and hashes of passwords; the directory may be seen by
//! others, but whoever may write in it could put other files in their place.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::finding::Finding;
use crate::data_directory::MasterKeyFiles;

const PRIVATE: [&str; 2] = ["auth.db", "commerce.db"];

pub fn itself(path: &Path) -> Finding {
    const CHECK: &str = "data directory";
    let shown = path.display();
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => match unsafe_access(&found, 0o022) {
            Some(why) => Finding::wrong(CHECK, format!("{shown} {why}"), repair(path, &found, 0o700)),
            None => Finding::fine(CHECK, format!("{shown}, in its owner's hands")),
        },
        Ok(_) => Finding::wrong(CHECK, format!("{shown} is no directory"), "name another with --data-dir"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Finding::wrong(
            CHECK,
            format!("there is no {shown}"),
            format!("linden dev --data-dir {shown}, or name another with --data-dir"),
        ),
        Err(error) => Finding::wrong(CHECK, format!("{shown} cannot be read: {error}"), "name another with --data-dir"),
    }
}

/// The first file that somebody else could read or change.
pub fn contents(directory: &Path) -> Finding {
    const CHECK: &str = "files";
    let keys = MasterKeyFiles::of(directory).every().unwrap_or_default();
    for path in keys.into_iter().chain(PRIVATE.map(|name| directory.join(name))) {
        let Ok(found) = std::fs::metadata(&path) else { continue };
        if let Some(why) = unsafe_access(&found, 0o077) {
            return Finding::wrong(CHECK, format!("{} {why}", path.display()), repair(&path, &found, 0o600));
        }
    }
    Finding::fine(CHECK, "for their owner alone")
}

fn unsafe_access(found: &Metadata, forbidden: u32) -> Option<String> {
    let mode = found.mode() & 0o777;
    if found.uid() != rustix::process::geteuid().as_raw() {
        Some(format!("belongs to another user (number {})", found.uid()))
    } else if mode & forbidden != 0 {
        Some(format!("can be reached by other users (mode {mode:04o})"))
    } else {
        None
    }
}

fn repair(path: &Path, found: &Metadata, mode: u32) -> String {
    match found.uid() == rustix::process::geteuid().as_raw() {
        true => format!("chmod {mode:o} {}", path.display()),
        false => format!("chown $(id -u) {}, or run linden as the user that it belongs to", path.display()),
    }
}
