//! Documents point at what exists: relative links in every *.md, and the paths that the feature map names.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::source_files;

const FEATURE_MAP: &str = "docs/feature-map.md";

/// Relative links that lead nowhere. Anchors within a document and addresses of other sites are not followed.
pub fn broken_links(root: &Path) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for file in source_files::below(root)? {
        if file.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let folder = file.parent().unwrap_or(root);
        for (line, target) in links(&fs::read_to_string(&file)?) {
            let path = target.split(['#', '?']).next().unwrap_or_default();
            if !path.is_empty() && !folder.join(path).exists() {
                broken.push(format!("{}:{line}: {path} does not exist", source_files::relative(root, &file)));
            }
        }
    }
    Ok(broken)
}

/// Paths of the feature map, written as code, that are not in the repository.
pub fn broken_feature_paths(root: &Path) -> Result<Vec<String>> {
    let Ok(map) = fs::read_to_string(root.join(FEATURE_MAP)) else {
        return Ok(vec![format!("{FEATURE_MAP} is missing")]);
    };
    let missing = |(line, path): (usize, String)| {
        let exists = root.join(&path).exists();
        (!exists).then(|| format!("{FEATURE_MAP}:{line}: {path} does not exist"))
    };
    Ok(named_paths(&map).into_iter().filter_map(missing).collect())
}

/// Line and target of each inline link, image and link definition outside code.
fn links(markdown: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    let mut in_block = false;
    for (number, line) in (1..).zip(markdown.lines()) {
        if is_fence(line) {
            in_block = !in_block;
            continue;
        }
        if in_block {
            continue;
        }
        // Every second piece between backticks is code.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("code");
        let definition = prose.trim_start().strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, to)| to);
        let inline = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in inline.chain(definition) {
            let target = target.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>']);
            if !target.contains(':') && !target.starts_with('/') {
                links.push((number, target.to_owned()));
            }
        }
    }
    links
}

/// Line and path of each piece of code that looks like a path from the root: it begins with a folder of ours.
fn named_paths(map: &str) -> Vec<(usize, String)> {
    const FOLDERS: [&str; 6] = ["apps/", "bench/", "crates/", "docs/", "packages/", "tests/"];
    let lines = (1..).zip(map.lines());
    let code = lines.flat_map(|(number, line)| line.split('`').skip(1).step_by(2).map(move |code| (number, code)));
    code.filter(|(_, code)| FOLDERS.iter().any(|folder| code.starts_with(folder)))
        .flat_map(|(number, code)| alternatives(code).into_iter().map(move |path| (number, path)))
        .collect()
}

/// `a/{b,c}.rs` means `a/b.rs` and `a/c.rs`.
fn alternatives(path: &str) -> Vec<String> {
    let braces = path.split_once('{').and_then(|(start, rest)| Some((start, rest.split_once('}')?)));
    let Some((start, (choices, end))) = braces else { return vec![path.to_owned()] };
    choices.split(',').flat_map(|choice| alternatives(&format!("{start}{}{end}", choice.trim()))).collect()
}

fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}
