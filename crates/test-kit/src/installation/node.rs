use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result};

use crate::process::Process;
use crate::secrets;

/// How a process is started, as often as need be.
#[derive(Clone)]
pub struct Launch {
    name: String,
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(String, OsString)>,
    ready: &'static str,
    log: PathBuf,
}

impl Launch {
    /// `ready` begins the line that it prints once it serves.
    pub fn new(name: &str, program: &Path, ready: &'static str) -> Self {
        let log = std::env::temp_dir().join(format!("{name}.log"));
        let program = program.to_owned();
        Self { name: name.to_owned(), program, arguments: Vec::new(), environment: Vec::new(), ready, log }
    }

    pub fn argument(&mut self, argument: impl Into<OsString>) -> &mut Self {
        self.arguments.push(argument.into());
        self
    }

    pub fn arguments<const N: usize>(&mut self, arguments: [&str; N]) -> &mut Self {
        self.arguments.extend(arguments.map(OsString::from));
        self
    }

    pub fn environment(&mut self, name: &str, value: impl Into<OsString>) -> &mut Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// The file that stderr is added to.
    pub fn log(&mut self, log: PathBuf) -> &mut Self {
        self.log = log;
        self
    }

    fn process(&self) -> Result<Process> {
        let log = File::options().create(true).append(true).read(true).open(&self.log)?;
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        Process::start(&mut command, self.ready, log).with_context(|| format!("{} does not start", self.name))
    }
}

/// A process that can be down for a while.
pub struct Node {
    launch: Launch,
    process: Option<Process>,
}

impl Node {
    pub fn start(launch: Launch) -> Result<Self> {
        let process = Some(launch.process()?);
        Ok(Self { launch, process })
    }

    pub fn name(&self) -> &str {
        &self.launch.name
    }

    pub fn is_down(&self) -> bool {
        self.process.is_none()
    }

    /// What followed the words that say it is ready.
    pub fn address(&self) -> Result<&str> {
        Ok(&self.running()?.address)
    }

    /// Once more, after it was killed or ended; waits until it is ready.
    pub fn start_again(&mut self) -> Result<()> {
        self.process = Some(self.launch.process()?);
        Ok(())
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    /// What a service manager sends, and how it ended.
    pub fn terminate(&mut self) -> Result<ExitStatus> {
        let process = self.process.take().with_context(|| format!("{} is not running", self.launch.name))?;
        process.terminate()
    }

    /// It stands still until it is thawed; its connections stay.
    pub fn freeze(&self) -> Result<()> {
        self.running()?.freeze()
    }

    pub fn thaw(&self) -> Result<()> {
        self.running()?.thaw()
    }

    /// All that it wrote to stderr, former lives included.
    pub fn log(&self) -> String {
        std::fs::read(&self.launch.log).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
    }

    fn running(&self) -> Result<&Process> {
        self.process.as_ref().with_context(|| format!("{} is not running", self.launch.name))
    }
}

/// Whatever was done to it, it told no secret.
impl Drop for Node {
    fn drop(&mut self) {
        drop(self.process.take());
        if !std::thread::panicking() {
            let log = self.log();
            let logged = log.lines().filter(|line| is_logged(line)).map(|line| without_what_is_told(line).to_owned());
            secrets::assert_absent(&logged.collect::<Vec<_>>());
        }
    }
}

/// What `linden dev` tells whoever sits at the terminal, the demo's passwords, is no line of the log.
fn is_logged(line: &str) -> bool {
    line.starts_with('{') || line.starts_with("20")
}

/// A full disk may have cut the line before it.
fn without_what_is_told(line: &str) -> &str {
    line.split_once("  sign in as ").map_or(line, |(logged, _)| logged)
}
