use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Context, Result};

use crate::measure::Server;

/// The measured clients and shoppers, beside the demo shop.
const DECLARATION: &str = include_str!("shipped.toml");

/// `linden dev` over a new data directory.
pub async fn start(program: &Path, cores: &str, directory: &Path) -> Result<Server> {
    let (data, declaration) = (directory.join("linden"), directory.join("bench.toml"));
    std::fs::write(&declaration, DECLARATION)?;
    let arguments = ["dev", "--listen", "127.0.0.1:0", "--data-dir"].map(OsStr::new).into_iter();
    let arguments: Vec<&OsStr> =
        arguments.chain([data.as_os_str(), OsStr::new("--with"), declaration.as_os_str()]).collect();
    Server::start(cores, program, &arguments).await.with_context(|| format!("{} dev", program.display()))
}
