use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::busy::Stat;
use crate::driver::Target;
use crate::serving::READY;
use crate::shop::{PASSWORD, PASSWORD_VARIABLE};

const START: Duration = Duration::from_secs(60);

/// A server in a process of its own, killed when it is dropped.
pub struct Server {
    child: Child,
    id: u32,
    /// `http://HOST:PORT`, as it said itself.
    origin: String,
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl Server {
    /// On these cores, until it says that it is ready.
    pub async fn start(cores: &str, program: &Path, arguments: &[&OsStr]) -> Result<Self> {
        let mut command = Command::new("taskset");
        command.arg("-c").arg(cores).arg(program).args(arguments);
        command.env(PASSWORD_VARIABLE, PASSWORD);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true);
        let name = program.display();
        let mut child = command.spawn().context("taskset (util-linux) is needed to bind servers to a core")?;
        let id = child.id().with_context(|| format!("{name} ended at once"))?;
        let stdout = child.stdout.take().context("no output to read")?;
        let mut lines = BufReader::new(stdout).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await? {
                if let Some((_, origin)) = line.split_once(READY) {
                    return Ok(origin.trim().to_owned());
                }
            }
            bail!("{name} ended before it was ready")
        };
        let origin =
            tokio::time::timeout(START, ready).await.with_context(|| format!("{name} was not ready in time"))??;
        Ok(Self { child, id, origin, _stdout: lines })
    }

    /// Asked for `host`, or for the host that it named.
    pub fn target(&self, host: Option<&str>) -> Result<Target> {
        let (_, authority) = self.origin.split_once("://").context("an origin without a scheme")?;
        let (_, port) = authority.rsplit_once(':').context("an origin without a port")?;
        Ok(Target { address: format!("127.0.0.1:{port}"), host: host.unwrap_or(authority).to_owned() })
    }

    /// User and system time of all its threads so far.
    pub fn processor_time(&self) -> Result<Duration> {
        Ok(Stat::of(self.id)?.own)
    }

    /// Bytes of memory that are resident.
    pub fn resident(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes * 1024)
    }

    pub async fn stop(mut self) -> Result<()> {
        self.child.kill().await?;
        Ok(())
    }
}
