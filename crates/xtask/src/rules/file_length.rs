//! A file is a screen or two. Beyond `LONGEST` it must be cut, or say here why it may stay.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::source_files;

const LONGEST: usize = 400;
const KINDS: [&str; 3] = ["rs", "ts", "tsx"];

/// Path and reason.
const EXCEPTIONS: &[(&str, &str)] = &[];

pub fn too_long(root: &Path) -> Result<Vec<String>> {
    let mut told = Vec::new();
    for file in source_files::below(root)? {
        let path = source_files::relative(root, &file);
        let is_source = file.extension().is_some_and(|kind| KINDS.iter().any(|ours| kind == *ours));
        if !is_source || EXCEPTIONS.iter().any(|(excepted, _)| *excepted == path) {
            continue;
        }
        let lines = fs::read_to_string(&file).with_context(|| format!("cannot read {path}"))?.lines().count();
        if lines > LONGEST {
            told.push(format!("{path} has {lines} lines, more than {LONGEST}: cut it where its subjects part"));
        }
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process;

    #[test]
    fn no_file_of_this_repository_is_too_long() {
        assert_eq!(too_long(&process::root()).unwrap(), Vec::<String>::new());
    }
}
