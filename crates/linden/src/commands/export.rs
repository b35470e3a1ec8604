//! `linden export`: what is there, as a file that `linden apply` reads.

use anyhow::Result;
use auth_server::environment::{Clock, SystemClock};
use clap::Args;

use super::data::DataOptions;
use crate::apply;
use crate::parts::ClientSecretKey;

#[derive(Debug, Args)]
pub struct ExportOptions {
    #[command(flatten)]
    data: DataOptions,
}

pub async fn run(options: ExportOptions) -> Result<()> {
    let data = options.data.find()?;
    let master_key = data.master_key()?;
    let (auth, commerce) = (data.auth().await?, data.commerce().await?);
    let derive_secret = ClientSecretKey::of(&master_key)?.secrets();
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
