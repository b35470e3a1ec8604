//! docs/errors.md has a row for every code that an answer or the SDK may carry, and for no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::source_files;

const DOCUMENT: &str = "docs/errors.md";
const OAUTH: &str = "crates/auth-protocol/src/oauth_error.rs";
const SDK: &str = "packages/auth-web/src/errors.ts";

/// Codes of one kind: where the sources name them, and under which heading the document does.
struct Kind {
    heading: &'static str,
    codes: BTreeSet<String>,
}

pub fn undocumented(root: &Path) -> Result<Vec<String>> {
    let document = read(root, DOCUMENT)?;
    let kinds = [
        Kind { heading: "## OAuth and OpenID Connect", codes: between(&read(root, OAUTH)?, "=> \"", "\"") },
        Kind { heading: "## Problem details", codes: problems(root)? },
        Kind { heading: "## SDK", codes: union_members(&read(root, SDK)?) },
    ];
    let mut told = Vec::new();
    for Kind { heading, codes } in kinds {
        let documented = rows(&document, heading);
        let lacking =
            codes.difference(&documented).map(|code| format!("{DOCUMENT}: `{code}` has no row under \"{heading}\""));
        let stale =
            documented.difference(&codes).map(|code| format!("{DOCUMENT}: nothing answers `{code}` (\"{heading}\")"));
        told.extend(lacking.chain(stale));
    }
    Ok(told)
}

fn read(root: &Path, path: &str) -> Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))
}

/// Every `Problem::new(STATUS, "CODE", …)` of the crates, tests aside.
fn problems(root: &Path) -> Result<BTreeSet<String>> {
    let mut codes = BTreeSet::new();
    for file in source_files::below(&root.join("crates"))? {
        let path = source_files::relative(root, &file);
        let is_source = path.ends_with(".rs") && path.contains("/src/") && !path.contains("xtask");
        if is_source && !path.contains("/tests") {
            codes.extend(problem_codes(&fs::read_to_string(&file)?));
        }
    }
    Ok(codes)
}

fn problem_codes(source: &str) -> BTreeSet<String> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    source.split("Problem::new(").skip(1).filter_map(|call| quoted(call.split_once(',')?.1)).collect()
}

/// The string literal that comes next, if nothing but blanks comes before it.
fn quoted(text: &str) -> Option<String> {
    let (value, _) = text.trim_start().strip_prefix('"')?.split_once('"')?;
    Some(value.to_owned())
}

fn between(source: &str, open: &str, close: &str) -> BTreeSet<String> {
    source.split(open).skip(1).filter_map(|rest| Some(rest.split_once(close)?.0.to_owned())).collect()
}

/// Members of `type AuthErrorCode = | 'a' | 'b' …`.
fn union_members(source: &str) -> BTreeSet<String> {
    let union = source.split_once("type AuthErrorCode =").map_or("", |(_, rest)| rest);
    between(union.split_once(';').map_or("", |(members, _)| members), "| '", "'")
}

/// First cells of the table under a heading.
fn rows(document: &str, heading: &str) -> BTreeSet<String> {
    let section = document.split(&format!("{heading}\n")).nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    cells.map(|(code, _)| code.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process;

    #[test]
    fn every_code_of_this_repository_is_documented() {
        assert_eq!(undocumented(&process::root()).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn codes_are_found_where_they_are_written() {
        let source = "Problem::new(404, \"not_found\", \"…\")\n Problem::new(\n  status,\n  \"gone\",\n  \"…\")\n#[cfg(test)]\nmod tests {\n Problem::new(400, \"made_up\", \"\")";
        assert_eq!(problem_codes(source), BTreeSet::from(["gone".to_owned(), "not_found".to_owned()]));
        let union = "type AuthErrorCode =\n  | 'network'\n  | 'timeout'\n  | (string & {});\nconst other = a | 'b';";
        assert_eq!(union_members(union), BTreeSet::from(["network".to_owned(), "timeout".to_owned()]));
    }

    #[test]
    fn rows_belong_to_their_heading() {
        let document = "## One\n\n| code | |\n| --- | --- |\n| `a` | … |\n\n## Two\n| `b` | … |\n";
        assert_eq!(rows(document, "## One"), BTreeSet::from(["a".to_owned()]));
        assert!(rows(document, "## Three").is_empty());
    }
}
