//! What machines do to PostgreSQL while writers are at work: it is stopped, killed, frozen, followed by its standby, its
//! disk fills. Every call ends; nothing that was acknowledged is lost; nobody has to restart us.
//!
//! `LINDEN_TEST_LONG=1` freezes it for 30 s in place of 3.

use std::collections::HashSet;
use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use database::{Database, Error, OpenError, PostgresOptions, Reason, params};
use test_kit::postgres::{Protection, Server, url};
use tokio::task::JoinSet;

use crate::schema::{ISSUE_CODE, LIST_CODES, MIGRATIONS, id};
use test_kit::mounted::Mounted;

/// What a call may take at most, many times over: to tell a late answer from none.
const FOREVER: Duration = Duration::from_secs(120);

fn impatient(url: String) -> PostgresOptions {
    PostgresOptions {
        connections: 8,
        connection_timeout: Duration::from_secs(4),
        statement_timeout: Duration::from_secs(3),
        lock_timeout: Duration::from_secs(3),
        ..PostgresOptions::new(url, "linden_test")
    }
}

async fn opened(options: PostgresOptions) -> Database {
    let opening = async {
        loop {
            match Database::open_postgres(options.clone()).await {
                Ok(database) => return database,
                // On a loaded machine.
                Err(OpenError::Unreachable(_) | OpenError::NoServer(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    };
    let database = tokio::time::timeout(FOREVER, opening).await.expect("the server does not take us in");
    database.migrate(&MIGRATIONS).await.unwrap();
    database
}

/// Half of them write in a transaction of several statements, half by a statement alone.
async fn issue(database: &Database, number: u64) -> Result<(), Error> {
    if number.is_multiple_of(2) {
        return database.execute(&ISSUE_CODE, params![id(number), "alone"]).await.map(drop);
    }
    database
        .write(move |transaction| {
            Box::pin(async move { transaction.execute(&ISSUE_CODE, params![id(number), "together"]).await.map(drop) })
        })
        .await
}

/// Writers that go on whatever happens, and what they were promised.
struct Writers {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
    tasks: JoinSet<Vec<u64>>,
}

impl Writers {
    fn start(database: &Database, count: u64) -> Writers {
        let (stop, done) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let mut tasks = JoinSet::new();
        for writer in 0..count {
            tasks.spawn(write_on(database.clone(), writer * 1_000_000, Arc::clone(&stop), Arc::clone(&done)));
        }
        Writers { stop, done, tasks }
    }

    async fn proceed(&self) {
        let goal = self.done.load(Ordering::SeqCst) + 20;
        let proceeding = async {
            while self.done.load(Ordering::SeqCst) < goal {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(FOREVER, proceeding).await.expect("writing does not go on");
    }

    async fn end(self) -> Vec<u64> {
        self.stop.store(true, Ordering::SeqCst);
        let ended = tokio::time::timeout(FOREVER, self.tasks.join_all()).await.expect("a call does not end");
        ended.concat()
    }
}

async fn write_on(database: Database, first: u64, stop: Arc<AtomicBool>, done: Arc<AtomicU64>) -> Vec<u64> {
    let mut acknowledged = Vec::new();
    for number in first.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        match issue(&database, number).await {
            Ok(()) => {
                acknowledged.push(number);
                done.fetch_add(1, Ordering::SeqCst);
            }
            // What comes from the storage is 503 to whoever asked; anything else would be a bug.
            Err(error) => assert!(error.is_unavailable(), "{error:?}"),
        }
    }
    acknowledged
}

async fn assert_kept(database: &Database, acknowledged: &[u64]) {
    let rows = database.read_rows(&LIST_CODES, params![]).await.unwrap();
    let found: HashSet<[u8; 16]> = rows.iter().map(|row| row.get(0).unwrap()).collect();
    for number in acknowledged {
        assert!(found.contains(&id(*number)), "code {number} was acknowledged and is lost");
    }
    println!("{} acknowledged, {} there", acknowledged.len(), found.len());
}

/// Sessions of ours at the server come down to what the pool may hold.
async fn assert_no_pile_up(server: &Server, database: &Database) {
    let settled = async {
        let ours = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'linden'";
        while database.waiting_writes() > 0 || server.ask(ours).await.unwrap().parse::<u32>().unwrap() > 8 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(FOREVER, settled).await.expect("calls or sessions pile up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_stopped_or_killed_is_found_again() {
    let server = Server::launch(&Protection::None);
    let database = opened(impatient(server.url("postgres"))).await;
    let writers = Writers::start(&database, 16);
    for hurt in [Server::stop, Server::kill, Server::stop] {
        writers.proceed().await;
        hurt(&server);
        let refused = database.ping().await.unwrap_err();
        assert!(refused.is_unavailable(), "{refused:?}");
        server.start();
        writers.proceed().await;
    }
    let acknowledged = writers.end().await;
    assert_kept(&database, &acknowledged).await;
    assert_no_pile_up(&server, &database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_is_frozen_every_call_ends_and_afterwards_nothing_piles_up() {
    let pause = if env::var_os("LINDEN_TEST_LONG").is_some() { 30 } else { 3 };
    let server = Server::launch(&Protection::None);
    let database = opened(impatient(server.url("postgres"))).await;
    // More than there are connections: some wait for one.
    let writers = Writers::start(&database, 32);
    writers.proceed().await;
    server.pause();
    let started = std::time::Instant::now();
    let mut answers = 0;
    while started.elapsed() < Duration::from_secs(pause) {
        let calls: JoinSet<_> = (0..20)
            .map(|_| {
                let database = database.clone();
                async move { database.ping().await }
            })
            .collect();
        for answer in tokio::time::timeout(FOREVER, calls.join_all()).await.expect("a call does not end") {
            assert!(answer.unwrap_err().is_unavailable());
            answers += 1;
        }
    }
    println!("frozen for {:?}, {answers} answers meanwhile", started.elapsed());
    server.resume();
    writers.proceed().await;
    let acknowledged = writers.end().await;
    assert_kept(&database, &acknowledged).await;
    assert_no_pile_up(&server, &database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promoted_standby_is_found_and_has_everything() {
    for (told, hurt) in [("killed", Server::kill as fn(&Server)), ("frozen", Server::pause)] {
        println!("the primary is {told}");
        let primary = Server::launch(&Protection::None);
        let standby = primary.standby().await;
        let database = opened(impatient(url(&[&primary, &standby], "postgres"))).await;
        let writers = Writers::start(&database, 16);
        writers.proceed().await;
        hurt(&primary);
        standby.promote();
        writers.proceed().await;
        if told == "frozen" {
            // It thaws, and believes to be the primary still: nobody of us goes back to it.
            primary.resume();
            writers.proceed().await;
        }
        let acknowledged = writers.end().await;
        assert_kept(&database, &acknowledged).await;
        assert_no_pile_up(&standby, &database).await;
        let direct = opened(impatient(standby.url("postgres"))).await;
        assert_kept(&direct, &acknowledged).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_its_standby_has_not_got_is_not_acknowledged() {
    const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    let primary = Server::launch(&Protection::None);
    let options = impatient(primary.url("postgres"));
    let patient = PostgresOptions { statement_timeout: Duration::from_secs(600), ..options.clone() };
    let (database, patient) = (opened(options).await, opened(patient).await);
    let standby = primary.standby().await;
    issue(&database, 1).await.unwrap();
    standby.stop();
    for number in [2, 3] {
        let answer = issue(&database, number).await;
        assert!(matches!(answer, Err(Error::Unavailable(Reason::OutcomeUnknown))), "{answer:?}");
    }
    // Those two still wait at the server, unseen by others: a request to cancel would have shown them.
    let waiting = async |count: &str| {
        let until = async {
            while primary.ask(WAITING).await.unwrap() != count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(FOREVER, until).await.expect(count);
    };
    waiting("2").await;
    let writer = patient.clone();
    let gone = tokio::spawn(async move { issue(&writer, 4).await });
    waiting("3").await;
    gone.abort();
    let writers = [5, 6].map(|number| {
        let writer = patient.clone();
        tokio::spawn(async move { issue(&writer, number).await })
    });
    waiting("5").await;
    assert_eq!(primary.ask("SELECT count(*) FROM linden_test.code").await.unwrap(), "1");

    // An operator loses patience: the server then says yes, with a warning.
    primary.run("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'").await.unwrap();
    for writer in writers {
        let answer = writer.await.unwrap();
        assert!(matches!(answer, Err(Error::Unavailable(Reason::OutcomeUnknown))), "{answer:?}");
    }
    standby.start();
    issue(&database, 7).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_becomes_read_only_is_left() {
    let server = Server::launch(&Protection::None);
    let database = opened(impatient(server.url("postgres"))).await;
    issue(&database, 1).await.unwrap();
    for (setting, is_writable) in [("on", false), ("off", true)] {
        server.run(&format!("ALTER SYSTEM SET default_transaction_read_only = {setting}")).await.unwrap();
        server.run("SELECT pg_reload_conf()").await.unwrap();
        let known = async {
            while database.ping().await.is_ok() != is_writable {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(FOREVER, known).await.expect(setting);
        for number in [2, 3] {
            match issue(&database, number).await {
                Ok(()) => assert!(is_writable),
                Err(error) => assert!(error.is_unavailable() && !is_writable, "{error:?}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_and_is_freed() {
    let server = Server::launch(&Protection::None);
    let directory = tempfile::tempdir().unwrap();
    let Some(mounted) = Mounted::of_megabytes(8, directory.path()) else {
        println!("mounting is not permitted here");
        return;
    };
    let space = mounted.path.join("space");
    std::fs::create_dir(&space).unwrap();
    server.own(&space);
    server.run(&format!("CREATE TABLESPACE small LOCATION '{}'", space.display())).await.unwrap();
    server.run("ALTER ROLE postgres SET default_tablespace = small").await.unwrap();
    let database = opened(impatient(server.url("postgres"))).await;
    let ballast = mounted.path.join("ballast");
    std::fs::write(&ballast, vec![0; 4_000_000]).unwrap();

    let mut acknowledged = fill(&database, 0).await;
    assert!(!acknowledged.is_empty());
    assert_kept(&database, &acknowledged).await;
    std::fs::remove_file(&ballast).unwrap();
    acknowledged.extend(fill(&database, 1_000_000).await);
    assert_kept(&database, &acknowledged).await;
}

/// Until the disk is full, and what was acknowledged until then.
async fn fill(database: &Database, first: u64) -> Vec<u64> {
    let mut acknowledged = Vec::new();
    for number in first..first + 10_000 {
        match database.execute(&ISSUE_CODE, params![id(number), "x".repeat(1_900)]).await {
            Ok(_) => acknowledged.push(number),
            Err(Error::Unavailable(Reason::DiskFull)) => return acknowledged,
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("the disk does not fill");
}
