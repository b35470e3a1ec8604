//! `cargo test --workspace`, counted by the lines with which each test program ends.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use super::report::Counts;
use crate::process;

pub fn run(long: bool) -> Result<Counts> {
    let mut command = process::cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    if long {
        command.env("LINDEN_TEST_LONG", "1");
    }
    process::announce(&command);
    let mut cargo = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let mut counts = Counts::default();
    if let Some(stdout) = cargo.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            count(&line, &mut counts);
        }
    }
    let status = cargo.wait()?;
    if !status.success() && counts == Counts::default() {
        bail!("`{}` failed before any test ran ({status})", process::shown(&command));
    }
    Ok(counts.confirmed_by(status.success()))
}

/// Adds up `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.05s`.
fn count(line: &str, counts: &mut Counts) {
    let Some(result) = line.trim_start().strip_prefix("test result: ") else { return };
    let Some((_, numbers)) = result.split_once(". ") else { return };
    for part in numbers.split("; ") {
        match part.split_once(' ').map(|(number, what)| (number.parse::<u64>(), what)) {
            Some((Ok(number), "passed")) => counts.passed += number,
            Some((Ok(number), "failed")) => counts.failed += number,
            Some((Ok(number), "ignored")) => counts.skipped += number,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_programs_add_up() {
        let mut counts = Counts::default();
        for line in [
            "running 3 tests",
            "test token::tests::narrowing ... ok",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.05s",
            "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 3 filtered out; finished in 12.30s",
        ] {
            count(line, &mut counts);
        }
        assert_eq!(counts, Counts { passed: 16, failed: 2, skipped: 1 });
    }

    #[test]
    fn a_test_that_speaks_of_results_is_not_counted() {
        let mut counts = Counts::default();
        count("the test result: 5 passed; 5 failed", &mut counts);
        count("test result: unknown", &mut counts);
        assert_eq!(counts, Counts::default());
    }
}
