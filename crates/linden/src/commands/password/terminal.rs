//! A password typed at the terminal, twice and unseen.

use std::io::{BufRead, stdin};

use anyhow::{Context, Result, bail};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::oneshot;

/// Gives the terminal its echo back.
struct Unseen(Termios);

impl Unseen {
    fn begin() -> Result<Self> {
        let before = tcgetattr(stdin()).context("the terminal cannot be asked")?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        tcsetattr(stdin(), OptionalActions::Flush, &unseen).context("the terminal would show the password")?;
        Ok(Self(before))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        tcsetattr(stdin(), OptionalActions::Now, &self.0).ok();
        eprintln!();
    }
}

/// Ctrl-C ends it, with the echo given back.
pub async fn password() -> Result<String> {
    let _unseen = Unseen::begin()?;
    let (read, lines) = oneshot::channel();
    // A thread that nobody waits for: a read of the terminal cannot be called off.
    std::thread::spawn(move || read.send(typed_twice()));
    tokio::select! {
        typed = lines => typed.context("nothing was typed")?,
        _ = tokio::signal::ctrl_c() => bail!("nothing was changed"),
    }
}

fn typed_twice() -> Result<String> {
    let first = line("Password: ")?;
    eprintln!();
    if line("The same again: ")? != first {
        bail!("the two passwords differ: nothing was changed");
    }
    Ok(first)
}

fn line(prompt: &str) -> Result<String> {
    eprint!("{prompt}");
    let mut line = String::new();
    stdin().lock().read_line(&mut line).context("the terminal cannot be read")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
