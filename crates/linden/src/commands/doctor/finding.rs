use std::fmt;

use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Fine,
    Wrong,
}

/// What one check found, and what to type where it is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub check: &'static str,
    pub verdict: Verdict,
    pub found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    pub fn fine(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Fine, found: found.into(), advice: None }
    }

    pub fn wrong(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Wrong, found: found.into(), advice: Some(advice.into()) }
    }
}

#[derive(Serialize)]
pub struct Report {
    fine: bool,
    checks: Vec<Finding>,
}

impl Report {
    pub fn new(checks: Vec<Finding>) -> Self {
        Self { fine: checks.iter().all(|finding| finding.verdict == Verdict::Fine), checks }
    }

    pub fn is_fine(&self) -> bool {
        self.fine
    }
}

/// A line a check, and below it what to do.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { check, verdict, found, advice } in &self.checks {
            let verdict = match verdict {
                Verdict::Fine => "fine ",
                Verdict::Wrong => "WRONG",
            };
            writeln!(f, "{verdict}  {check}: {found}")?;
            if let Some(advice) = advice {
                writeln!(f, "       -> {advice}")?;
            }
        }
        let wrong = self.checks.iter().filter(|finding| finding.verdict == Verdict::Wrong).count();
        match wrong {
            0 => write!(f, "all is well"),
            1 => write!(f, "one thing is wrong"),
            several => write!(f, "{several} things are wrong"),
        }
    }
}
