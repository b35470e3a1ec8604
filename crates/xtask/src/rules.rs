//! What holds for the sources as a whole. `cargo xtask check` tells what is broken, and so do this crate's tests.

mod dependency_direction;
mod document_links;
mod error_codes;
mod file_length;
mod proofs;

use anyhow::{Result, bail};

use crate::process;

/// Fails with all that is broken, a line each.
pub fn hold() -> Result<()> {
    let root = process::root();
    let mut broken = dependency_direction::broken_by_crates(&dependency_direction::crates_of_workspace()?);
    broken.extend(dependency_direction::broken_by_packages(&dependency_direction::packages_of_workspace(&root)?));
    broken.extend(document_links::broken_links(&root)?);
    broken.extend(document_links::broken_feature_paths(&root)?);
    broken.extend(error_codes::undocumented(&root)?);
    broken.extend(proofs::missing(&root)?);
    broken.extend(file_length::too_long(&root)?);
    if broken.is_empty() {
        return Ok(());
    }
    bail!("{}", broken.join("\n"))
}
