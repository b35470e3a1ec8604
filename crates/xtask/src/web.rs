//! The TypeScript half: npm packages, the three packages' builds and the storefront's.
//!
//! Each step leaves a stamp with the hash of what went in, beside the installed packages, and is skipped while the
//! hash stays the same. `npm ci` removes the folder and the stamps with it, so new dependencies build everything anew.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{process, requirements, source_files};

/// Where the storefront's built files lie, which the program embeds.
pub const STOREFRONT_FILES: &str = "apps/storefront/dist";
/// Settings at the root that change what a build makes.
const SETTINGS: [&str; 3] = ["package.json", "package-lock.json", "tsconfig.base.json"];

/// A build: skipped while its inputs have the hash of the last time and its results are there.
struct Step {
    name: &'static str,
    inputs: &'static [&'static str],
    results: &'static [&'static str],
    arguments: &'static [&'static str],
}

const PACKAGES: Step = Step {
    name: "packages",
    inputs: &["packages"],
    results: &["packages/auth-web/dist", "packages/auth-react/dist", "packages/commerce-client/dist"],
    arguments: &["run", "build"],
};

const STOREFRONT: Step = Step {
    name: "storefront",
    inputs: &["packages", "apps/storefront"],
    results: &["apps/storefront/dist/index.html"],
    arguments: &["run", "build", "-w", "apps/storefront"],
};

/// Installs the packages that package-lock.json names, if it changed.
pub fn install() -> Result<()> {
    requirements::node()?;
    let root = process::root();
    let lock = root.join("package-lock.json");
    if !lock.is_file() {
        bail!("package-lock.json is missing: type `npm install` and commit it");
    }
    let stamp = Stamp::new(&root, "install", &[lock])?;
    if stamp.is_current() {
        return Ok(());
    }
    process::run(process::npm().arg("ci"))?;
    stamp.leave()
}

/// Builds the three packages, if need be.
pub fn build_packages() -> Result<()> {
    install()?;
    PACKAGES.take()
}

/// Builds the packages and the storefront that uses them, if need be.
pub fn build() -> Result<()> {
    build_packages()?;
    STOREFRONT.take()
}

impl Step {
    fn take(&self) -> Result<()> {
        let root = process::root();
        let mut inputs: Vec<_> = SETTINGS.iter().map(|file| root.join(file)).filter(|file| file.is_file()).collect();
        for folder in self.inputs {
            inputs.extend(source_files::below(&root.join(folder))?);
        }
        let stamp = Stamp::new(&root, self.name, &inputs)?;
        if stamp.is_current() && self.lacks(&root).is_none() {
            return Ok(());
        }
        process::run(process::npm().args(self.arguments))?;
        if let Some(result) = self.lacks(&root) {
            bail!("`npm {}` ended well, but left no {result}", self.arguments.join(" "));
        }
        stamp.leave()
    }

    fn lacks(&self, root: &Path) -> Option<&'static str> {
        self.results.iter().copied().find(|result| !root.join(result).exists())
    }
}

struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    fn new(root: &Path, step: &str, inputs: &[PathBuf]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        for input in inputs {
            let content = fs::read(input).with_context(|| format!("cannot read {}", input.display()))?;
            hasher.write(source_files::relative(root, input).as_bytes());
            hasher.write_usize(content.len());
            hasher.write(&content);
        }
        let file = root.join("node_modules/.linden").join(step);
        Ok(Self { file, hash: format!("{:016x}", hasher.finish()) })
    }

    fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|hash| hash == self.hash)
    }

    fn leave(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.hash).with_context(|| format!("cannot write {}", self.file.display()))
    }
}
