//! A running `linden dev`. It logs all it can, and at its end none of that may be secret (`test_kit::secrets`).

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use test_kit::process::Process;
use test_kit::secrets;

pub fn linden() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linden"));
    command.stdin(Stdio::null());
    command
}

/// A command that is expected to end by itself.
pub fn output(args: &[&str]) -> Output {
    linden().args(args).output().unwrap()
}

pub struct Shop {
    /// Until it is ended.
    process: Option<Process>,
    pub origin: String,
    log: File,
}

impl Shop {
    pub fn start(data: &Path) -> Self {
        Self::start_on(data, "127.0.0.1:0", &[])
    }

    /// Waits until it is ready.
    pub fn start_on(data: &Path, listen: &str, more: &[&str]) -> Self {
        let mut command = linden();
        command.args(["dev", "--listen", listen, "--data-dir"]).arg(data).args(more);
        command.envs(LOUDLY);
        let log = tempfile::tempfile().unwrap();
        let process = Process::start(&mut command, "linden ready at ", log.try_clone().unwrap()).unwrap();
        Self { origin: process.address.clone(), process: Some(process), log }
    }

    /// What it printed after the first line, line by line.
    pub fn next_line(&self) -> String {
        self.process.as_ref().unwrap().next_line().unwrap()
    }

    /// Of `--management`, once it is ready.
    pub fn management(&self) -> SocketAddr {
        loop {
            if let Some(address) = self.next_line().strip_prefix("health, readiness and metrics: http://") {
                return address.parse().unwrap();
            }
        }
    }

    pub fn pid(&self) -> u32 {
        self.process.as_ref().unwrap().pid()
    }

    /// SIGTERM; the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        self.process.take().unwrap().terminate().unwrap().code()
    }

    pub fn port(&self) -> &str {
        self.origin.rsplit(':').next().unwrap()
    }

    /// Ctrl-C; whether it ended well.
    pub fn interrupt(mut self) -> bool {
        self.process.take().unwrap().interrupt().unwrap().success()
    }

    /// The lines of its log, once it has ended. What it tells whoever sits at the terminal (new secrets, the demo's
    /// passwords) is no object, and none of them.
    pub fn log(mut self) -> Vec<serde_json::Value> {
        self.logged().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn logged(&mut self) -> Vec<String> {
        drop(self.process.take());
        logged(&mut self.log)
    }
}

/// Logs all it can, as objects.
pub const LOUDLY: [(&str, &str); 2] = [("LINDEN_LOG", "trace"), ("LINDEN__LOG__FORMAT", "json")];

/// The lines that are objects.
pub fn logged(log: &mut File) -> Vec<String> {
    let mut said = String::new();
    log.seek(SeekFrom::Start(0)).unwrap();
    log.read_to_string(&mut said).unwrap();
    said.lines().filter(|line| line.starts_with('{')).map(str::to_owned).collect()
}

impl Drop for Shop {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            secrets::assert_absent(&self.logged());
        }
    }
}
