//! The suites that vitest runs, counted by its JSON report.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::report::Counts;
use crate::process;

/// Runs the npm script (a plain `vitest run`) with `settings` in its environment.
pub fn run(script: &str, settings: &[(&str, PathBuf)], long: bool) -> Result<Counts> {
    let report = process::root().join("node_modules/.linden").join(format!("{script}.json"));
    // The report of an earlier run must not speak for this one.
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut command = process::npm();
    command.args(["run", script, "--", "--reporter=default", "--reporter=json"]);
    command.arg(format!("--outputFile.json={}", report.display()));
    command.envs(settings.iter().map(|(name, path)| (name, path)));
    if long {
        command.env("LINDEN_TEST_LONG", "1");
    }
    process::announce(&command);
    let status = command.status().context("cannot start npm")?;
    let Ok(text) = fs::read_to_string(&report) else {
        bail!("`npm run {script}` wrote no report ({status})");
    };
    Ok(count(&serde_json::from_str(&text)?).confirmed_by(status.success()))
}

fn count(report: &Value) -> Counts {
    let number = |name: &str| report[name].as_u64().unwrap_or(0);
    let files = report["testResults"].as_array().map(Vec::as_slice).unwrap_or_default();
    let fell_over = |file: &&Value| {
        let tests = file["assertionResults"].as_array().map(Vec::as_slice).unwrap_or_default();
        file["status"] == "failed" && !tests.iter().any(|test| test["status"] == "failed")
    };
    Counts {
        passed: number("numPassedTests"),
        failed: number("numFailedTests") + files.iter().filter(fell_over).count() as u64,
        skipped: number("numPendingTests") + number("numTodoTests"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tests_are_counted_and_so_are_files_that_could_not_be_loaded() {
        let report = json!({
            "numPassedTests": 7, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 1,
            "testResults": [
                { "status": "passed", "assertionResults": [{ "status": "passed" }] },
                { "status": "failed", "assertionResults": [{ "status": "failed" }, { "status": "passed" }] },
                { "status": "failed", "assertionResults": [], "message": "cannot find module" },
            ],
        });
        assert_eq!(count(&report), Counts { passed: 7, failed: 2, skipped: 3 });
    }
}
