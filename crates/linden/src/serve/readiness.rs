use std::fmt::Display;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use database::{Database, Migrations};
use futures::future::{BoxFuture, join_all};
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Ending;

/// Asked more often than this, the last result is told again: whoever reaches the address does not drive the database.
const FRESH: Duration = Duration::from_millis(250);

/// Whether requests are well sent here: all named checks hold, and the program does not end.
pub struct Readiness {
    ending: Ending,
    checks: Vec<Check>,
    last: Mutex<Option<(Instant, Report)>>,
}

struct Check {
    name: &'static str,
    limit: Duration,
    held: AtomicBool,
    run: Box<dyn Fn() -> BoxFuture<'static, Result<(), NotReady>> + Send + Sync>,
}

/// Why not: a sentence that anybody may read, and the cause, which only the log tells.
#[derive(Debug)]
pub struct NotReady {
    said: &'static str,
    cause: String,
}

impl NotReady {
    pub fn new(said: &'static str, cause: impl Display) -> Self {
        Self { said, cause: cause.to_string() }
    }
}

/// What `/readyz` tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub ready: bool,
    /// The program ends: requests are to go elsewhere.
    pub leaving: bool,
    pub checks: Vec<Checked>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub check: &'static str,
    pub holds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
}

impl Readiness {
    pub fn new(ending: Ending) -> Self {
        Self { ending, checks: Vec::new(), last: Mutex::new(None) }
    }

    /// With one more check, which has `limit` to hold.
    pub fn with<F, R>(mut self, name: &'static str, limit: Duration, check: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), NotReady>> + Send + 'static,
    {
        let run = Box::new(move || -> BoxFuture<'static, _> { Box::pin(check()) });
        self.checks.push(Check { name, limit, held: AtomicBool::new(true), run });
        self
    }

    /// With the check that a database takes writes, and has the schema that this program knows.
    pub fn with_database(self, name: &'static str, database: &Database, migrations: &'static Migrations) -> Self {
        let database = database.clone();
        self.with(name, Duration::from_secs(2), move || {
            let database = database.clone();
            async move {
                database.ping().await.map_err(|error| NotReady::new("cannot be reached, or takes no writes", error))?;
                match database.pending_migrations(migrations).await {
                    Ok(0) => Ok(()),
                    Ok(steps) => Err(NotReady::new("lacks migrations", format!("{steps} steps: restart this node"))),
                    Err(error) => Err(NotReady::new("has another schema than this program", error)),
                }
            }
        })
    }

    pub async fn report(&self) -> Report {
        if self.ending.is_leaving() {
            return Report { ready: false, leaving: true, checks: Vec::new() };
        }
        let mut last = self.last.lock().await;
        if let Some((at, report)) = &*last
            && at.elapsed() < FRESH
        {
            return report.clone();
        }
        let checks = join_all(self.checks.iter().map(Check::outcome)).await;
        let report = Report { ready: checks.iter().all(|check| check.holds), leaving: false, checks };
        *last = Some((Instant::now(), report.clone()));
        report
    }
}

impl Check {
    async fn outcome(&self) -> Checked {
        let outcome = tokio::time::timeout(self.limit, (self.run)()).await;
        let outcome = outcome.unwrap_or_else(|_| Err(NotReady::new("gave no answer in time", "time-out")));
        let why = outcome.as_ref().err().map(|not_ready| not_ready.said);
        self.note(outcome);
        Checked { check: self.name, holds: why.is_none(), why }
    }

    /// A line when it changes, not one whenever somebody asks.
    fn note(&self, outcome: Result<(), NotReady>) {
        let held_before = self.held.swap(outcome.is_ok(), Ordering::Relaxed);
        match outcome {
            Err(NotReady { said, cause }) if held_before => {
                tracing::warn!(check = self.name, %cause, "not ready: {} {said}", self.name);
            }
            Ok(()) if !held_before => tracing::info!(check = self.name, "ready again"),
            _ => {}
        }
    }
}
