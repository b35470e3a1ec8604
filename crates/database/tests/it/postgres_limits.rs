//! What only PostgreSQL does: runs again after a conflict, gives up after a time, cancels for a caller that has gone.

use std::collections::HashSet;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use database::{Database, Error, OpenError, PostgresOptions, Reason, Statement, Transaction, params};
use test_kit::postgres::Cluster;
use tokio::sync::Barrier;

use crate::engines::{self, postgres_options};
use crate::schema::{ISSUE_CODE, MIGRATIONS, TOUCH_CODE, count_codes, id};

static SLEEP: Statement = Statement::new("SLEEP", "SELECT CAST(pg_sleep(600) AS TEXT)");
static SLEEPERS: Statement = Statement::new(
    "SLEEPERS",
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND query LIKE '%pg_sleep(600)%'
        AND pid <> pg_backend_pid()",
);
static CONFLICT: Statement = Statement::new("CONFLICT", "SELECT raise_conflict()");
static OWN_PROCESS: Statement = Statement::new("OWN_PROCESS", "SELECT CAST(pg_backend_pid() AS BIGINT)");
static HANG_UP: Statement = Statement::new("HANG_UP", "SELECT pg_terminate_backend(pg_backend_pid())");

async fn opened(change: impl FnOnce(PostgresOptions) -> PostgresOptions) -> Database {
    let database = Database::open_postgres(change(postgres_options().await)).await.unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    database
}

