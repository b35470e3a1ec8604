//! The files people wrote: everything below a folder but what is built, installed or hidden.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

const NOT_OURS: [&str; 3] = ["target", "node_modules", "dist"];

/// All files below `folder`, sorted, so that two walks of the same tree agree. Links are not followed.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type()?;
            if kind.is_file() {
                files.push(entry.path());
            } else if kind.is_dir() && !name.starts_with('.') && !NOT_OURS.contains(&name.as_str()) {
                folders.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The path as the documents write it: relative to the root, with forward slashes.
pub fn relative(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/")
}
