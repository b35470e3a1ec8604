use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::operation::{DISCOVERY, KEY_SET};
use crate::driver::Connection;
use crate::measure::{Cores, Server};
use crate::shop;

/// Floor and authorization server, on one core.
pub struct Servers {
    pub floor: Server,
    pub auth: Server,
    discovery: PathBuf,
    key_set: PathBuf,
}

impl Servers {
    pub async fn start(cores: Cores, directory: &Path) -> Result<Self> {
        let this = std::env::current_exe()?;
        let core = cores.servers.to_string();
        let arguments = [OsStr::new("auth"), OsStr::new("--data-dir"), directory.as_os_str()];
        let auth = Server::start(&core, &this, &arguments).await?;
        // The floor serves the very bytes that Linden does.
        let (discovery, key_set) = (directory.join("discovery.json"), directory.join("key-set.json"));
        std::fs::write(&discovery, document(&auth, DISCOVERY).await?)?;
        std::fs::write(&key_set, document(&auth, KEY_SET).await?)?;
        let arguments = floor_arguments(directory, &discovery, &key_set);
        let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
        let floor = Server::start(&core, &this, &arguments).await?;
        Ok(Self { floor, auth, discovery, key_set })
    }

    /// For one more floor, over another directory.
    pub fn floor_arguments(&self, directory: &Path) -> Vec<OsString> {
        floor_arguments(directory, &self.discovery, &self.key_set)
    }
}

fn floor_arguments(directory: &Path, discovery: &Path, key_set: &Path) -> Vec<OsString> {
    let paths = [("--data-dir", directory), ("--discovery", discovery), ("--key-set", key_set)];
    let options = paths.into_iter().flat_map(|(option, path)| [option.into(), path.into()]);
    std::iter::once("floor".into()).chain(options).collect()
}

async fn document(server: &Server, path: &str) -> Result<Vec<u8>> {
    let target = server.target(Some(shop::HOST))?;
    let answer = Connection::open(&target).await?.exchange(target.get(path, "").as_bytes()).await?;
    Ok(answer.expect(200)?.body().to_vec())
}
