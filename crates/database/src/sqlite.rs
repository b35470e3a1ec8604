//! SQLite: one file, one thread that writes, several that read, one that carries the log over.

mod checkpoint;
mod connection;
mod inspection;
mod job;
mod migrate;
mod queue;
mod reader;
mod writer;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures::future::BoxFuture;

pub(crate) use connection::Connection;
use queue::Queue;
use reader::{ReadQueue, Reader};
use writer::{WriteQueue, Writer};

use crate::measuring::Measuring;
use crate::{Error, MigrateError, Migrations, OpenError, Prepared, Reason, Snapshot, Statement, Transaction};

/// How a SQLite file is opened; [`SqliteOptions::new`] has what a server wants.
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    /// The file, made if it is missing; `-wal` and `-shm` files lie beside it while it is open.
    pub path: PathBuf,
    /// Threads that read, each with its own connection.
    pub readers: usize,
    /// How many jobs may wait for the writer, and as many for the readers; one more is refused at once.
    pub queue_limit: usize,
    /// How long another program (the command line) may hold the file.
    pub busy_timeout: Duration,
    /// Stop growing at so many pages of 4 KiB, as if the disk were full.
    pub largest_file_pages: Option<u32>,
}

impl SqliteOptions {
    pub fn new(path: impl Into<PathBuf>) -> SqliteOptions {
        SqliteOptions {
            path: path.into(),
            readers: 4,
            queue_limit: 4_096,
            busy_timeout: Duration::from_secs(5),
            largest_file_pages: None,
        }
    }
}

pub(crate) struct Sqlite {
    options: SqliteOptions,
    writes: Arc<WriteQueue>,
    reads: Arc<ReadQueue>,
    threads: Mutex<Threads>,
    pub(crate) measuring: Measuring,
}

#[derive(Default)]
struct Threads {
    readers: Vec<JoinHandle<()>>,
    writers: Vec<JoinHandle<()>>,
}

impl Sqlite {
    pub(crate) fn open(options: SqliteOptions) -> Result<Sqlite, OpenError> {
        let failed = |detail: String| OpenError::File { path: options.path.display().to_string(), detail };
        create_private(&options.path).map_err(|error| failed(error.to_string()))?;
        let engine = |error: rusqlite::Error| failed(error.to_string());
        let writes = Arc::new(Queue::new(options.queue_limit));
        let reads = Arc::new(Queue::new(options.queue_limit));
        let measuring = Measuring::default();
        let (checkpoints, checkpoint_thread) = checkpoint::open(&options).map_err(engine)?;
        let writer = Writer::open(&options, Arc::clone(&writes), checkpoints, measuring.clone()).map_err(engine)?;
        let readers: Vec<Reader> = (0..options.readers.max(1))
            .map(|_| Reader::open(&options, Arc::clone(&reads), measuring.clone()).map_err(engine))
            .collect::<Result<_, _>>()?;

        // From here on a failure closes the queues, which ends the threads that already run.
        let sqlite = Sqlite { options, writes, reads, threads: Mutex::default(), measuring };
        let mut threads = sqlite.threads();
        threads.writers.push(start("sqlite-checkpoint", || checkpoint_thread.run())?);
        threads.writers.push(start("sqlite-writer", || writer.run())?);
        for reader in readers {
            threads.readers.push(start("sqlite-reader", || reader.run())?);
        }
        drop(threads);
        Ok(sqlite)
    }

    pub(crate) async fn write<F, T, E>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Transaction) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = job::job(work);
        self.writes.push(job).map_err(|reason| self.refused(reason))?;
        answer.await
    }

    pub(crate) async fn read<F, T, E>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Snapshot) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = job::job(work);
        self.reads.push(job).map_err(|reason| self.refused(reason))?;
        answer.await
    }

    fn refused(&self, reason: Reason) -> Error {
        self.measuring.refused(reason);
        Error::Unavailable(reason)
    }

    pub(crate) fn waiting_writes(&self) -> usize {
        self.writes.len()
    }

    pub(crate) async fn migrate(&self, migrations: Migrations) -> Result<(), MigrateError> {
        let options = self.options.clone();
        let done = tokio::task::spawn_blocking(move || migrate::migrate(&options, &migrations));
        done.await.unwrap_or(Err(MigrateError::Database(Error::Unavailable(Reason::Closed))))
    }

    pub(crate) fn prepare_all(&self, statements: &[&Statement]) -> Result<Vec<Prepared>, Error> {
        let connection =
            Connection::open_writing(&self.options).map_err(|error| connection::error_of("OPEN", error))?;
        statements.iter().map(|statement| connection.prepare(statement)).collect()
    }

    /// Takes no more jobs, finishes those that wait, and ends the threads: readers first, so that the last connection to
    /// close is one that may carry the log over and remove it.
    pub(crate) async fn close(&self) {
        self.reads.close();
        let threads = std::mem::take(&mut *self.threads());
        let writes = Arc::clone(&self.writes);
        let ended = tokio::task::spawn_blocking(move || {
            let join = |thread: JoinHandle<()>| {
                let _ = thread.join();
            };
            threads.readers.into_iter().for_each(join);
            writes.close();
            threads.writers.into_iter().for_each(join);
        });
        let _ = ended.await;
    }

    fn threads(&self) -> std::sync::MutexGuard<'_, Threads> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.reads.close();
        self.writes.close();
    }
}

fn start(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    thread::Builder::new().name(name.to_owned()).spawn(run).map_err(OpenError::Threads)
}

/// SQLite would make the file readable for everyone; its `-wal` and `-shm` files take over the mode chosen here.
fn create_private(path: &std::path::Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