async fn touch(transaction: &mut Transaction, number: u64) -> Result<(), Error> {
    transaction.execute(&TOUCH_CODE, params![id(number), "touched"]).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_victim_of_a_deadlock_runs_again() {
    let database = engines::postgres().await.database;
    for number in [1, 2] {
        database.execute(&ISSUE_CODE, params![id(number), "one"]).await.unwrap();
    }
    let (runs, meeting) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(2)));
    let writers = [(1, 2), (2, 1)].map(|(first, second)| {
        let (database, runs, meeting) = (database.clone(), Arc::clone(&runs), Arc::clone(&meeting));
        tokio::spawn(async move {
            database
                .write(move |transaction| {
                    let (runs, meeting) = (Arc::clone(&runs), Arc::clone(&meeting));
                    Box::pin(async move {
                        touch(transaction, first).await?;
                        if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                            meeting.wait().await;
                        }
                        touch(transaction, second).await
                    })
                })
                .await
        })
    });
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    assert_eq!(runs.load(Ordering::SeqCst), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_three_conflicts_it_gives_up() {
    const FUNCTION: &str = "CREATE FUNCTION raise_conflict() RETURNS BIGINT LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$";
    static CREATE: Statement = Statement::new("CREATE", FUNCTION);
    let database = engines::postgres().await.database;
    database.execute(&CREATE, params![]).await.unwrap();
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let answer: Result<(), Error> = database
        .write(move |transaction| {
            counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                transaction.execute(&ISSUE_CODE, params![id(1), "one"]).await?;
                // Even a job that makes light of the conflict runs again.
                let _ = transaction.rows(&CONFLICT, params![]).await;
                Ok(())
            })
        })
        .await;
    assert!(matches!(answer, Err(Error::Contention)), "{answer:?}");
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    assert_eq!(count_codes(&database).await, 0);
    let alone = database.execute(&CONFLICT, params![]).await;
    assert!(matches!(alone, Err(Error::Contention)), "{alone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_ends_at_its_limit() {
    let database = opened(|options| PostgresOptions { statement_timeout: Duration::from_millis(100), ..options }).await;
    let answer = database.read_rows(&SLEEP, params![]).await;
    assert!(matches!(answer, Err(Error::Unavailable(Reason::TimedOut))), "{answer:?}");
    assert_eq!(count_codes(&database).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_is_waited_for_no_longer_than_its_limit() {
    let database = opened(|options| PostgresOptions { lock_timeout: Duration::from_millis(100), ..options }).await;
    database.execute(&ISSUE_CODE, params![id(1), "one"]).await.unwrap();
    let meeting = Arc::new(Barrier::new(2));
    let (holder, met) = (database.clone(), Arc::clone(&meeting));
    let holding = tokio::spawn(async move {
        holder
            .write(move |transaction| {
                let met = Arc::clone(&met);
                Box::pin(async move {
                    touch(transaction, 1).await?;
                    met.wait().await;
                    met.wait().await;
                    Ok::<_, Error>(())
                })
            })
            .await
    });
    meeting.wait().await;
    let refused = database.execute(&TOUCH_CODE, params![id(1), "late"]).await;
    assert!(matches!(refused, Err(Error::Unavailable(Reason::TimedOut))), "{refused:?}");
    meeting.wait().await;
    holding.await.unwrap().unwrap();
    assert_eq!(database.execute(&TOUCH_CODE, params![id(1), "late"]).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_waited_for_no_longer_than_its_limit() {
    let wait = Duration::from_millis(500);
    let database =
        opened(|options| PostgresOptions { connections: 1, queue_limit: 1, connection_timeout: wait, ..options }).await;
    let holder = database.clone();
    let holding = tokio::spawn(async move { holder.read_rows(&SLEEP, params![]).await.map(drop) });
    let waiter = database.clone();
    let waiting = tokio::spawn(async move { waiter.ping().await });
    while database.waiting_writes() == 0 {
        tokio::task::yield_now().await;
    }
    let refused = database.ping().await;
    assert!(matches!(refused, Err(Error::Unavailable(Reason::QueueFull))), "{refused:?}");
    let waited = waiting.await.unwrap();
    assert!(matches!(waited, Err(Error::Unavailable(Reason::TimedOut))), "{waited:?}");
    holding.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_cancels_its_statement() {
    let database = opened(|options| PostgresOptions { statement_timeout: Duration::from_secs(600), ..options }).await;
    let sleepers = || async {
        let rows = database.read_rows(&SLEEPERS, params![]).await.unwrap();
        rows[0].get::<i64>(0).unwrap()
    };
    let caller = database.clone();
    let gone = tokio::spawn(async move {
        caller
            .write(|transaction| {
                Box::pin(async move {
                    transaction.execute(&ISSUE_CODE, params![id(1), "one"]).await?;
                    transaction.rows(&SLEEP, params![]).await.map(drop)
                })
            })
            .await
    });
    while sleepers().await == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    gone.abort();
    let cancelled = async {
        while sleepers().await > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), cancelled).await.expect("the statement goes on without its caller");
    assert_eq!(count_codes(&database).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_left_in_a_transaction_is_not_lent_again() {
    let database = opened(|options| PostgresOptions { connections: 1, ..options }).await;
    let job = database.write(|transaction| {
        Box::pin(async move {
            transaction.execute(&ISSUE_CODE, params![id(1), "one"]).await?;
            pending::<Result<(), Error>>().await
        })
    });
    assert!(tokio::time::timeout(Duration::from_millis(200), job).await.is_err());
    database.execute(&ISSUE_CODE, params![id(1), "another"]).await.unwrap();
    assert_eq!(count_codes(&database).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_unavailable_and_replaced() {
    let database = opened(|options| PostgresOptions { connections: 1, ..options }).await;
    let answer: Result<(), Error> = database
        .write(|transaction| Box::pin(async move { transaction.rows(&HANG_UP, params![]).await.map(drop) }))
        .await;
    assert!(matches!(answer, Err(Error::Unavailable(Reason::Disconnected))), "{answer:?}");
    let alone = database.execute(&HANG_UP, params![]).await;
    assert!(matches!(alone, Err(Error::Unavailable(Reason::OutcomeUnknown))), "it may have been done: {alone:?}");
    database.ping().await.unwrap();
}

/// The server's processes behind four connections that are lent at the same time.
async fn four_at_once(database: &Database) -> HashSet<i64> {
    let meeting = Arc::new(Barrier::new(4));
    let lent = (0..4).map(|_| {
        let (database, meeting) = (database.clone(), Arc::clone(&meeting));
        async move {
            let read: Result<i64, Error> = database
                .read(move |snapshot| {
                    let meeting = Arc::clone(&meeting);
                    Box::pin(async move {
                        let process = snapshot.rows(&OWN_PROCESS, params![]).await?[0].get(0)?;
                        meeting.wait().await;
                        Ok(process)
                    })
                })
                .await;
            read.unwrap()
        }
    });
    lent.collect::<tokio::task::JoinSet<i64>>().join_all().await.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_takes_along_all_of_its_age() {
    let database = opened(|options| PostgresOptions { connections: 4, ..options }).await;
    let before = four_at_once(&database).await;
    assert_eq!(before, four_at_once(&database).await, "they are kept");
    database.execute(&HANG_UP, params![]).await.unwrap_err();
    let after = four_at_once(&database).await;
    assert!(before.is_disjoint(&after), "{before:?} {after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_may_lose_what_it_acknowledged_is_refused() {
    let cluster = Cluster::start();
    let options = postgres_options().await;
    let name = options.url.rsplit('=').next().unwrap().to_owned();
    cluster.run(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await.unwrap();
    let error = Database::open_postgres(options.clone()).await.unwrap_err();
    assert!(matches!(error, OpenError::NotDurable(_)), "{error}");

    // It is asked at each new connection, not at the start alone.
    cluster.run(&format!("ALTER DATABASE {name} RESET synchronous_commit")).await.unwrap();
    let database = Database::open_postgres(options).await.unwrap();
    cluster.run(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await.unwrap();
    database.ping().await.unwrap();
    database.execute(&HANG_UP, params![]).await.unwrap_err();
    let refused = database.ping().await;
    assert!(matches!(refused, Err(Error::Unavailable(Reason::Disconnected))), "{refused:?}");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_told_without_its_password() {
    let unreachable =
        Database::open_postgres(PostgresOptions::new("postgres://me:secret@127.0.0.1:9/shop", "shop")).await;
    let error = unreachable.unwrap_err();
    assert!(matches!(error, OpenError::Unreachable(_)), "{error}");
    assert!(!format!("{error} {error:?}").contains("secret"));
    let misnamed = Database::open_postgres(PostgresOptions::new("host=/nowhere", "auth; DROP TABLE x")).await;
    assert!(matches!(misnamed.unwrap_err(), OpenError::Address(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_file_that_is_to_speak_tls_is_refused_rather_than_used_in_clear() {
    let options = postgres_options().await;
    let url = format!("{} sslmode=require", options.url);
    let error = Database::open_postgres(PostgresOptions { url, ..options }).await.unwrap_err();
    assert!(matches!(error, OpenError::Address(_)), "{error}");
}
