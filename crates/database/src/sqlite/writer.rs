//! The only thread that writes. One commit serves everyone who waits:
//!
//! 1. Take the first job, `BEGIN IMMEDIATE`.
//! 2. Each job runs in a savepoint of its own; a job that fails, panics or pends undoes itself alone.
//! 3. Take what else waits, up to 256 jobs or 5 ms; nobody is waited for.
//! 4. `COMMIT`: one flush of the disk. Only then does anyone get an answer.
//!
//! Full disk, I/O error and want of memory make SQLite give up the whole transaction behind the savepoints' back, so after
//! each job the writer looks whether there still is one. If not, no further job of the batch runs and all of them answer
//! `Unavailable`. When `COMMIT` itself fails the outcome is unknown; the connection is thrown away and opened anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use telemetry::metrics::labels::WaitFor;

use super::SqliteOptions;
use super::checkpoint::Checkpoints;
use super::connection::Connection;
use super::job::BoxedJob;
use super::queue::Queue;
use crate::measuring::Measuring;
use crate::session::{self, Session};
use crate::{Error, Reason, Transaction};

const MOST_JOBS: usize = 256;
const LONGEST_BATCH: Duration = Duration::from_millis(5);

pub(super) type WriteQueue = Queue<BoxedJob<Transaction>>;

pub(super) struct Writer {
    queue: Arc<WriteQueue>,
    options: SqliteOptions,
    checkpoints: Checkpoints,
    /// Pages in the write-ahead log, as the last commit left it.
    log_pages: Arc<AtomicU32>,
    measuring: Measuring,
    /// `None` after a failure, until the next batch opens it again.
    transaction: Option<Transaction>,
}

impl Writer {
    pub(super) fn open(
        options: &SqliteOptions,
        queue: Arc<WriteQueue>,
        checkpoints: Checkpoints,
        measuring: Measuring,
    ) -> rusqlite::Result<Writer> {
        let log_pages = Arc::new(AtomicU32::new(0));
        let transaction = Some(open(options, &log_pages)?);
        Ok(Writer { queue, options: options.clone(), checkpoints, log_pages, measuring, transaction })
    }

    /// Until the queue is closed and empty.
    pub(super) fn run(mut self) {
        while let Some(first) = self.queue.wait() {
            if !first.is_abandoned() {
                self.commit_together(first);
                self.checkpoints.after_commit(self.log_pages.load(Ordering::Relaxed));
            }
        }
    }

    fn commit_together(&mut self, first: BoxedJob<Transaction>) {
        let mut transaction = match self.begin() {
            Ok(transaction) => transaction,
            Err(error) => return self.refuse_waiting(first, &error),
        };
        let mut answers = Vec::new();
        let verdict = self.run_jobs(&mut transaction, first, &mut answers).and_then(|()| {
            let begun = Instant::now();
            commit(&transaction)?;
            self.measuring.committed(answers.len(), begun.elapsed());
            Ok(())
        });
        // Closing the connection undoes what may be left of a transaction that went wrong.
        match verdict {
            Ok(()) => self.transaction = Some(transaction),
            Err(_) => drop(transaction),
        }
        for job in answers {
            self.tell_failure(&verdict);
            job.answer(verdict.clone());
        }
    }

    fn begin(&mut self) -> Result<Transaction, Error> {
        let transaction = match self.transaction.take() {
            Some(transaction) => transaction,
            None => open(&self.options, &self.log_pages).map_err(|error| {
                tracing::error!(%error, "SQLite's file cannot be opened again");
                Error::Unavailable(Reason::Storage)
            })?,
        };
        connection(&transaction)?.control("BEGIN IMMEDIATE")?;
        Ok(transaction)
    }

    /// `Err` when the transaction was lost on the way.
    fn run_jobs(
        &self,
        transaction: &mut Transaction,
        first: BoxedJob<Transaction>,
        answers: &mut Vec<BoxedJob<Transaction>>,
    ) -> Result<(), Error> {
        let started = Instant::now();
        let mut next = Some(first);
        while let Some(mut job) = next.take() {
            if !job.is_abandoned() {
                self.measuring.waited(WaitFor::Writer, job.since());
                let outcome = run_in_savepoint(transaction, &mut job);
                answers.push(job);
                outcome?;
            }
            if answers.len() < MOST_JOBS && started.elapsed() < LONGEST_BATCH {
                next = self.queue.take();
            }
        }
        Ok(())
    }

    /// Whoever waits now gets the same answer: each trying again by itself would make the last wait for all the others.
    fn refuse_waiting(&self, first: BoxedJob<Transaction>, error: &Error) {
        let waiting = self.queue.len();
        let verdict = Err(error.clone());
        self.tell_failure(&verdict);
        first.answer(verdict);
        for job in (0..waiting).map_while(|_| self.queue.take()) {
            let verdict = Err(error.clone());
            self.tell_failure(&verdict);
            job.answer(verdict);
        }
    }

    fn tell_failure(&self, verdict: &Result<(), Error>) {
        if let Err(Error::Unavailable(reason)) = verdict {
            self.measuring.refused(*reason);
        }
    }
}

fn open(options: &SqliteOptions, log_pages: &Arc<AtomicU32>) -> rusqlite::Result<Transaction> {
    let mut connection = Connection::open_writing(options)?;
    let pages = Arc::clone(log_pages);
    connection.raw.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, count| {
        pages.store(u32::try_from(count).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }))?;
    Ok(Transaction { session: Session::new(session::Connection::Sqlite(connection)) })
}

fn run_in_savepoint(transaction: &mut Transaction, job: &mut BoxedJob<Transaction>) -> Result<(), Error> {
    connection(transaction)?.control("SAVEPOINT job")?;
    let keep = job.run(transaction);
    let failure = transaction.session.failure.take();
    let connection = connection(transaction)?;
    if !connection.in_transaction() {
        tracing::error!(?failure, "SQLite gave up the transaction of a whole batch");
        return Err(failure.filter(Error::is_unavailable).unwrap_or(Error::Unavailable(Reason::Storage)));
    }
    if !keep {
        connection.control("ROLLBACK TO job")?;
    }
    connection.control("RELEASE job")
}

fn commit(transaction: &Transaction) -> Result<(), Error> {
    connection(transaction)?.control("COMMIT").map_err(|error| {
        tracing::error!(?error, "SQLite could not commit; the outcome is unknown");
        Error::Unavailable(Reason::OutcomeUnknown)
    })
}

fn connection(transaction: &Transaction) -> Result<&Connection, Error> {
    transaction.session.sqlite()
}
