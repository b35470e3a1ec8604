use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use auth_core::client::secret_hash;
use auth_core::time::Span;
use auth_server::environment::{Clock, SystemClock, SystemRandom};
use auth_server::keys::{self, KeySource};
use auth_server::{MasterKey, MasterKeys};
use auth_store::Database;
use auth_store::audit::AuditKind;
use auth_store::client_secret::{RotateError, rotate_client_secret};
use clap::Args;
use serde::Serialize;

use crate::commands::data::{Data, DataOptions};
use crate::commands::{answer, audit};
use crate::data_directory::DataDirectory;
use crate::parts::{ClientSecretKey, Secrets};

/// How long gateways may go on with secrets that were derived from the former key.
const OVERLAP_DAYS: i64 = 7;

#[derive(Debug, Args)]
pub struct RewrapOptions {
    /// Make another master key first, and put it in the place of the data directory's
    #[arg(long, conflicts_with = "config")]
    new_master_key: bool,
    #[command(flatten)]
    data: DataOptions,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rewrapped {
    master_key_id: String,
    /// Keys and secrets that lay under another master key.
    rows: u64,
    #[serde(flatten)]
    derived: Derived,
    #[serde(skip_serializing_if = "Option::is_none")]
    former_key_file: Option<PathBuf>,
}

/// Clients whose secret is derived from the master key.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Derived {
    derived_secrets: u64,
    /// They have as many secrets as a client may have.
    derived_secrets_left: Vec<String>,
}

impl fmt::Display for Rewrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} keys and secrets were sealed anew; all lie under the master key {}",
            self.rows, self.master_key_id
        )?;
        if self.derived.derived_secrets > 0 {
            write!(
                f,
                "\n{} clients have a secret that is derived from the master key: the former one counts for another {OVERLAP_DAYS} \
                 days, until when their gateways have to be started anew",
                self.derived.derived_secrets
            )?;
        }
        for client_id in &self.derived.derived_secrets_left {
            write!(
                f,
                "\n{client_id} has as many secrets as a client may have: it gets the one that is derived from the master key now \
                 when its file is applied, and its gateway has to be started anew then"
            )?;
        }
        match &self.former_key_file {
            Some(file) => write!(
                f,
                "\nthe former key is {}: backups made until now need it, running servers do not; delete it with the last of them",
                file.display()
            ),
            None => Ok(()),
        }
    }
}

pub async fn run(options: RewrapOptions) -> Result<()> {
    let data = options.data.find()?;
    data.expect_databases()?;
    let auth = data.auth().await?;
    let rewrapped = match &data {
        Data::Directory(directory) if options.new_master_key => under_new_key(directory, &auth).await,
        _ => under_current_key(&data, &auth).await,
    };
    auth.close().await;
    answer::print(&rewrapped?, options.json)
}

async fn under_current_key(data: &Data, auth: &Database) -> Result<Rewrapped> {
    rewrap(auth, &data.master_keys()?).await
}

/// The steps of `crate::data_directory::master_keys`. Ended in between, it is called again and does the rest.
async fn under_new_key(directory: &DataDirectory, auth: &Database) -> Result<Rewrapped> {
    // Before there is anything to take back.
    keys::check_keys(auth, &directory.master_keys(false)?).await?;
    let files = directory.master_key_files();
    let change = files.change()?;
    change.begin()?;
    let beginning = directory.master_key_files();
    let keys = MasterKeys::read_by(move || Ok(beginning.next_seals()?)).map_err(|error| anyhow::anyhow!(error))?;
    let first = rewrap(auth, &keys).await?;
    let former = change.finish()?;
    // Servers seal under the new key from here on; what they sealed under the former one meanwhile follows.
    auth_store::generation::announce(auth).await?;
    let last = rewrap(auth, &directory.master_keys(false)?).await?;
    Ok(Rewrapped { rows: first.rows + last.rows, former_key_file: Some(former), ..first })
}

async fn rewrap(auth: &Database, keys: &MasterKeys) -> Result<Rewrapped> {
    let source = KeySource { database: auth, master: keys, clock: &SystemClock, random: &SystemRandom };
    let rows = keys::rewrap(&source, audit::ACTOR).await?;
    let derived = derive_anew(auth, keys).await?;
    Ok(Rewrapped { master_key_id: keys.ring().current.id().to_owned(), rows, derived, former_key_file: None })
}

/// A client with a secret that was derived from another master key gets the one of the current key beside it.
async fn derive_anew(auth: &Database, keys: &MasterKeys) -> Result<Derived> {
    let ring = keys.ring();
    let secrets = |key: &MasterKey| Ok(ClientSecretKey::of(key)?.secrets());
    let current = secrets(&ring.current)?;
    let others = ring.others.iter().map(secrets).collect::<Result<Vec<_>>>()?;
    let (mut derived, now) = (Derived::default(), SystemClock.now());
    for server in auth_store::server::all(auth).await? {
        for client in auth_store::export::clients(auth, server.id, now).await? {
            let client_id = client.client_id.as_str();
            let hash_by = |secrets: &Secrets| secrets(&server.issuer, client_id).map(|secret| secret_hash(&secret));
            let kept = auth_store::client::find(auth, server.id, client_id, now).await?;
            let has = |hash: Option<[u8; 32]>| {
                kept.iter().flat_map(|client| &client.secrets).any(|kept| Some(kept.hash) == hash)
            };
            let Some(hash) = hash_by(&current) else { continue };
            if has(Some(hash)) || !others.iter().any(|secrets| has(hash_by(secrets))) {
                continue;
            }
            let detail = format!("derived from another master key; the former counts for {OVERLAP_DAYS} days");
            let event = audit::event(AuditKind::ClientSecretRotated, "", client_id, detail, now);
            let overlap = Span::minutes(OVERLAP_DAYS * 24 * 60);
            match rotate_client_secret(auth, server.id, client_id, hash, overlap, event, now).await {
                Ok(_) => derived.derived_secrets += 1,
                Err(RotateError::TooMany) => derived.derived_secrets_left.push(client_id.to_owned()),
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(derived)
}
