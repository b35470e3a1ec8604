use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use telemetry::metrics::Storage;
use telemetry::metrics::labels::{Unavailable, WaitFor};

use crate::Reason;

/// What is measured, once somebody wants to know. Clones measure the same database.
#[derive(Clone, Default)]
pub(crate) struct Measuring(Arc<OnceLock<Storage>>);

impl Measuring {
    /// The first wish counts.
    pub(crate) fn begin(&self, storage: Storage) {
        self.0.set(storage).ok();
    }

    pub(crate) fn waited(&self, what: WaitFor, since: Instant) {
        if let Some(storage) = self.0.get() {
            storage.waited(what, since.elapsed());
        }
    }

    /// So many calls in one commit.
    pub(crate) fn committed(&self, jobs: usize, time: Duration) {
        if let Some(storage) = self.0.get() {
            storage.commit.observe(time.as_secs_f64());
            storage.commit_jobs.observe(u32::try_from(jobs).unwrap_or(u32::MAX).into());
        }
    }

    pub(crate) fn refused(&self, reason: Reason) {
        if let Some(storage) = self.0.get() {
            storage.refused(match reason {
                Reason::QueueFull => Unavailable::QueueFull,
                Reason::TimedOut => Unavailable::TimedOut,
                Reason::Disconnected => Unavailable::Disconnected,
                Reason::DiskFull | Reason::Storage => Unavailable::Storage,
                Reason::OutcomeUnknown => Unavailable::OutcomeUnknown,
                Reason::Closed => Unavailable::Other,
            });
        }
    }
}
