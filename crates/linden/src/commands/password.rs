//! Where a command gets a password from: the terminal, stdin, or the generator. Never from its arguments, which every
//! process of the machine can read.

use std::io::{IsTerminal, Read};

use anyhow::{Context, Result, bail};
use auth_core::password::canonical_password;
use auth_server::environment::{SystemRandom, random_bytes};
use clap::Args;

mod terminal;

/// More than the longest password that is taken.
const MOST_BYTES: u64 = 4096;

#[derive(Debug, Args)]
pub struct PasswordOptions {
    /// Read the password from stdin, to the end of its first line
    #[arg(long, conflicts_with = "generate_password")]
    password_stdin: bool,
    /// Make a password, and print it once
    #[arg(long)]
    generate_password: bool,
}

/// A password in canonical form, and whether it was made here and is still to be told.
pub struct Password {
    pub canonical: String,
    pub generated: bool,
}

impl PasswordOptions {
    pub async fn read(&self) -> Result<Password> {
        if self.generate_password {
            return Ok(Password { canonical: generated_password(), generated: true });
        }
        let typed = if self.password_stdin {
            let mut bytes = Vec::new();
            std::io::stdin().take(MOST_BYTES).read_to_end(&mut bytes).context("stdin cannot be read")?;
            first_line(bytes)?
        } else if std::io::stdin().is_terminal() {
            terminal::password().await?
        } else {
            bail!("there is no terminal to type a password at: give --password-stdin or --generate-password")
        };
        let canonical = canonical_password(&typed).map_err(|error| anyhow::anyhow!("the password {error}"))?;
        Ok(Password { canonical, generated: false })
    }
}

fn first_line(bytes: Vec<u8>) -> Result<String> {
    let text = String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("the password on stdin is no UTF-8"))?;
    let mut lines = text.split('\n');
    let line = lines.next().unwrap_or_default();
    if lines.any(|rest| !rest.is_empty()) {
        bail!("stdin holds more than one line: give the password alone");
    }
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// A password that is to be told.
pub fn generated_password() -> String {
    generated(random_bytes(&SystemRandom))
}

/// 100 random bits as 20 letters and digits in groups of four; none of them is mistaken for another.
fn generated(bytes: [u8; 20]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let characters: Vec<char> = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    characters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_the_password_and_spaces_are_its_own() {
        for (bytes, line) in [
            (&b"meadow lantern\n"[..], "meadow lantern"),
            (b"meadow\r\n", "meadow"),
            (b" meadow ", " meadow "),
            (b"", ""),
            (b"\n", ""),
        ] {
            assert_eq!(first_line(bytes.to_vec()).unwrap(), line);
        }
        assert!(first_line(b"one\ntwo\n".to_vec()).unwrap_err().to_string().contains("more than one line"));
        assert!(first_line(b"\xff\xfe".to_vec()).unwrap_err().to_string().contains("no UTF-8"));
    }

    #[test]
    fn a_generated_password_is_a_password() {
        let made = generated([0, 1, 2, 3, 255, 254, 31, 32, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
        assert_eq!(made, "0123-zyz0-abcd-efgh-jkmn");
        assert_eq!(canonical_password(&made).as_deref(), Ok(made.as_str()));
    }
}
