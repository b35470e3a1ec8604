//! `linden export`: what is there, as a file that `linden apply` reads.

use std::path::PathBuf;

use anyhow::Result;
use auth_server::environment::{Clock, SystemClock};
use clap::Args;

use crate::apply;
use crate::data_directory::DataDirectory;
use crate::dev;

#[derive(Debug, Args)]
pub struct ExportOptions {
    /// Where databases and keys are kept
    #[arg(long, default_value_os_t = crate::default_data_directory())]
    data_dir: PathBuf,
}

pub async fn run(options: ExportOptions) -> Result<()> {
    let directory = DataDirectory::existing(&options.data_dir)?;
    let master_key = directory.master_key(false)?;
    let (auth, commerce) = (directory.auth().await?, directory.commerce().await?);
    let derive_secret = dev::secrets(&master_key)?;
    let exported = apply::export(&auth, &commerce, &derive_secret, SystemClock.now()).await;
    auth.close().await;
    commerce.close().await;
    let exported = exported?;
    print!("{}", exported.text);
    for left_out in exported.left_out {
        eprintln!("left out: {left_out}");
    }
    Ok(())
}
