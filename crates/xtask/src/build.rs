//! `cargo xtask build`: what is shipped. The packages and the storefront first: the program embeds the storefront.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::{linden_binary, process, source_files, web};

pub fn run(arguments: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = arguments.first() {
        bail!("build takes no arguments, but got `{unknown}`");
    }
    web::build()?;
    let linden = linden_binary::release()?;
    embeds_the_storefront(&linden)?;
    println!("{}", linden.display());
    Ok(ExitCode::SUCCESS)
}

/// Files are embedded at compile time, and cargo does not see every change of a folder: a program with an older
/// storefront inside, or with none, must not leave here unnoticed. Vite puts a hash into each name.
fn embeds_the_storefront(linden: &Path) -> Result<()> {
    let folder = process::root().join(web::STOREFRONT_FILES);
    let program = fs::read(linden).with_context(|| format!("cannot read {}", linden.display()))?;
    for file in source_files::below(&folder)? {
        let name = source_files::relative(&folder, &file);
        if !contains(&program, name.as_bytes()) {
            bail!(
                "the program has no {name} inside: type `cargo clean --release -p linden -p gateway` and build again"
            );
        }
    }
    Ok(())
}

fn contains(program: &[u8], name: &[u8]) -> bool {
    program.windows(name.len()).any(|window| window == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_wherever_it_stands() {
        let program = b"\x7fELF..assets/index-a1b2.js";
        assert!(contains(program, b"assets/index-a1b2.js"));
        assert!(!contains(program, b"assets/index-c3d4.js"));
    }
}
