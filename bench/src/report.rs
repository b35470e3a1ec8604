//! What a run found: rows for the terminal while it measures, then the whole as JSON.

mod limit;
mod machine;
mod row;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::measure::{Cores, Rounds};

pub use limit::{Limit, Outcome};
use machine::Machine;
pub use row::{Measured, Row, Unit};

#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// The day of the run, such as 2026-11-30.
    pub date: String,
    pub commit: Option<String>,
    pub machine: Machine,
    /// Of everything that was measured, by name.
    pub versions: BTreeMap<String, String>,
    pub rounds: Rounds,
    pub rows: Vec<Row>,
    pub sdk_sizes: Vec<SdkSize>,
}

/// Bytes, minified and gzipped.
#[derive(Debug, Serialize, Deserialize)]
pub struct SdkSize {
    pub name: String,
    pub version: String,
    pub at_once: u64,
    /// With the parts that are loaded when they are first used.
    pub with_all: u64,
}

impl Report {
    pub fn new(rounds: Rounds, cores: Cores) -> Self {
        println!("{} rounds of {} s; servers on core {}", rounds.count, rounds.seconds, cores.servers);
        println!("{}", row::heading());
        Self {
            date: machine::today(),
            commit: machine::commit(),
            machine: Machine::look(),
            versions: machine::versions(),
            rounds,
            rows: Vec::new(),
            sdk_sizes: Vec::new(),
        }
    }

    pub fn add(&mut self, row: Row) {
        println!("{}", row.line());
        if let Some(note) = &row.note {
            println!("    {note}");
        }
        self.rows.push(row);
    }

    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is of another form", file.display()))
    }

    pub fn write(&self, file: &Path) -> Result<()> {
        if let Some(directory) = file.parent() {
            std::fs::create_dir_all(directory)?;
        }
        std::fs::write(file, serde_json::to_string_pretty(self)? + "\n")?;
        println!("written to {}", file.display());
        Ok(())
    }
}
