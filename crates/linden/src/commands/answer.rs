//! What a command answers on stdout: for people, or with `--json` for programs.

use std::fmt::Display;

use anyhow::Result;
use auth_core::time::Timestamp;
use jiff::Timestamp as Instant;
use serde::Serialize;

pub fn print<A: Serialize + Display>(answer: &A, json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(answer)?);
    } else {
        println!("{answer}");
    }
    Ok(())
}

/// RFC 3339, whole seconds.
pub fn moment(at: Timestamp) -> String {
    Instant::from_second(at.seconds()).map(|instant| instant.to_string()).unwrap_or_default()
}
