//! `cargo xtask screenshots`: photographs every screen at every size into target/screenshots, by the test that looks at them
//! all, and puts those that the documents show into docs/images.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::requirements::{self, CHROMIUM};
use crate::{linden_binary, process, web};

const TEST: &str = "tests/e2e/every-screen.test.ts";
/// What the documents show, and the screen that it is.
const SHOWN: [(&str, &str); 4] = [
    ("shop.png", "home-signed-in-1440-light.png"),
    ("shop-dark.png", "home-signed-in-1440-dark.png"),
    ("sign-in.png", "sign-in-320-light.png"),
    ("lists.png", "lists-320-light.png"),
];

pub fn run(arguments: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = arguments.first() {
        bail!("screenshots takes no arguments, but got `{unknown}`");
    }
    requirements::ensure(&[&CHROMIUM])?;
    web::build()?;
    let (root, linden) = (process::root(), linden_binary::debug()?);
    let (taken, images) = (root.join("target/screenshots"), root.join("docs/images"));
    process::run(
        process::npm()
            .args(["run", "e2e", "--", TEST])
            .env("SCREENSHOTS", &taken)
            .env("LINDEN_BINARY", linden)
            .env("CHROMIUM", requirements::chromium().context("Chromium has gone")?),
    )?;
    for (image, screen) in SHOWN {
        fs::copy(taken.join(screen), images.join(image)).with_context(|| format!("{screen} was not taken"))?;
    }
    println!("all screens are in {}, those of the documents in {}", taken.display(), images.display());
    Ok(ExitCode::SUCCESS)
}
