//! A running `linden dev`.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::Receiver;
use std::time::Duration;

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
    child: Child,
    pub origin: String,
    printed_later: Receiver<String>,
}

impl Shop {
    pub fn start(data: &Path) -> Self {
        Self::start_on(data, "127.0.0.1:0", &[])
    }

    /// Waits until it is ready.
    pub fn start_on(data: &Path, listen: &str, more: &[&str]) -> Self {
        let mut child = linden()
            .args(["dev", "--listen", listen, "--data-dir"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut printed = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        printed.read_line(&mut line).unwrap();
        let Some(origin) = line.trim().strip_prefix("linden ready at ") else {
            let mut complaint = String::new();
            child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
            panic!("not ready: {line}{complaint}");
        };
        // What it says later must not fill the pipes.
        let (origin, mut stderr) = (origin.to_owned(), child.stderr.take().unwrap());
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        let (lines, printed_later) = std::sync::mpsc::channel();
        std::thread::spawn(move || printed.lines().map_while(Result::ok).for_each(|line| drop(lines.send(line))));
        Self { child, origin, printed_later }
    }

    /// What it printed after the first line, line by line.
    pub fn next_line(&self) -> String {
        self.printed_later.recv_timeout(Duration::from_secs(30)).unwrap()
    }

    pub fn port(&self) -> &str {
        self.origin.rsplit(':').next().unwrap()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ctrl-C; whether it ended well.
    pub fn interrupt(mut self) -> bool {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        self.child.wait().unwrap().success()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
