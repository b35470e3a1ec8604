//! A PostgreSQL of one test's own, to be hurt: stopped, frozen, killed, followed by a standby that is promoted.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio_postgres::NoTls;

use super::account::Account;
use super::programs::Programs;
use super::{LONGEST_START, initialize};
use crate::authority::{Authority, Issued};
use crate::port::free_port;

/// Who may come in by the network. The socket file lets in everyone.
pub enum Protection<'a> {
    /// Clear text, no password.
    None,
    /// TLS or nothing, and a password by SCRAM; a test sets it with [`Server::run`].
    Password(&'a Authority),
    /// TLS or nothing, and a client certificate that bears the role's name.
    ClientCertificate(&'a Authority),
}

/// Listens on 127.0.0.1; goes with its directory when it is dropped, and when the process ends, however it ends.
pub struct Server {
    programs: Programs,
    account: Account,
    directory: PathBuf,
    port: u16,
    /// Its standard input is the pipe.
    watcher: Child,
}

/// Holds the other end of a pipe. A stopped process takes SIGKILL too.
const WATCH: &str = r#"
cd /
trap '' INT HUP TERM
read -r nothing
if read -r server <"$1/data/postmaster.pid"; then
  kill -KILL "$server" $(cat "/proc/$server/task/$server/children")
fi
rm -rf "$1"
"#;

const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
shared_buffers = 16MB
max_connections = 60
fsync = off
full_page_writes = off
autovacuum = off
wal_level = replica
";

impl Server {
    /// # Panics
    /// When PostgreSQL is missing or does not start: the test fails with what to do about it.
    pub fn launch(protection: &Protection<'_>) -> Server {
        must(launch(protection))
    }

    /// A streaming standby, which the server from now on waits for at each commit.
    ///
    /// # Panics
    /// When it does not come up.
    pub async fn standby(&self) -> Server {
        must(self.follow().await)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// By the network, as the role `postgres`.
    pub fn url(&self, database: &str) -> String {
        url(&[self], database)
    }

    /// Runs administrative SQL as the superuser, by the socket file.
    pub async fn run(&self, sql: &str) -> Result<()> {
        let (client, connection) = tokio_postgres::connect(&self.socket_url(), NoTls).await?;
        let connection = tokio::spawn(connection);
        let done = client.batch_execute(sql).await;
        drop(client);
        connection.await??;
        Ok(done?)
    }

    /// The first column of the first row, as the superuser.
    pub async fn ask(&self, sql: &str) -> Result<String> {
        let (client, connection) = tokio_postgres::connect(&self.socket_url(), NoTls).await?;
        tokio::spawn(connection);
        let rows = client.simple_query(sql).await?;
        let text = rows.iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        text.context("no row")
    }

    /// Ends sessions and shuts down in order.
    ///
    /// # Panics
    /// As [`Server::start`].
    pub fn stop(&self) {
        must(self.control(&["stop", "-m", "fast"]));
    }

    /// # Panics
    /// When it does not come up.
    pub fn start(&self) {
        must(self.control(&["start"]));
    }

    /// A standby becomes a primary of its own.
    ///
    /// # Panics
    /// When it does not.
    pub fn promote(&self) {
        must(self.control(&["promote"]));
    }

    /// Freezes all its processes; the kernel goes on taking connections for it.
    ///
    /// # Panics
    /// When it does not run.
    pub fn pause(&self) {
        must(self.signal(Signal::STOP));
    }

    /// # Panics
    /// When it does not run.
    pub fn resume(&self) {
        must(self.signal(Signal::CONT));
    }

    /// `kill -9` of all its processes at once, as when the machine loses power.
    ///
    /// # Panics
    /// When it does not run.
    pub fn kill(&self) {
        must(self.signal(Signal::STOP).and_then(|()| self.signal(Signal::KILL)));
    }

    fn control(&self, arguments: &[&str]) -> Result<()> {
        let mut control = Command::new(self.programs.folder.join("pg_ctl"));
        control.args(arguments).args(["-w", "-s", "-t", "60", "-D"]).arg(self.directory.join("data"));
        control.arg("-l").arg(self.directory.join("log"));
        let status = self.account.run_as(quiet(&mut control)).status().context("pg_ctl does not start")?;
        if !status.success() {
            bail!("pg_ctl {arguments:?}: {}", fs::read_to_string(self.directory.join("log")).unwrap_or_default());
        }
        Ok(())
    }

    /// The postmaster first when it is frozen, so that it starts nobody new; every child has a group of its own.
    fn signal(&self, signal: Signal) -> Result<()> {
        let state = fs::read_to_string(self.directory.join("data/postmaster.pid")).context("it does not run")?;
        let postmaster: i32 = state.lines().next().unwrap_or_default().parse()?;
        let send = |process: i32| Pid::from_raw(process).map(|process| kill_process(process, signal));
        if signal == Signal::STOP {
            // Its children are counted once it has no more of them: one made meanwhile would stay awake.
            send(postmaster).context("no process")??;
            until_asleep(postmaster)?;
        }
        let children = fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children"))?;
        for child in children.split_ascii_whitespace() {
            let child = child.parse()?;
            // One that has just ended is no failure.
            let _ = send(child);
            if signal == Signal::STOP {
                until_asleep(child)?;
            }
        }
        if signal != Signal::STOP {
            send(postmaster).context("no process")??;
        }
        if signal == Signal::KILL {
            while Path::new("/proc").join(postmaster.to_string()).exists() {
                thread::sleep(Duration::from_millis(5));
            }
        }
        Ok(())
    }

    async fn follow(&self) -> Result<Server> {
        let standby = Server::prepared()?;
        let mut copy = Command::new(standby.programs.folder.join("pg_basebackup"));
        copy.args(["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync", "--dbname"]);
        copy.arg(self.socket_url()).arg("--pgdata").arg(standby.directory.join("data"));
        let status = standby.account.run_as(quiet(&mut copy)).status().context("pg_basebackup does not start")?;
        if !status.success() {
            bail!("pg_basebackup failed");
        }
        standby.configure("")?;
        standby.control(&["start"])?;
        self.run("ALTER SYSTEM SET synchronous_standby_names = '*'").await?;
        self.run("SELECT pg_reload_conf()").await?;
        let started = Instant::now();
        while self.ask("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'").await? != "1" {
            if started.elapsed() > LONGEST_START {
                bail!("the standby does not follow");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(standby)
    }

    /// With a certificate for 127.0.0.1 and localhost. Renewed ones are read at `SELECT pg_reload_conf()`.
    ///
    /// # Panics
    /// When the files cannot be written.
    pub fn present(&self, certificate: &Issued) {
        let data = self.directory.join("data");
        must(self.write(&data.join("server.pem"), &certificate.certificate));
        must(self.write(&data.join("server.key"), &certificate.key));
    }

    /// Whose client certificates it takes, likewise.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn trust(&self, authority: &Authority) {
        must(self.write(&self.directory.join("data/authority.pem"), &authority.certificate()));
    }

    /// So that the server may write there.
    ///
    /// # Panics
    /// When that is not permitted.
    pub fn own(&self, directory: &Path) {
        must(self.account.own(directory));
    }

    fn protect(&self, authority: &Authority) -> Result<()> {
        self.trust(authority);
        self.present(&authority.server(&["127.0.0.1", "localhost"]));
        self.configure(
            "ssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'\nssl_ca_file = 'authority.pem'",
        )
    }

    fn prepared() -> Result<Server> {
        let (programs, account) = (Programs::find()?, Account::for_postgres()?);
        let directory = tempfile::Builder::new().prefix("linden-postgres-").tempdir()?.keep();
        account.own(&directory)?;
        let mut watch = Command::new("sh");
        watch.args(["-c", WATCH, "watch"]).arg(&directory);
        watch.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let watcher = account.run_as(&mut watch).spawn().context("sh does not start")?;
        Ok(Server { programs, account, directory, port: free_port()?, watcher })
    }

    /// The last of several settings of a name counts.
    fn configure(&self, further: &str) -> Result<()> {
        let (directory, port) = (self.directory.display(), self.port);
        let own = format!("port = {port}\nunix_socket_directories = '{directory}'\n{further}\n");
        self.append("postgresql.conf", &own)
    }

    fn append(&self, name: &str, text: &str) -> Result<()> {
        let file = self.directory.join("data").join(name);
        let before = fs::read_to_string(&file).unwrap_or_default();
        self.write(&file, &format!("{before}\n{text}"))
    }

    fn write(&self, file: &Path, text: &str) -> Result<()> {
        fs::write(file, text)?;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
        self.account.own(file)
    }

    fn socket_url(&self) -> String {
        format!("host={} port={} user=postgres dbname=postgres", self.directory.display(), self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
    }
}

/// The address of several servers of which one takes writes.
pub fn url(servers: &[&Server], database: &str) -> String {
    let hosts: Vec<String> = servers.iter().map(|server| format!("127.0.0.1:{}", server.port)).collect();
    format!("postgres://postgres@{}/{database}", hosts.join(","))
}

fn launch(protection: &Protection<'_>) -> Result<Server> {
    let server = Server::prepared()?;
    initialize(&server.programs, &server.account, &server.directory)?;
    server.configure(SETTINGS)?;
    let (rule, authority) = match protection {
        Protection::None => ("host all all 127.0.0.1/32 trust", None),
        Protection::Password(authority) => ("hostssl all all 127.0.0.1/32 scram-sha-256", Some(authority)),
        Protection::ClientCertificate(authority) => ("hostssl all all 127.0.0.1/32 cert", Some(authority)),
    };
    if let Some(authority) = authority {
        server.protect(authority)?;
    }
    let admission = format!("local all all trust\nlocal replication all trust\n{rule}\n");
    server.write(&server.directory.join("data/pg_hba.conf"), &admission)?;
    server.control(&["start"])?;
    Ok(server)
}

/// Waits until it is stopped or has ended: the first letter behind the name in `/proc/<pid>/stat` (proc(5)).
fn until_asleep(process: i32) -> Result<()> {
    let begun = Instant::now();
    loop {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        match state {
            None | Some('T' | 't' | 'Z' | 'X') => return Ok(()),
            Some(state) if begun.elapsed() > LONGEST_START => bail!("process {process} does not stop: {state}"),
            Some(_) => thread::sleep(Duration::from_millis(1)),
        }
    }
}

fn quiet(command: &mut Command) -> &mut Command {
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

fn must<T>(done: Result<T>) -> T {
    match done {
        Ok(value) => value,
        Err(error) => panic!("PostgreSQL for the test: {error:#}"),
    }
}
