use std::fmt;

use anyhow::{Result, bail};
use auth_core::client::{ClientSecret, secret_hash};
use auth_core::time::Span;
use auth_server::environment::{Clock, SystemClock, SystemRandom, random_bytes};
use auth_store::audit::AuditKind;
use auth_store::client_secret::{RotateError, rotate_client_secret};
use clap::Args;
use serde::Serialize;

use crate::commands::server::{Opened, ServerOptions};
use crate::commands::{answer, audit};
use crate::parts::ClientSecretKey;

#[derive(Debug, Args)]
pub struct RotateSecretOptions {
    /// The client whose secret is to change
    client_id: String,
    /// How long the former secrets go on counting; 0 ends them at once, for one that somebody else knows
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(0..=2160))]
    overlap_hours: u16,
    #[command(flatten)]
    server: ServerOptions,
}

/// The secret is told once.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RotatedSecret {
    client_id: String,
    secret: String,
    /// How many former secrets still count, and until when.
    former_secrets: usize,
    former_secrets_end_at: String,
}

impl fmt::Display for RotatedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "client {} has another secret", self.client_id)?;
        writeln!(f, "secret {}", self.secret)?;
        match self.former_secrets {
            0 => writeln!(f, "no other secret counts any more"),
            1 => writeln!(f, "the former secret counts until {}", self.former_secrets_end_at),
            several => writeln!(f, "{several} former secrets count until {} at the latest", self.former_secrets_end_at),
        }?;
        write!(
            f,
            "a file that declares the former secret must be changed too: `linden apply` and `linden dev` refuse it; the new \
             one declared there ends the former at once, secret = {{ generate = true }} leaves both"
        )
    }
}

pub async fn run(options: RotateSecretOptions) -> Result<()> {
    let rotated = options.server.with(async |opened| rotate(opened, &options).await).await?;
    answer::print(&rotated, options.server.json)
}

async fn rotate(opened: &Opened, options: &RotateSecretOptions) -> Result<RotatedSecret> {
    let client_id = options.client_id.as_str();
    if is_derived(opened, client_id).await? {
        bail!(
            "the secret of {client_id} is derived from the master key, so that the gateway knows it: it is not changed here"
        );
    }
    let now = SystemClock.now();
    let secret = ClientSecret::from_random(random_bytes(&SystemRandom));
    let overlap = Span::minutes(i64::from(options.overlap_hours) * 60);
    let detail = format!("former secrets end after {} hours", options.overlap_hours);
    let event = audit::event(AuditKind::ClientSecretRotated, "", client_id, detail, now);
    let (auth, server) = (&opened.auth, opened.server.id);
    match rotate_client_secret(auth, server, client_id, secret.hash(), overlap, event, now).await {
        Ok(rotated) => Ok(RotatedSecret {
            client_id: client_id.to_owned(),
            secret: secret.text().to_owned(),
            former_secrets: rotated.former,
            former_secrets_end_at: answer::moment(rotated.former_end_at),
        }),
        Err(RotateError::UnknownClient) => bail!(
            "there is no client {client_id} at the authorization server {}: `linden client add` makes one",
            opened.server.name
        ),
        Err(error) => Err(error.into()),
    }
}

/// A derived secret would come back with the next start, and the gateway would be locked out until then.
async fn is_derived(opened: &Opened, client_id: &str) -> Result<bool> {
    let derived = ClientSecretKey::of(&opened.data.master_key()?)?.secrets()(&opened.server.issuer, client_id);
    let client = auth_store::client::find(&opened.auth, opened.server.id, client_id, SystemClock.now()).await?;
    Ok(match (derived, client) {
        (Some(derived), Some(client)) => client.secrets.iter().any(|kept| kept.hash == secret_hash(&derived)),
        _ => false,
    })
}
