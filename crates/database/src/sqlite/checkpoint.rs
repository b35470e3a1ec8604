//! Carries committed pages from the write-ahead log into the database file, on a thread and a connection of its own, so
//! that no commit waits for it. The writer reports the log's length after each commit:
//!
//! 1. Every [`PAGES_BETWEEN`] further pages wake the thread for a passive checkpoint, which waits for nobody.
//! 2. A log that was carried over whole is used anew from its start by the next commit. Under unbroken load the writer is
//!    always a little ahead, so past [`MOST_PAGES`] the writer itself carries the remainder over, between two commits.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use super::SqliteOptions;
use super::connection::Connection;

/// 4 MiB at SQLite's usual page of 4 KiB.
const PAGES_BETWEEN: u32 = 1_000;
/// 64 MiB likewise.
const MOST_PAGES: u32 = 16_384;
/// A log file that grew beyond this is cut when it is used anew.
pub(super) const LARGEST_LOG_BYTES: i64 = 64 * 1024 * 1024;
/// How long the writer waits for readers of old pages before it goes on with a long log.
const PATIENCE: Duration = Duration::from_millis(100);

/// The writer's end.
pub(super) struct Checkpoints {
    wake: SyncSender<()>,
    connection: Connection,
    reported: u32,
}

/// The thread's end.
pub(super) struct CheckpointThread {
    woken: Receiver<()>,
    connection: Connection,
}

pub(super) fn open(options: &SqliteOptions) -> rusqlite::Result<(Checkpoints, CheckpointThread)> {
    let (wake, woken) = sync_channel(1);
    let thread = CheckpointThread { woken, connection: Connection::open_writing(options)? };
    let connection = Connection::open_writing(options)?;
    connection.raw.busy_timeout(PATIENCE)?;
    Ok((Checkpoints { wake, connection, reported: 0 }, thread))
}

impl Checkpoints {
    pub(super) fn after_commit(&mut self, log_pages: u32) {
        if log_pages < self.reported {
            self.reported = 0;
        }
        if log_pages < self.reported + PAGES_BETWEEN {
            return;
        }
        self.reported = log_pages;
        if log_pages > MOST_PAGES {
            carry_over(&self.connection, "PRAGMA wal_checkpoint(RESTART)");
        } else {
            // Full: the thread is already on its way.
            let _ = self.wake.try_send(());
        }
    }
}

impl CheckpointThread {
    /// Until the writer is gone.
    pub(super) fn run(self) {
        while self.woken.recv().is_ok() {
            carry_over(&self.connection, "PRAGMA wal_checkpoint(PASSIVE)");
        }
    }
}

/// A failed checkpoint loses nothing: the log keeps what it holds, and the next one tries again.
fn carry_over(connection: &Connection, pragma: &'static str) {
    if let Err(error) = connection.raw.query_row(pragma, [], |_row| Ok(())) {
        tracing::warn!(%error, "a checkpoint of SQLite's log failed");
    }
}
