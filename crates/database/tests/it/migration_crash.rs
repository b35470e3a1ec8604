//! A migration that is killed in the middle, with its process or with its server, leaves nothing, and is done by the next
//! start. The seed of the moments is printed; `LINDEN_TEST_SEED` sets it.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use database::{Database, Migration, Migrations, PostgresOptions, SqliteOptions, Statement, params};
use test_kit::postgres::{Protection, Server};

const FILE: &str = "DATABASE_MIGRATION_TEST_FILE";
const URL: &str = "DATABASE_MIGRATION_TEST_URL";

const FIRST: Migration = Migration { version: 1, name: "first", sql: "CREATE TABLE first (id BIGINT PRIMARY KEY)" };
/// A tenth of a second or so.
const FILLING: Migration = Migration {
    version: 2,
    name: "filling",
    sql: "INSERT INTO first (id) WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 100000)
          SELECT n FROM number",
};
const LAST: Migration = Migration { version: 3, name: "last", sql: "CREATE TABLE last (id BIGINT PRIMARY KEY)" };
const STEPS: &[Migration] = &[FIRST, FILLING, LAST];
const MIGRATIONS: Migrations = Migrations { name: "test", sqlite: STEPS, postgres: STEPS };

const ENDLESS: Migration = Migration { version: 2, name: "endless", sql: "SELECT pg_sleep(3600)" };
const NEVER_ENDING: Migrations = Migrations { name: "test", sqlite: &[], postgres: &[FIRST, ENDLESS] };

static ROWS: Statement = Statement::new("ROWS", "SELECT count(*) FROM first");
static LAST_TABLE: Statement = Statement::new("LAST_TABLE", "SELECT count(*) FROM last");

/// Whether all of it is there; half of it is a failure.
async fn is_done(database: &Database) -> bool {
    let rows = database.read_rows(&ROWS, params![]).await.ok().map(|rows| rows[0].get::<i64>(0).unwrap());
    let last = database.read_rows(&LAST_TABLE, params![]).await.is_ok();
    let pending = database.pending_migrations(&MIGRATIONS).await.unwrap();
    assert!(matches!((rows, last, pending), (None, false, 3) | (Some(100_000), true, 0)), "{rows:?} {last} {pending}");
    pending == 0
}

fn start_child(variable: &str, value: &str) -> Child {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "migration_crash::migrate_until_killed", "--nocapture"])
        .env(variable, value)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    assert!(output.lines().map_while(Result::ok).any(|line| line == "migrating"), "the child does not start");
    child
}

/// The child. By itself it does nothing.
#[tokio::test(flavor = "multi_thread")]
async fn migrate_until_killed() {
    let (database, migrations) = match (env::var_os(FILE), env::var(URL)) {
        (Some(file), _) => (Database::open_sqlite(SqliteOptions::new(PathBuf::from(file))).unwrap(), MIGRATIONS),
        (None, Ok(url)) => {
            (Database::open_postgres(PostgresOptions::new(url, "linden_test")).await.unwrap(), NEVER_ENDING)
        }
        (None, Err(_)) => return,
    };
    println!("\nmigrating");
    let _ = database.migrate(&migrations).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_a_file_has_all_or_nothing() {
    let seed = env::var("LINDEN_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_201_u64);
    println!("LINDEN_TEST_SEED={seed}");
    let mut random = seed;
    let (mut done, mut undone) = (0, 0);
    for _ in 0..12 {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("test.db");
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut child = start_child(FILE, file.to_str().unwrap());
        thread::sleep(Duration::from_micros(random % 150_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let database = Database::open_sqlite(SqliteOptions::new(&file)).unwrap();
        if is_done(&database).await {
            done += 1;
        } else {
            undone += 1;
        }
        database.migrate(&MIGRATIONS).await.unwrap();
        assert!(is_done(&database).await);
        database.close().await;
    }
    println!("{done} were through, {undone} were not");
    assert!(undone > 0, "no kill fell into a migration");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_in_the_middle_does_not_keep_the_next_one_waiting() {
    let server = Server::launch(&Protection::None);
    let mut child = start_child(URL, &server.url("postgres"));
    until_it_sleeps(&server).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let options = PostgresOptions::new(server.url("postgres"), "linden_test");
    let database = Database::open_postgres(options).await.unwrap();
    assert!(!is_done(&database).await);
    database.migrate(&MIGRATIONS).await.unwrap();
    assert!(is_done(&database).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_in_the_middle_has_nothing_of_it_when_it_is_back() {
    let server = Server::launch(&Protection::None);
    let options = PostgresOptions::new(server.url("postgres"), "linden_test");
    let database = Database::open_postgres(options).await.unwrap();
    let migrating = database.clone();
    let migrating = tokio::spawn(async move { migrating.migrate(&NEVER_ENDING).await });
    until_it_sleeps(&server).await;
    server.kill();
    let error = migrating.await.unwrap().unwrap_err();
    assert!(!error.to_string().is_empty());
    server.start();
    assert!(!is_done(&database).await);
    database.migrate(&MIGRATIONS).await.unwrap();
    assert!(is_done(&database).await);
}

async fn until_it_sleeps(server: &Server) {
    while server.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'").await.unwrap() == "0" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
