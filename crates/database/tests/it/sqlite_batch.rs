//! What happens within one commit that serves many.

use std::future::pending;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use database::{Database, Error, Reason, SqliteOptions, Statement, params};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::schema::{ISSUE_CODE, LIST_CODES, MIGRATIONS, count_codes, id};

/// A database whose writer stands still until it is let go, so that a test decides what waits for the next commit.
struct Held {
    database: Database,
    release: Sender<()>,
    holding: JoinHandle<Result<(), Error>>,
    _directory: TempDir,
}

async fn held(change: impl FnOnce(SqliteOptions) -> SqliteOptions) -> Held {
    let directory = tempfile::tempdir().unwrap();
    let options = SqliteOptions::new(directory.path().join("test.db"));
    let database = Database::open_sqlite(change(options)).unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    let (release, released) = channel();
    let (started, has_started) = channel();
    let holding = tokio::spawn(hold(database.clone(), started, Mutex::new(released)));
    tokio::task::block_in_place(|| has_started.recv().unwrap());
    Held { database, release, holding, _directory: directory }
}

async fn hold(database: Database, started: Sender<()>, released: Mutex<Receiver<()>>) -> Result<(), Error> {
    database
        .write(move |_transaction| {
            started.send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
            // Longer than a batch lasts, so that what waits comes with the next one.
            std::thread::sleep(Duration::from_millis(10));
            Box::pin(async { Ok(()) })
        })
        .await
}

impl Held {
    /// Puts a write into the queue and sees to it that it waits there before the next one.
    async fn queue<F>(&self, write: F) -> JoinHandle<Result<(), Error>>
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let before = self.database.waiting_writes();
        let task = tokio::spawn(write);
        while self.database.waiting_writes() == before {
            tokio::task::yield_now().await;
        }
        task
    }

    async fn release(self) -> (Database, TempDir) {
        self.release.send(()).unwrap();
        self.holding.await.unwrap().unwrap();
        (self.database, self._directory)
    }
}

async fn issue(database: Database, number: u64) -> Result<(), Error> {
    database.execute(&ISSUE_CODE, params![id(number), "one"]).await.map(drop)
}

async fn issue_and_then(database: Database, number: u64, then: fn() -> Result<(), Error>) -> Result<(), Error> {
    database
        .write(move |transaction| {
            Box::pin(async move {
                transaction.execute(&ISSUE_CODE, params![id(number), "one"]).await?;
                then()
            })
        })
        .await
}

