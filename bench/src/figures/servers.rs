use std::ffi::OsStr;
use std::path::Path;

use anyhow::Result;

use super::operation::{DISCOVERY, KEY_SET};
use crate::driver::Connection;
use crate::measure::{Cores, Server};
use crate::shop;

/// Floor and authorization server, on one core.
pub struct Servers {
    pub floor: Server,
    pub auth: Server,
}

impl Servers {
    pub async fn start(cores: Cores, directory: &Path) -> Result<Self> {
        let this = std::env::current_exe()?;
        let core = cores.servers.to_string();
        let option = OsStr::new("--data-dir");
        let auth = Server::start(&core, &this, &[OsStr::new("auth"), option, directory.as_os_str()]).await?;
        // The floor serves the very bytes that Linden does.
        let (discovery, key_set) = (directory.join("discovery.json"), directory.join("key-set.json"));
        std::fs::write(&discovery, document(&auth, DISCOVERY).await?)?;
        std::fs::write(&key_set, document(&auth, KEY_SET).await?)?;
        let arguments = [
            OsStr::new("floor"),
            option,
            directory.as_os_str(),
            OsStr::new("--discovery"),
            discovery.as_os_str(),
            OsStr::new("--key-set"),
            key_set.as_os_str(),
        ];
        let floor = Server::start(&core, &this, &arguments).await?;
        Ok(Self { floor, auth })
    }
}

async fn document(server: &Server, path: &str) -> Result<Vec<u8>> {
    let target = server.target(Some(shop::HOST))?;
    let answer = Connection::open(&target).await?.exchange(target.get(path, "").as_bytes()).await?;
    Ok(answer.expect(200)?.body().to_vec())
}
