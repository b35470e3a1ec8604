//! The fuzz targets, a minute each: from the corpus of the repository, with what they find kept under target/.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::report::Counts;
use crate::process;

const CARGO_FUZZ: &str = "0.13.2";
const SECONDS: u32 = 60;

/// A target that finds nothing is a test that passed.
pub fn run() -> Result<Counts> {
    let root = process::root();
    let tools = root.join("target/tools");
    let program = tools.join("bin/cargo-fuzz");
    if !program.exists() {
        let version = ["install", "cargo-fuzz", "--locked", "--version", CARGO_FUZZ, "--root"];
        process::run(process::cargo().args(version).arg(&tools))?;
    }
    let mut counts = Counts::default();
    for target in targets()? {
        let found = root.join("target/fuzz-corpus").join(&target);
        fs::create_dir_all(&found)?;
        let mut command = Command::new(&program);
        command.current_dir(&root);
        // Instrumented, but without a sanitizer: those need a nightly compiler, and our code has no unsafe blocks.
        command.args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir", "fuzz", &target]);
        command.arg(found).arg(root.join("fuzz/corpus").join(&target));
        command.args(["--", &format!("-max_total_time={SECONDS}"), "-print_final_stats=1"]);
        process::announce(&command);
        match command.status().context("cannot start cargo-fuzz")?.success() {
            true => counts.passed += 1,
            false => counts.failed += 1,
        }
    }
    Ok(counts)
}

/// One for each file.
fn targets() -> Result<Vec<String>> {
    let folder = process::root().join("fuzz/targets");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path: PathBuf = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_declared_and_has_a_corpus() {
        let root = process::root();
        let manifest = fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap();
        let targets = targets().unwrap();
        assert!(!targets.is_empty());
        for target in targets {
            assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is not in fuzz/Cargo.toml");
            assert!(root.join("fuzz/corpus").join(&target).is_dir(), "{target} has no corpus");
        }
    }
}
