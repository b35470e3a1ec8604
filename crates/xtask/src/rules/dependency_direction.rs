//! Dependencies point one way (ARCHITECTURE.md): the tables below are the rule, `cargo metadata` and the package.json
//! files are held against it.
//!
//! A crate may use what an arrow, or a chain of arrows, leads to. So the gateway cannot know the authorization
//! server's rules or its storage: no arrow leads there.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{process, source_files};

type Arrows = &'static [(&'static str, &'static [&'static str])];

const CRATES: Arrows = &[
    ("linden", &["auth-server", "gateway", "commerce"]),
    ("auth-server", &["auth-store", "resource-guard", "telemetry"]),
    ("auth-store", &["auth-core", "database"]),
    ("auth-core", &["auth-protocol"]),
    ("gateway", &["resource-guard", "telemetry"]),
    ("commerce", &["resource-guard", "database", "telemetry"]),
    ("resource-guard", &["auth-protocol"]),
    ("auth-protocol", &[]),
    ("database", &["telemetry"]),
    ("telemetry", &[]),
    ("test-kit", &[]),
    ("xtask", &[]),
];

/// For development only: no program may need it.
const FOR_TESTS: &str = "test-kit";

/// The rules are pure: what reads, waits or draws is kept out of the crates that decide.
const PURE_CRATES: [&str; 2] = ["auth-protocol", "auth-core"];
const IMPURE: [&str; 8] =
    ["axum", "futures", "hyper", "reqwest", "rusqlite", "tokio", "tokio-postgres", "tracing-subscriber"];

/// Only the database crate knows which engine it is.
const ENGINES: [&str; 3] = ["rusqlite", "tokio-postgres", "deadpool-postgres"];
const MAY_KNOW_ENGINES: [&str; 2] = ["database", "test-kit"];

const PACKAGES: Arrows = &[
    ("storefront", &["auth-react", "commerce-client"]),
    ("auth-react", &["auth-web"]),
    ("auth-web", &[]),
    ("commerce-client", &[]),
];

/// Packages that people install: beside each other they need nothing (React is a peer).
const WITHOUT_RUNTIME_DEPENDENCIES: [&str; 3] = ["auth-react", "auth-web", "commerce-client"];

#[derive(Debug)]
pub struct Dependency {
    pub on: String,
    /// Lies in this repository.
    pub ours: bool,
    /// For tests, examples and builds alone.
    pub development: bool,
}

/// A crate or npm package of this repository.
#[derive(Debug)]
pub struct Member {
    pub name: String,
    pub dependencies: Vec<Dependency>,
}

pub fn broken_by_crates(crates: &[Member]) -> Vec<String> {
    let mut broken = against_arrows(crates, CRATES);
    for member in crates {
        for Dependency { on, development, .. } in &member.dependencies {
            let uses = |list: &[&str]| !development && list.contains(&on.as_str());
            if PURE_CRATES.contains(&member.name.as_str()) && uses(&IMPURE) {
                broken.push(format!("{} is pure and must not depend on {on}", member.name));
            }
            if !MAY_KNOW_ENGINES.contains(&member.name.as_str()) && uses(&ENGINES) {
                broken.push(format!("{} must reach storage through the database crate, not by {on}", member.name));
            }
        }
    }
    broken
}

pub fn broken_by_packages(packages: &[Member]) -> Vec<String> {
    let mut broken = against_arrows(packages, PACKAGES);
    for member in packages.iter().filter(|member| WITHOUT_RUNTIME_DEPENDENCIES.contains(&member.name.as_str())) {
        for dependency in member.dependencies.iter().filter(|dependency| !dependency.ours && !dependency.development) {
            broken.push(format!("{} has no runtime dependencies, but names {}", member.name, dependency.on));
        }
    }
    broken
}

fn against_arrows(members: &[Member], arrows: Arrows) -> Vec<String> {
    let mut broken = Vec::new();
    for member in members {
        if !arrows.iter().any(|(name, _)| *name == member.name) {
            broken.push(format!("{} has no place in the table of dependencies", member.name));
            continue;
        }
        let reachable = reachable_from(&member.name, arrows);
        for dependency in member.dependencies.iter().filter(|dependency| dependency.ours) {
            let on = dependency.on.as_str();
            let is_allowed = reachable.contains(on) || on == FOR_TESTS && dependency.development;
            if !is_allowed {
                broken.push(format!("{} must not depend on {on}: no arrow leads there", member.name));
            }
        }
    }
    broken
}

fn reachable_from(name: &str, arrows: Arrows) -> BTreeSet<&'static str> {
    let targets = |from: &str| arrows.iter().find(|(name, _)| *name == from).map_or(&[][..], |(_, to)| to);
    let mut reached = BTreeSet::new();
    let mut open = targets(name).to_vec();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(targets(next));
        }
    }
    reached
}

pub fn crates_of_workspace() -> Result<Vec<Member>> {
    let output = process::cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    metadata["packages"].as_array().context("cargo metadata names no packages")?.iter().map(crate_member).collect()
}

fn crate_member(package: &Value) -> Result<Member> {
    let dependencies = package["dependencies"].as_array().context("a crate without a list of dependencies")?;
    let dependency = |dependency: &Value| {
        Ok(Dependency {
            on: dependency["name"].as_str().context("a dependency without a name")?.to_owned(),
            ours: !dependency["path"].is_null(),
            development: dependency["kind"] == "dev",
        })
    };
    Ok(Member {
        name: package["name"].as_str().context("a crate without a name")?.to_owned(),
        dependencies: dependencies.iter().map(dependency).collect::<Result<_>>()?,
    })
}

/// The packages and apps by their folders' names, which are the ends of their npm names.
pub fn packages_of_workspace(root: &Path) -> Result<Vec<Member>> {
    let mut packages = Vec::new();
    for file in source_files::below(&root.join("packages"))?.into_iter().chain(source_files::below(&root.join("apps"))?)
    {
        let path = source_files::relative(root, &file);
        if let [_, folder, "package.json"] = path.split('/').collect::<Vec<_>>()[..] {
            let manifest = std::fs::read_to_string(&file)?;
            let manifest = serde_json::from_str(&manifest).with_context(|| format!("{path} is not JSON"))?;
            packages.push(package_member(folder, &manifest));
        }
    }
    Ok(packages)
}

fn package_member(folder: &str, manifest: &Value) -> Member {
    let mut dependencies = Vec::new();
    for (section, development) in [("dependencies", false), ("peerDependencies", false), ("devDependencies", true)] {
        for name in manifest[section].as_object().into_iter().flat_map(|section| section.keys()) {
            let ours = name.strip_prefix("@linden/");
            // A peer is the application's own: it decides on the version and ships it anyway.
            if ours.is_none() && section == "peerDependencies" {
                continue;
            }
            let on = ours.unwrap_or(name).to_owned();
            dependencies.push(Dependency { on, ours: ours.is_some(), development });
        }
    }
    Member { name: folder.to_owned(), dependencies }
}
