//! `linden apply FILE…`: writes what the files declare, or nothing when one of them is wrong.

use std::path::PathBuf;

use anyhow::{Context, Result};
use auth_server::environment::{Clock, SystemClock};
use clap::Args;

use crate::apply::{self, Source};
use crate::data_directory::DataDirectory;
use crate::dev;

#[derive(Debug, Args)]
pub struct ApplyOptions {
    /// Declarative files; later ones add to earlier ones
    #[arg(required_unless_present = "schema", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the JSON Schema of the files, for editors, and do nothing else
    #[arg(long, exclusive = true)]
    schema: bool,
    /// Where databases and keys are kept
    #[arg(long, default_value_os_t = crate::default_data_directory())]
    data_dir: PathBuf,
    /// What ${origin} and ${host} stand for; the origin that this data was last served at when left out
    #[arg(long, value_name = "URL")]
    public_origin: Option<String>,
}

pub async fn run(options: ApplyOptions) -> Result<()> {
    if options.schema {
        print!("{}", apply::schema());
        return Ok(());
    }
    let directory = DataDirectory::existing(&options.data_dir)?;
    let mut sources = Vec::new();
    for path in &options.files {
        let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        sources.push(Source { name: path.display().to_string(), text });
    }
    let origin = options.public_origin.or_else(|| directory.last_origin());
    let variables = origin.map(|origin| dev::variables(&origin)).unwrap_or_default();
    let declaration = apply::load(&sources, &variables)?;

    let master_key = directory.master_key(false)?;
    let (auth, commerce) = (directory.auth().await?, directory.commerce().await?);
    let environment = apply::Environment {
        hashing: dev::password_hashing()?,
        derive_secret: dev::secrets(&master_key)?,
        now: SystemClock.now(),
    };
    let applied = apply::run(&declaration, &auth, &commerce, &environment).await;
    auth.close().await;
    commerce.close().await;
    let secrets = match &applied {
        Ok(report) => &report.generated_secrets,
        Err(error) => error.generated_secrets(),
    };
    for secret in secrets {
        println!("{} {}", secret.client_id, secret.secret);
    }
    eprint!("{}", applied?);
    Ok(())
}
