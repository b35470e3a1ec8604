//! What is shipped: the program, and the SDK beside those of others.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::peer;
use crate::measure::spread;
use crate::report::{Limit, Measured, Row, SdkSize, Unit};

const MUST: Limit = Limit::at_most(35.0, Unit::Megabytes);
const AIM: Limit = Limit::at_most(20.0, Unit::Megabytes);

/// As it leaves the release build, which strips it.
pub fn program(program: &Path) -> Result<Row> {
    let bytes = std::fs::metadata(program)?.len();
    let measured = Measured::Amount { unit: Unit::Megabytes, linden: spread([bytes as f64 / 1e6]), base: None };
    Ok(Row::limited("P25", "stripped program", "–", measured, MUST, AIM))
}

pub fn sdks() -> Result<Vec<SdkSize>> {
    let script = peer::directory().join("sdk-sizes.mjs");
    let output = Command::new("node").arg(&script).output().context("node is needed to bundle the SDKs")?;
    if !output.status.success() {
        bail!("{}: {}", script.display(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
