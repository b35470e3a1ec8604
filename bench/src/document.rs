//! docs/benchmarks.md and its plots, from what a whole run found. The prose is `document/benchmarks.md`; figures, machine
//! and versions are put into it, good and bad alike.

mod plot;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::report::{Limit, Outcome, Report, Row, SdkSize};

const PROSE: &str = include_str!("document/benchmarks.md");

/// The run that the document shows.
pub fn published() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("published.json")
}

pub fn write(report: &Report) -> Result<()> {
    report.write(&published())?;
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let images = docs.join("images/benchmarks");
    if images.exists() {
        fs::remove_dir_all(&images)?;
    }
    fs::create_dir_all(&images)?;
    for figure in figures(&report.rows) {
        let rows: Vec<&Row> = report.rows.iter().filter(|row| row.figure == figure).collect();
        fs::write(images.join(format!("{figure}.svg")), plot::rounds(&rows)?)?;
    }
    if !report.sdk_sizes.is_empty() {
        fs::write(images.join("sdk.svg"), plot::sizes(&report.sdk_sizes)?)?;
    }
    let document = docs.join("benchmarks.md");
    fs::write(&document, text(report)?)?;
    println!("written to {}", document.display());
    Ok(())
}

/// Each once, in the order of the rows.
fn figures(rows: &[Row]) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    rows.iter().map(|row| row.figure.as_str()).filter(|figure| seen.insert(*figure)).collect()
}

fn text(report: &Report) -> Result<String> {
    Ok(PROSE
        .replace("{{run}}", &run(report))
        .replace("{{figures}}", &table(&report.rows)?)
        .replace("{{notes}}", &notes(&report.rows)?)
        .replace("{{plots}}", &plots(report)?)
        .replace("{{sdk sizes}}", &sizes(&report.sdk_sizes)?))
}

fn run(report: &Report) -> String {
    let machine = &report.machine;
    let parts = [
        machine.processor.clone(),
        Some(format!("{} cores", machine.cores)),
        machine.memory_gibibytes.map(|gibibytes| format!("{gibibytes} GiB")),
        machine.kernel.clone(),
    ];
    let machine: Vec<String> = parts.into_iter().flatten().collect();
    let versions: Vec<String> = report.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    format!(
        "{}, commit {}. {}. {}. {} rounds of {} s; three for comparisons.",
        report.date,
        report.commit.as_deref().unwrap_or("unknown"),
        machine.join(", "),
        versions.join(", "),
        report.rounds.count,
        report.rounds.seconds,
    )
}

fn table(rows: &[Row]) -> Result<String> {
    let mut text = String::from("| figure | against | median [least–most] | CPU µs | CPU ratio | must | aim | |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for row in rows {
        let limit = |limit: &Option<Limit>| limit.map_or_else(|| "–".to_owned(), |limit| limit.to_string());
        let [micros, processor] = row.measured.say_processor();
        let outcome = match row.outcome {
            Outcome::Missed => "**missed**".to_owned(),
            other => other.to_string(),
        };
        writeln!(
            text,
            "| {} {} | {} | {} | {micros} | {processor} | {} | {} | {outcome} |",
            row.figure,
            row.name,
            row.against,
            row.measured.say(),
            limit(&row.must),
            limit(&row.aim),
        )?;
    }
    Ok(text.trim_end().to_owned())
}

fn notes(rows: &[Row]) -> Result<String> {
    let mut text = String::new();
    for row in rows {
        if let Some(note) = &row.note {
            writeln!(text, "- {} {}: {note}", row.figure, row.name)?;
        }
    }
    Ok(text.trim_end().to_owned())
}

fn plots(report: &Report) -> Result<String> {
    let mut text = String::new();
    for figure in figures(&report.rows) {
        let names: Vec<&str> =
            report.rows.iter().filter(|row| row.figure == figure).map(|row| row.name.as_str()).collect();
        writeln!(text, "![{figure}: {}](images/benchmarks/{figure}.svg)\n", names.join("; "))?;
    }
    Ok(text.trim_end().to_owned())
}

fn sizes(sizes: &[SdkSize]) -> Result<String> {
    let mut text = String::from("| package | at once | with all that it may load later |\n| --- | --- | --- |\n");
    for size in sizes {
        writeln!(text, "| {} {} | {} B | {} B |", size.name, size.version, size.at_once, size.with_all)?;
    }
    text.push_str("\n![Sizes of browser SDKs](images/benchmarks/sdk.svg)");
    Ok(text)
}
