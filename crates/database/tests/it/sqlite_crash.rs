//! `kill -9` of a writing process, again and again on the same file:
//!
//! 1. A child (this test program once more) issues and redeems codes as fast as it can and prints what was acknowledged.
//! 2. It is killed at a random moment; the file is opened, and everything that was printed must be in it.
//! 3. The next child tries all old codes once more. Over all runs no code is won twice.
//!
//! `LINDEN_TEST_LONG=1` repeats it 400 times in place of 25. The seed is printed; `LINDEN_TEST_SEED` sets it.

use std::collections::{HashMap, HashSet};
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use database::{Database, Error, SqliteOptions, Statement, params};

use crate::schema::{ADD_KIND, FIND_ANSWERED, ISSUE_CODE, LIST_CODES, MIGRATIONS, REDEEM_CODE, id};

const FILE: &str = "DATABASE_CRASH_TEST_FILE";
const RUN: &str = "DATABASE_CRASH_TEST_RUN";
const NUMBERS_A_RUN: u64 = 1_000_000;

static CHECK: Statement = Statement::new("CHECK", "PRAGMA integrity_check");
#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_redeemed_twice() {
    let kills = if env::var_os("LINDEN_TEST_LONG").is_some() { 400 } else { 25 };
    let seed = env::var("LINDEN_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_123);
    println!("LINDEN_TEST_SEED={seed}");
    let mut random = seed;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("test.db");
    let (mut issued, mut redeemed) = (Vec::new(), HashMap::new());
    for run in 1..=kills {
        for acknowledged in killed_at(&file, run, Duration::from_micros(next(&mut random) % 150_000)) {
            match acknowledged {
                Acknowledged::Issued(code) => issued.push(code),
                Acknowledged::Redeemed(code, by) => {
                    let before = redeemed.insert(code, by);
                    assert_eq!(before, None, "run {run}: code {code} was redeemed before");
                }
            }
        }
        verify(&file, &issued, &redeemed);
    }
    println!("{} issued, {} redeemed, {kills} kills", issued.len(), redeemed.len());
    assert!(issued.len() > 10 * kills as usize && redeemed.len() > 10 * kills as usize, "there was hardly any load");
}

#[derive(Debug)]
enum Acknowledged {
    Issued(u64),
    Redeemed(u64, i64),
}

