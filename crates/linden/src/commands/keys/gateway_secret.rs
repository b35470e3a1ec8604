use anyhow::Result;
use clap::Args;

use crate::commands::data::DataOptions;
use crate::parts::ClientSecretKey;

#[derive(Debug, Args)]
pub struct GatewaySecretOptions {
    #[command(flatten)]
    data: DataOptions,
}

/// The file that a gateway is given: it holds no other secret, and the master key does not follow from it.
pub fn run(options: &GatewaySecretOptions) -> Result<()> {
    let key = ClientSecretKey::of(&options.data.find()?.master_key()?)?;
    println!("{}", key.text().as_str());
    Ok(())
}
