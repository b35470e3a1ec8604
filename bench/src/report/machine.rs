use std::collections::BTreeMap;
use std::process::Command;

use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub struct Machine {
    pub processor: Option<String>,
    pub cores: usize,
    pub memory_gibibytes: Option<u64>,
    pub kernel: Option<String>,
}

impl Machine {
    pub fn look() -> Self {
        let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").ok();
        let memory =
            field("/proc/meminfo", "MemTotal").and_then(|text| text.trim_end_matches("kB").trim().parse().ok());
        Self {
            processor: field("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gibibytes: memory.map(|kibibytes: u64| kibibytes.div_ceil(1 << 20)),
            kernel: kernel.map(|text| format!("Linux {}", text.trim())),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the day of a run is the machine's")]
pub fn today() -> String {
    jiff::ZonedDateTime::now().date().to_string()
}

pub fn commit() -> Option<String> {
    said_by("git", &["-C", env!("CARGO_MANIFEST_DIR"), "describe", "--always", "--dirty"])
}

pub fn versions() -> BTreeMap<String, String> {
    let mut versions = BTreeMap::from([("SQLite".to_owned(), rusqlite::version().to_owned())]);
    for (name, program) in [("Rust", "rustc"), ("Node.js", "node")] {
        versions.extend(said_by(program, &["--version"]).map(|version| (name.to_owned(), version)));
    }
    versions
}

fn said_by(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn field(file: &str, name: &str) -> Option<String> {
    let all = std::fs::read_to_string(file).ok()?;
    let value = all.lines().find_map(|line| line.strip_prefix(name))?;
    Some(value.trim_start_matches([' ', '\t', ':']).to_owned())
}
