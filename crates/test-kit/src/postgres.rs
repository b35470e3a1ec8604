//! A PostgreSQL of the test process's own, made from the programs that the system has installed:
//!
//! 1. `initdb` and `postgres` are found on the PATH or where Debian puts them. Without them the test fails and names the
//!    command to type; it is never skipped.
//! 2. They run as whoever runs the test; for root, whom PostgreSQL refuses, as `postgres` or `nobody`.
//! 3. A small shell program watches over the server: it holds the other end of a pipe, and when this process ends, however
//!    it ends, it stops the server and removes the directory.
//! 4. All tests of a process share the server; each asks for an empty database. A test that hurts its server launches
//!    one of its own: [`Server`].

mod account;
mod programs;
mod server;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio_postgres::NoTls;

use account::Account;
use programs::Programs;
pub use server::{Protection, Server, url};

const LONGEST_START: Duration = Duration::from_secs(60);

/// Started once a process. No disk flushes: a test cluster need not survive the machine.
pub struct Cluster {
    directory: PathBuf,
    databases: AtomicU32,
    /// Its standard input is the pipe; it lives as long as the process.
    _watcher: Child,
}

const WATCH: &str = r#"
cd /
trap '' INT HUP TERM
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=200 -c shared_buffers=32MB \
  -c fsync=off -c full_page_writes=off -c max_wal_size=256MB -c autovacuum=off >>"$2/log" 2>&1 </dev/null &
server=$!
read -r nothing
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
"#;

impl Cluster {
    /// The process's cluster; the first caller starts it.
    ///
    /// # Panics
    /// When PostgreSQL is missing or does not start: the test fails with what to do about it.
    pub fn start() -> &'static Cluster {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(|| match launch() {
            Ok(cluster) => cluster,
            Err(error) => panic!("no PostgreSQL for the tests: {error:#}"),
        })
    }

    /// The address of a new, empty database in UTF-8 with the "C" locale.
    ///
    /// # Panics
    /// When the server does not make it.
    pub async fn fresh_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        match self.run(&format!("CREATE DATABASE {name} TEMPLATE template0")).await {
            Ok(()) => self.url(&name),
            Err(error) => panic!("no database for the test: {error:#}"),
        }
    }

    /// The address of a database of that name in this cluster.
    pub fn url(&self, database: &str) -> String {
        format!("host={} user=postgres dbname={database}", self.directory.display())
    }

    /// Runs administrative SQL as the superuser, on the database `postgres`.
    pub async fn run(&self, sql: &str) -> Result<()> {
        let (client, connection) = tokio_postgres::connect(&self.url("postgres"), NoTls).await?;
        let connection = tokio::spawn(connection);
        let done = client.batch_execute(sql).await;
        drop(client);
        connection.await??;
        Ok(done?)
    }
}

/// One of the programs that belong to the servers started here, such as `pg_dump`.
///
/// # Panics
/// When PostgreSQL is not installed.
pub fn program(name: &str) -> PathBuf {
    match Programs::find() {
        Ok(programs) => programs.folder.join(name),
        Err(error) => panic!("{error:#}"),
    }
}

fn launch() -> Result<Cluster> {
    let programs = Programs::find()?;
    let account = Account::for_postgres()?;
    let directory = tempfile::Builder::new().prefix("linden-postgres-").tempdir()?.keep();
    account.own(&directory)?;
    initialize(&programs, &account, &directory)?;
    let mut watch = Command::new("sh");
    watch.args(["-c", WATCH, "watch"]).arg(&programs.folder).arg(&directory);
    watch.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut watcher = account.run_as(&mut watch).spawn().context("sh does not start")?;
    wait_until_ready(&directory, &mut watcher)?;
    Ok(Cluster { directory, databases: AtomicU32::new(0), _watcher: watcher })
}

fn initialize(programs: &Programs, account: &Account, directory: &Path) -> Result<()> {
    let mut initdb = Command::new(programs.folder.join("initdb"));
    initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"]);
    initdb.arg(directory.join("data")).current_dir("/").stdin(Stdio::null());
    let output = account.run_as(&mut initdb).output().context("initdb does not start")?;
    if !output.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// The server writes `ready` into its pid file once it takes connections.
fn wait_until_ready(directory: &Path, watcher: &mut Child) -> Result<()> {
    let started = Instant::now();
    while started.elapsed() < LONGEST_START {
        match fs::read_to_string(directory.join("data/postmaster.pid")) {
            Ok(state) if state.lines().any(|line| line.trim() == "ready") => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).context("the server's pid file cannot be read"),
        }
        let log = || fs::read_to_string(directory.join("log")).unwrap_or_default();
        if let Some(status) = watcher.try_wait()? {
            bail!("the server's watcher ended ({status}): {}", log());
        }
        if log().contains("FATAL") {
            bail!("the server did not start: {}", log());
        }
        thread::sleep(Duration::from_millis(20));
    }
    bail!("the server was not ready within {LONGEST_START:?}")
}
