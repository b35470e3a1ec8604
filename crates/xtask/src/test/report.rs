//! What ran, and how it went.

use std::fmt;
use std::time::Duration;

/// Tests of one suite. A test file or program that fell over counts as one failure, though no test of it was counted.
#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    /// Holds the counts against what the suite's own exit code says, so that neither can hide a failure.
    pub fn confirmed_by(mut self, suite_succeeded: bool) -> Self {
        if !suite_succeeded && self.passed > 0 && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

#[derive(Default)]
pub struct Report {
    lines: Vec<String>,
    passed: u64,
    failed: u64,
}

impl Report {
    pub fn ran(&mut self, suite: &str, counts: Counts, time: Duration) {
        let Counts { passed, failed, skipped } = counts;
        if passed + failed == 0 {
            return self.did_not_run(suite, "it found no test");
        }
        let time = format!("{}m {:02}s", time.as_secs() / 60, time.as_secs() % 60);
        self.lines.push(format!("{suite:<10}{passed:>6} passed {failed:>5} failed {skipped:>5} skipped {time:>9}"));
        self.passed += passed;
        self.failed += failed;
    }

    pub fn did_not_run(&mut self, suite: &str, reason: &str) {
        self.lines.push(format!("{suite:<10} DID NOT RUN: {reason}"));
        self.failed += 1;
    }

    pub fn failed(&self) -> u64 {
        self.failed
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "\n{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last_line(report: &Report) -> String {
        report.to_string().lines().last().unwrap().to_owned()
    }

    #[test]
    fn the_last_line_is_the_sum() {
        let mut report = Report::default();
        report.ran("rust", Counts { passed: 10, failed: 0, skipped: 1 }, Duration::from_secs(61));
        report.ran("browser", Counts { passed: 5, failed: 2, skipped: 0 }, Duration::from_secs(1));
        assert_eq!(last_line(&report), "15 passed, 2 failed");
    }

    #[test]
    fn a_suite_that_did_not_run_or_has_no_test_is_a_failure() {
        let mut report = Report::default();
        report.ran("rust", Counts { passed: 10, failed: 0, skipped: 0 }, Duration::ZERO);
        report.did_not_run("packages", "npm is not here");
        report.ran("browser", Counts { passed: 0, failed: 0, skipped: 7 }, Duration::ZERO);
        assert_eq!(last_line(&report), "10 passed, 2 failed");
    }

    #[test]
    fn an_exit_code_that_tells_of_a_failure_is_believed() {
        let counts = Counts { passed: 3, failed: 0, skipped: 0 };
        assert_eq!(counts.confirmed_by(false).failed, 1);
        assert_eq!(counts.confirmed_by(true).failed, 0);
        assert_eq!(Counts { failed: 2, ..counts }.confirmed_by(false).failed, 2);
    }
}
