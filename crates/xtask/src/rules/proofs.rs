//! Proofs that docs/security.md names are there: `path#name` is a test of that name in that file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

const DOCUMENT: &str = "docs/security.md";

pub fn missing(root: &Path) -> Result<Vec<String>> {
    let document = fs::read_to_string(root.join(DOCUMENT)).with_context(|| format!("cannot read {DOCUMENT}"))?;
    let mut told = Vec::new();
    for (line, path, name) in named(&document) {
        let exists = fs::read_to_string(root.join(&path)).is_ok_and(|source| is_test(&source, &name));
        if !exists {
            told.push(format!("{DOCUMENT}:{line}: {path} has no test `{name}`"));
        }
    }
    Ok(told)
}

/// Line, path and name of each `path#name`.
fn named(document: &str) -> Vec<(usize, String, String)> {
    let lines = (1..).zip(document.lines());
    let code = lines.flat_map(|(number, line)| line.split('`').skip(1).step_by(2).map(move |code| (number, code)));
    code.filter_map(|(number, code)| {
        code.split_once('#').map(|(path, name)| (number, path.to_owned(), name.to_owned()))
    })
    .collect()
}

/// In Rust a function, in TypeScript the title of a test.
fn is_test(source: &str, name: &str) -> bool {
    let titles = ['\'', '"', '`'].map(|quote| format!("{quote}{name}{quote}"));
    source.contains(&format!("fn {name}(")) || titles.iter().any(|title| source.contains(title.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process;

    #[test]
    fn every_proof_that_is_named_exists() {
        assert_eq!(missing(&process::root()).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_proof_has_a_file_and_a_name() {
        let found = named("| 1 | `a/b.rs#it_holds`, `crates/x` |\n`c.ts#signs in`");
        assert_eq!(found, [(1, "a/b.rs".into(), "it_holds".into()), (2, "c.ts".into(), "signs in".into())]);
        assert!(is_test("async fn it_holds() {", "it_holds") && is_test("test('signs in', …", "signs in"));
        assert!(!is_test("it_holds();", "it_holds"));
    }
}
