//! A running `linden dev`.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use test_kit::process::Process;

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
    process: Process,
    pub origin: String,
}

impl Shop {
    pub fn start(data: &Path) -> Self {
        Self::start_on(data, "127.0.0.1:0", &[])
    }

    /// Waits until it is ready.
    pub fn start_on(data: &Path, listen: &str, more: &[&str]) -> Self {
        let mut command = linden();
        command.args(["dev", "--listen", listen, "--data-dir"]).arg(data).args(more);
        let process = Process::start(&mut command, "linden ready at ", tempfile::tempfile().unwrap()).unwrap();
        Self { origin: process.address.clone(), process }
    }

    /// What it printed after the first line, line by line.
    pub fn next_line(&self) -> String {
        self.process.next_line().unwrap()
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
        self.process.pid()
    }

    /// SIGTERM; the exit code.
    pub fn terminate(self) -> Option<i32> {
        self.process.terminate().unwrap().code()
    }

    pub fn port(&self) -> &str {
        self.origin.rsplit(':').next().unwrap()
    }

    /// `kill -9`.
    pub fn kill(self) {
        self.process.kill();
    }

    /// Ctrl-C; whether it ended well.
    pub fn interrupt(self) -> bool {
        self.process.interrupt().unwrap().success()
    }
}
