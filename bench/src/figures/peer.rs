//! The npm package oidc-provider at the same operation, with its store in memory.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Run;
use super::operation::Operation;
use super::servers::Servers;
use super::speed::ratio;
use crate::measure::Server;
use crate::report::{Limit, Row};
use crate::shop;

const NAME: &str = "oidc-provider";

/// Folder of the packages that are measured beside ours, with their versions locked.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

pub async fn client_credentials(
    servers: &Servers,
    run: &Run<'_>,
    versions: &mut BTreeMap<String, String>,
) -> Result<Row> {
    let version = version(NAME)?;
    let script = directory().join("oidc-provider.mjs");
    let arguments =
        [script.as_os_str(), shop::SERVICE.as_ref(), shop::SERVICE_SECRET.as_ref(), shop::SERVICE_SCOPE.as_ref()];
    let core = run.cores.servers.to_string();
    let peer = Server::start(&core, Path::new(OsStr::new("node")), &arguments).await?;
    let operation = Operation::ClientCredentials;
    let mut subjects = [operation.subject(&peer, false).await?, operation.subject(&servers.auth, true).await?];
    let measured = ratio(&mut subjects, run.rounds).await?;
    peer.stop().await?;
    versions.insert(NAME.to_owned(), version);
    let (must, aim) = (Limit::at_least(4.0), Limit::at_least(5.0));
    Ok(Row::limited("P3", "client credentials beside oidc-provider", NAME, measured, must, aim))
}

/// As installed.
fn version(package: &str) -> Result<String> {
    #[derive(Deserialize)]
    struct Manifest {
        version: String,
    }
    let manifest = directory().join("node_modules").join(package).join("package.json");
    let text = std::fs::read(&manifest).with_context(|| format!("run `npm ci` in {} first", directory().display()))?;
    Ok(serde_json::from_slice::<Manifest>(&text)?.version)
}
