//! The table for the terminal, and the same as JSON.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use serde::Serialize;

use crate::figures::Limits;
use crate::measure::{Cores, Rounds, Spread};

#[derive(Debug, Serialize)]
pub struct Report {
    commit: Option<String>,
    processor: Option<String>,
    cores: usize,
    rounds: Rounds,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub figure: &'static str,
    pub name: String,
    pub measured: Measured,
    pub must: Option<String>,
    pub aim: Option<String>,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    Ratio {
        floor_a_second: Spread,
        linden_a_second: Spread,
        ratio: Spread,
        floor_processor_micros: Spread,
        /// CPU time of what the ratio below is taken to: the floor, or of a sign-in the hash alone.
        base_processor_micros: Spread,
        linden_processor_micros: Spread,
        processor_ratio: Spread,
    },
    Memory {
        mebibytes: f64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Aim,
    Must,
    Missed,
    ForComparison,
}

impl Outcome {
    pub fn of(measured: &Measured, must: Limits, aim: Limits) -> Self {
        let Measured::Ratio { ratio, processor_ratio, .. } = measured else { return Outcome::ForComparison };
        let reached = |limits: Limits| {
            ratio.median >= limits.ratio && limits.processor.is_none_or(|most| processor_ratio.median <= most)
        };
        match (reached(must), reached(aim)) {
            (true, true) => Outcome::Aim,
            (true, false) => Outcome::Must,
            (false, _) => Outcome::Missed,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Aim => "aim met",
            Outcome::Must => "must met",
            Outcome::Missed => "missed",
            Outcome::ForComparison => "–",
        })
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "≥ {:.2}", self.ratio)?;
        self.processor.map_or(Ok(()), |most| write!(f, ", CPU ≤ {most:.2}"))
    }
}

impl Report {
    pub fn new(rounds: Rounds, cores: Cores) -> Self {
        println!("{} rounds of {} s; servers on core {}", rounds.count, rounds.seconds, cores.servers);
        println!("{}", heading());
        Self {
            commit: commit(),
            processor: processor(),
            cores: if cores.generator == cores.servers { 1 } else { 2 },
            rounds,
            rows: Vec::new(),
        }
    }

    pub fn add(&mut self, row: Row) {
        println!("{}", line(&row));
        self.rows.push(row);
    }

    pub fn finish(self, file: &Path) -> Result<()> {
        if let Some(directory) = file.parent() {
            std::fs::create_dir_all(directory)?;
        }
        std::fs::write(file, serde_json::to_string_pretty(&self)? + "\n")?;
        println!("written to {}", file.display());
        Ok(())
    }
}

fn heading() -> String {
    columns(["", "figure", "floor /s", "Linden /s", "ratio", "CPU µs", "CPU ratio", "must", "aim", ""])
}

fn line(row: &Row) -> String {
    let (must, aim) = (row.must.as_deref().unwrap_or("–"), row.aim.as_deref().unwrap_or("–"));
    let outcome = row.outcome.to_string();
    match &row.measured {
        Measured::Memory { mebibytes } => {
            let memory = format!("{mebibytes:.1} MiB");
            columns([row.figure, &row.name, "", &memory, "", "", "", must, aim, &outcome])
        }
        Measured::Ratio {
            floor_a_second,
            linden_a_second,
            ratio,
            base_processor_micros,
            linden_processor_micros,
            processor_ratio,
            ..
        } => columns([
            row.figure,
            &row.name,
            &format!("{:.0}", floor_a_second.median),
            &format!("{:.0}", linden_a_second.median),
            &format!("{:.2} [{:.2}–{:.2}]", ratio.median, ratio.least, ratio.most),
            &format!("{:.0} : {:.0}", linden_processor_micros.median, base_processor_micros.median),
            &format!("{:.2}", processor_ratio.median),
            must,
            aim,
            &outcome,
        ]),
    }
}

fn columns([figure, name, floor, linden, ratio, micros, processor, must, aim, outcome]: [&str; 10]) -> String {
    format!(
        "{figure:<4}{name:<46}{floor:>9}{linden:>11}  {ratio:<18}{micros:>15}  {processor:<10}{must:<20}{aim:<20}{outcome}"
    )
}

fn commit() -> Option<String> {
    let described = Command::new("git")
        .args(["-C", env!("CARGO_MANIFEST_DIR"), "describe", "--always", "--dirty"])
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&described.stdout).trim().to_owned())
}

fn processor() -> Option<String> {
    let all = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let model = all.lines().find_map(|line| line.strip_prefix("model name"))?;
    Some(model.trim_start_matches([' ', '\t', ':']).to_owned())
}
