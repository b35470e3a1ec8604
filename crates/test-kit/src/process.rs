//! A program that serves: started, waited for, and treated as machines treat programs.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// Killed when it is dropped.
pub struct Process {
    child: Child,
    /// What followed the expected words on the line that said it is ready.
    pub address: String,
    printed: Receiver<String>,
    log: File,
}

impl Process {
    /// Waits until it prints a line that begins with `ready`. stderr goes to `log`.
    pub fn start(command: &mut Command, ready: &str, log: File) -> Result<Self> {
        let mut process = Self::begin(command, log)?;
        let line = process.printed.recv().unwrap_or_default();
        match line.trim().strip_prefix(ready) {
            Some(address) => process.address = address.trim().to_owned(),
            None => {
                process.child.kill()?;
                let ended = process.child.wait()?;
                bail!("not ready ({ended}): {line}{}", process.log());
            }
        }
        Ok(process)
    }

    /// Waits for nothing.
    pub fn begin(command: &mut Command, log: File) -> Result<Self> {
        let stderr = log.try_clone()?;
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr).spawn()?;
        let lines = BufReader::new(child.stdout.take().context("no stdout")?).lines();
        // Whether anybody asks for them or not: they must not fill the pipe.
        let (sender, printed) = std::sync::mpsc::channel();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        Ok(Self { child, address: String::new(), printed, log })
    }

    pub fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// What it printed after the first line, line by line.
    pub fn next_line(&self) -> Result<String> {
        Ok(self.printed.recv_timeout(Duration::from_secs(30))?)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All that it wrote to stderr.
    pub fn log(&mut self) -> String {
        let mut text = Vec::new();
        let read = self.log.seek(SeekFrom::Start(0)).and_then(|_| self.log.read_to_end(&mut text));
        read.map(|_| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }

    /// Ctrl-C, and how it ended.
    pub fn interrupt(self) -> Result<ExitStatus> {
        self.end_by(Signal::INT)
    }

    /// What a service manager sends, and how it ended.
    pub fn terminate(self) -> Result<ExitStatus> {
        self.end_by(Signal::TERM)
    }

    fn end_by(mut self, signal: Signal) -> Result<ExitStatus> {
        self.signal(signal)?;
        Ok(self.child.wait()?)
    }

    /// It stands still until it is thawed; its connections stay.
    pub fn freeze(&self) -> Result<()> {
        self.signal(Signal::STOP)
    }

    pub fn thaw(&self) -> Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), signal)?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
