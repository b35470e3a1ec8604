use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use telemetry::metrics::labels::WaitFor;

use super::SqliteOptions;
use super::connection::Connection;
use super::job::BoxedJob;
use super::queue::Queue;
use crate::measuring::Measuring;
use crate::session::{self, Session};
use crate::{Error, Reason, Snapshot};

/// A snapshot that stays open keeps the write-ahead log from being used anew.
const LONGEST_READ: Duration = Duration::from_secs(1);
/// Steps of SQLite's machine between two looks at the clock.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

pub(super) type ReadQueue = Queue<BoxedJob<Snapshot>>;

/// One of several threads that read, each by a connection of its own that cannot write.
pub(super) struct Reader {
    queue: Arc<ReadQueue>,
    options: SqliteOptions,
    deadline: Deadline,
    measuring: Measuring,
    /// `None` after a failure, until the next job opens it again.
    snapshot: Option<Snapshot>,
}

impl Reader {
    pub(super) fn open(
        options: &SqliteOptions,
        queue: Arc<ReadQueue>,
        measuring: Measuring,
    ) -> rusqlite::Result<Reader> {
        let deadline = Deadline::new();
        let snapshot = Some(open(options, &deadline)?);
        Ok(Reader { queue, options: options.clone(), deadline, measuring, snapshot })
    }

    /// Until the queue is closed and empty.
    pub(super) fn run(mut self) {
        while let Some(mut job) = self.queue.wait() {
            if !job.is_abandoned() {
                self.measuring.waited(WaitFor::Reader, job.since());
                let verdict = self.read(&mut job);
                job.answer(verdict);
            }
        }
    }

    fn read(&mut self, job: &mut BoxedJob<Snapshot>) -> Result<(), Error> {
        let mut snapshot = match self.snapshot.take() {
            Some(snapshot) => snapshot,
            None => open(&self.options, &self.deadline).map_err(|error| {
                tracing::error!(%error, "SQLite's file cannot be opened for reading");
                Error::Unavailable(Reason::Storage)
            })?,
        };
        self.deadline.set(LONGEST_READ);
        snapshot.session.sqlite()?.control("BEGIN")?;
        job.run(&mut snapshot);
        snapshot.session.failure = None;
        self.deadline.clear();
        let connection = snapshot.session.sqlite()?;
        // An interrupted or failed read may have ended the transaction already. The job has its answer either way.
        if !connection.in_transaction() || connection.control("COMMIT").is_ok() {
            self.snapshot = Some(snapshot);
        }
        Ok(())
    }
}

fn open(options: &SqliteOptions, deadline: &Deadline) -> rusqlite::Result<Snapshot> {
    let mut connection = Connection::open_reading(options)?;
    let deadline = deadline.clone();
    connection.raw.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || deadline.has_passed()))?;
    Ok(Snapshot { session: Session::new(session::Connection::Sqlite(connection)) })
}

/// When the running read must be over, shared with the handler inside SQLite.
#[derive(Clone)]
struct Deadline {
    epoch: Instant,
    /// Microseconds after `epoch`.
    at: Arc<AtomicU64>,
}

impl Deadline {
    fn new() -> Deadline {
        Deadline { epoch: Instant::now(), at: Arc::new(AtomicU64::new(u64::MAX)) }
    }

    fn set(&self, from_now: Duration) {
        self.at.store(self.micros() + from_now.as_micros() as u64, Ordering::Relaxed);
    }

    fn clear(&self) {
        self.at.store(u64::MAX, Ordering::Relaxed);
    }

    fn has_passed(&self) -> bool {
        self.micros() > self.at.load(Ordering::Relaxed)
    }

    fn micros(&self) -> u64 {
        self.epoch.elapsed().as_micros() as u64
    }
}