async fn issue_and_pend(database: Database, number: u64) -> Result<(), Error> {
    database
        .write(move |transaction| {
            Box::pin(async move {
                transaction.execute(&ISSUE_CODE, params![id(number), "one"]).await?;
                pending::<Result<(), Error>>().await
            })
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_fails_in_a_batch_fails_alone() {
    let held = held(|options| options).await;
    let database = held.database.clone();
    let first = held.queue(issue(database.clone(), 1)).await;
    let panics = held.queue(issue_and_then(database.clone(), 2, || panic!("a bug in a job"))).await;
    let fails = held.queue(issue_and_then(database.clone(), 3, || Err(Error::Contention))).await;
    let doubles = held.queue(issue(database.clone(), 1)).await;
    let pends = held.queue(issue_and_pend(database.clone(), 4)).await;
    let last = held.queue(issue(database.clone(), 5)).await;
    let (database, _directory) = held.release().await;

    first.await.unwrap().unwrap();
    assert!(panics.await.unwrap_err().is_panic());
    assert!(matches!(fails.await.unwrap(), Err(Error::Contention)));
    assert!(matches!(doubles.await.unwrap(), Err(Error::Statement(_))));
    assert!(matches!(pends.await.unwrap(), Err(Error::Suspended)));
    last.await.unwrap().unwrap();
    let rows = database.read_rows(&LIST_CODES, params![]).await.unwrap();
    let codes: Vec<[u8; 16]> = rows.iter().map(|row| row.get(0).unwrap()).collect();
    assert_eq!(codes, [id(1), id(5)]);
}

/// A full disk makes SQLite give up the transaction, and with it the jobs that had already succeeded.
#[tokio::test(flavor = "multi_thread")]
async fn all_of_a_lost_batch_are_refused_and_none_is_there() {
    let held = held(|options| SqliteOptions { largest_file_pages: Some(40), ..options }).await;
    let database = held.database.clone();
    let before = held.queue(issue(database.clone(), 1)).await;
    let failing = held.queue(issue_and_then(database.clone(), 2, || Err(Error::Contention))).await;
    let too_big = held.queue(issue_big(database.clone(), 3)).await;
    let after = held.queue(issue(database.clone(), 4)).await;
    let (database, _directory) = held.release().await;

    for refused in [before, failing, too_big] {
        let refused = refused.await.unwrap();
        assert!(matches!(refused, Err(Error::Unavailable(Reason::DiskFull))), "{refused:?}");
    }
    after.await.unwrap().unwrap();
    let rows = database.read_rows(&LIST_CODES, params![]).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].get::<[u8; 16]>(0).unwrap(), id(4), "what came with the next commit");
}

/// The job makes light of the full disk: it goes on and answers that all is well.
async fn issue_big(database: Database, number: u64) -> Result<(), Error> {
    database
        .write(move |transaction| {
            Box::pin(async move {
                let big = "x".repeat(1_000_000);
                let _ = transaction.execute(&ISSUE_CODE, params![id(number), big]).await;
                let _ = transaction.execute(&ISSUE_CODE, params![id(number), "small"]).await;
                Ok(())
            })
        })
        .await
}

#[tokio::test]
async fn the_writer_is_set_to_lose_nothing() {
    static SETTINGS: [(Statement, i64); 4] = [
        (Statement::new("JOURNAL_MODE", "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1),
        (Statement::new("SYNCHRONOUS", "PRAGMA synchronous"), 2),
        (Statement::new("FOREIGN_KEYS", "PRAGMA foreign_keys"), 1),
        (Statement::new("CHECKPOINTS", "PRAGMA wal_autocheckpoint"), 0),
    ];
    let opened = crate::engines::sqlite().await;
    for (statement, expected) in &SETTINGS {
        let row = opened.database.execute_returning(statement, params![]).await.unwrap().unwrap();
        assert_eq!(row.get::<i64>(0).unwrap(), *expected, "{}", statement.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_limit_of_the_queue_one_is_refused_at_once() {
    let held = held(|options| SqliteOptions { queue_limit: 2, ..options }).await;
    let database = held.database.clone();
    let waiting = [held.queue(issue(database.clone(), 1)).await, held.queue(issue(database.clone(), 2)).await];
    assert_eq!(database.waiting_writes(), 2);
    let refused = issue(database.clone(), 3).await;
    assert!(matches!(refused, Err(Error::Unavailable(Reason::QueueFull))), "{refused:?}");
    let (database, _directory) = held.release().await;
    for task in waiting {
        task.await.unwrap().unwrap();
    }
    issue(database.clone(), 3).await.unwrap();
    assert_eq!(count_codes(&database).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_caller_has_gone_is_not_started() {
    let held = held(|options| options).await;
    let ran = Arc::new(AtomicBool::new(false));
    let first = held.queue(issue(held.database.clone(), 1)).await;
    let (database, watched) = (held.database.clone(), Arc::clone(&ran));
    let gone = held
        .queue(async move {
            database
                .write(move |_transaction| {
                    watched.store(true, Ordering::SeqCst);
                    Box::pin(async { Ok(()) })
                })
                .await
        })
        .await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    let (database, _directory) = held.release().await;
    first.await.unwrap().unwrap();
    issue(database, 2).await.unwrap();
    assert!(!ran.load(Ordering::SeqCst), "the job ran though nobody waited for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_finishes_what_waits() {
    let held = held(|options| options).await;
    let database = held.database.clone();
    let waiting = held.queue(issue(database.clone(), 1)).await;
    let closing = tokio::spawn(async move { database.close().await });
    let (_database, directory) = held.release().await;
    waiting.await.unwrap().unwrap();
    closing.await.unwrap();

    let log = directory.path().join("test.db-wal");
    assert!(!log.exists(), "the last connection carries the log over and removes it");
    let database = Database::open_sqlite(SqliteOptions::new(directory.path().join("test.db"))).unwrap();
    assert_eq!(count_codes(&database).await, 1);
}