/// The child's acknowledgements up to the kill. A line cut in the middle doesn't count: nobody has read it.
fn killed_at(file: &Path, run: u64, after: Duration) -> Vec<Acknowledged> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "sqlite_crash::write_until_killed", "--nocapture"])
        .env(FILE, file)
        .env(RUN, run.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = child.stdout.take().unwrap();
    let (first, has_first) = channel();
    let reader = thread::spawn(move || {
        let mut lines = Vec::new();
        for line in BufReader::new(output).lines() {
            lines.extend(parse(&line.unwrap()));
            let _ = first.send(());
        }
        lines
    });
    // Also before the first one: then the kill may fall into the opening of the file.
    if !run.is_multiple_of(5) {
        has_first.recv_timeout(Duration::from_secs(30)).expect("no acknowledgement from the child");
    }
    thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

fn parse(line: &str) -> Option<Acknowledged> {
    let mut words = line.strip_suffix(" .")?.split(' ');
    match (words.next()?, words.next()?.parse().ok()?, words.next()) {
        ("issued", code, None) => Some(Acknowledged::Issued(code)),
        ("redeemed", code, Some(by)) => Some(Acknowledged::Redeemed(code, by.parse().ok()?)),
        _ => None,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn verify(file: &Path, issued: &[u64], redeemed: &HashMap<u64, i64>) {
    let database = Database::open_sqlite(SqliteOptions::new(file)).unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    let rows = database.read_rows(&LIST_CODES, params![]).await.unwrap();
    let found: HashMap<[u8; 16], Option<i64>> =
        rows.iter().map(|row| (row.get(0).unwrap(), row.get(1).unwrap())).collect();
    for code in issued {
        assert!(found.contains_key(&id(*code)), "code {code} was acknowledged and is lost");
    }
    for (code, by) in redeemed {
        assert_eq!(found[&id(*code)], Some(*by), "the redemption of code {code} was acknowledged and is lost");
    }
    let kinds = database.read_rows(&FIND_ANSWERED, params![]).await.unwrap();
    let kinds: HashSet<[u8; 16]> =
        kinds.iter().map(|row| id(u64::try_from(row.get::<i64>(0).unwrap()).unwrap())).collect();
    assert_eq!(kinds, found.keys().copied().collect(), "a transaction is there by half");
    let check = database.read_rows(&CHECK, params![]).await.unwrap();
    assert_eq!(check[0].get::<String>(0).unwrap(), "ok");
    database.close().await;
}

/// The child. By itself it does nothing.
#[test]
fn write_until_killed() {
    let (Some(file), Ok(run)) = (env::var_os(FILE), env::var(RUN)) else { return };
    write_under_load(Path::new(&file), run.parse().unwrap());
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn write_under_load(file: &Path, run: u64) {
    let database = Database::open_sqlite(SqliteOptions::new(file)).unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    let old = database.read_rows(&LIST_CODES, params![]).await.unwrap();
    let old: Vec<[u8; 16]> = old.iter().rev().take(2_000).map(|row| row.get(0).unwrap()).collect();
    let numbers = Arc::new(AtomicU64::new(run * NUMBERS_A_RUN));
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..16 {
        writers.spawn(issue_and_redeem(database.clone(), Arc::clone(&numbers)));
    }
    for code in old {
        redeem(&database, code).await;
    }
    writers.join_all().await;
}

async fn issue_and_redeem(database: Database, numbers: Arc<AtomicU64>) {
    loop {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        issue(&database, number).await.unwrap();
        say(format!("issued {number} ."));
        // Every fourth is left for the next run.
        if !number.is_multiple_of(4) {
            let code = id(number);
            tokio::join!(redeem(&database, code), redeem(&database, code), redeem(&database, code));
        }
    }
}

/// Two rows in one transaction: both are there, or neither.
async fn issue(database: &Database, number: u64) -> Result<(), Error> {
    database
        .write(move |transaction| {
            Box::pin(async move {
                let number_of_kind = i64::try_from(number).unwrap();
                transaction.execute(&ISSUE_CODE, params![id(number), "a client"]).await?;
                transaction.execute(&ADD_KIND, params![number_of_kind, true, id(number), None::<&str>]).await?;
                Ok(())
            })
        })
        .await
}

async fn redeem(database: &Database, code: [u8; 16]) {
    static REDEEMERS: AtomicI64 = AtomicI64::new(1);
    let by = REDEEMERS.fetch_add(1, Ordering::Relaxed);
    let won = database
        .write(move |transaction| {
            Box::pin(async move { transaction.optional(&REDEEM_CODE, params![code, 1, by]).await })
        })
        .await;
    if let Ok::<_, Error>(Some(_)) = won {
        let number = u64::from_be_bytes(code[8..].try_into().unwrap());
        say(format!("redeemed {number} {by} ."));
    }
}

/// Past the test program's own capture, and a line at a time.
fn say(line: String) {
    static LINES: OnceLock<Sender<String>> = OnceLock::new();
    let lines = LINES.get_or_init(|| {
        let (lines, spoken) = channel::<String>();
        thread::spawn(move || {
            let mut output = std::io::stdout();
            for line in spoken {
                output.write_all(format!("\n{line}\n").as_bytes()).and_then(|()| output.flush()).unwrap();
            }
        });
        lines
    });
    lines.send(line).unwrap();
}

/// Xorshift: the moments of the kills, from the seed.
fn next(random: &mut u64) -> u64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    *random
}
