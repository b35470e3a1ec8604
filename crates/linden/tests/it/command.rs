//! A command that works on a data directory and ends by itself.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::program::linden;

pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// What a command that ended well printed.
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {}", self.stdout))
    }
}

pub fn command(data: &Path, args: &[&str]) -> Ended {
    command_with_stdin(data, args, b"")
}

pub fn command_with_stdin(data: &Path, args: &[&str], stdin: impl AsRef<[u8]>) -> Ended {
    let mut child = linden()
        .args(args)
        .arg("--data-dir")
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may be gone before it is written to.
    child.stdin.take().unwrap().write_all(stdin.as_ref()).ok();
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
