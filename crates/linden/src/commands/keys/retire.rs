use std::fmt;

use anyhow::{Result, bail};
use auth_core::signing_key::RetireRefusal;
use auth_server::environment::{SystemClock, SystemRandom};
use auth_server::keys::{self, KeySource};
use auth_store::signing_key::RetireError;
use clap::Args;
use serde::Serialize;

use crate::commands::server::{Opened, ServerOptions};
use crate::commands::{answer, audit};

#[derive(Debug, Args)]
pub struct RetireOptions {
    /// The key, as `linden keys list` names it
    key_id: String,
    /// Although tokens that it signed are in use: for a key that somebody else has
    #[arg(long)]
    now: bool,
    #[command(flatten)]
    server: ServerOptions,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Retired {
    key_id: String,
    /// Whether tokens that it signed may have been in use.
    at_once: bool,
}

impl fmt::Display for Retired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "key {} is retired and erased; running servers leave it out of the key set within two seconds",
            self.key_id
        )?;
        if self.at_once {
            write!(
                f,
                "\ntokens that it signed are refused there from then on, and by services once they fetch the key set anew: within \
                 5 minutes, or 60 where the server cannot be reached. Others keep the key set for 5 minutes (max-age=300), or as \
                 long as they choose"
            )?;
        }
        Ok(())
    }
}

pub async fn run(options: RetireOptions) -> Result<()> {
    let retired = options.server.with(async |opened| retire(opened, &options).await).await?;
    answer::print(&retired, options.server.json)
}

async fn retire(opened: &Opened, options: &RetireOptions) -> Result<Retired> {
    let key_id = options.key_id.as_str();
    let master = opened.data.master_keys()?;
    let source = KeySource { database: &opened.auth, master: &master, clock: &SystemClock, random: &SystemRandom };
    match keys::retire(&source, &opened.server, key_id, options.now, audit::ACTOR).await {
        Ok(()) => Ok(Retired { key_id: key_id.to_owned(), at_once: options.now }),
        Err(RetireError::Storage(error)) => Err(error.into()),
        Err(RetireError::Refused(refusal)) => {
            bail!("key {key_id} is not retired: {refusal}{}", advice(&refusal))
        }
    }
}

fn advice(refusal: &RetireRefusal) -> String {
    match refusal {
        RetireRefusal::Unknown => ": `linden keys list` shows which there are".to_owned(),
        RetireRefusal::Retired => String::new(),
        RetireRefusal::OnlyOne(algorithm) => format!(" with `linden keys rotate --algorithm {algorithm}`"),
        RetireRefusal::Signing => {
            ": `linden keys rotate` makes its successor, and it retires by itself; --now retires it at once, with all \
             tokens that it signed"
                .to_owned()
        }
        RetireRefusal::Retiring { until } => format!(
            " and it retires by itself at {}; --now retires it at once, with all tokens that it signed",
            answer::moment(*until)
        ),
    }
}
