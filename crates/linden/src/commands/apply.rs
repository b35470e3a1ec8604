//! `linden apply FILE…`: writes what the files declare, or nothing when one of them is wrong.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use auth_server::environment::{Clock, SystemClock};
use clap::Args;

use super::answer;
use super::data::DataOptions;
use crate::apply::{self, Source};
use crate::dev;
use crate::parts::{ClientSecretKey, password_hashing};

#[derive(Debug, Args)]
pub struct ApplyOptions {
    /// Declarative files; later ones add to earlier ones
    #[arg(required_unless_present = "schema", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Show what would be created and changed, and write nothing; ends with 3 when there is a difference
    #[arg(long)]
    dry_run: bool,
    /// Answer in JSON on stdout
    #[arg(long)]
    json: bool,
    /// Print the JSON Schema of the files, for editors, and do nothing else
    #[arg(long, exclusive = true)]
    schema: bool,
    #[command(flatten)]
    data: DataOptions,
    /// What ${origin} and ${host} stand for; the origin that this data was last served at when left out
    #[arg(long, value_name = "URL")]
    public_origin: Option<String>,
}

/// What a dry run ends with when applying would change something.
const WOULD_CHANGE: u8 = 3;

pub async fn run(options: ApplyOptions) -> Result<ExitCode> {
    if options.schema {
        print!("{}", apply::schema());
        return Ok(ExitCode::SUCCESS);
    }
    let data = options.data.find()?;
    let mut sources = Vec::new();
    for path in &options.files {
        sources.push(Source::read(path)?);
    }
    let origin = options.public_origin.or_else(|| data.last_origin());
    let variables = origin.map(|origin| dev::variables(&origin)).unwrap_or_default();
    let declaration = apply::load(&sources, &variables)?;

    let master_key = data.master_key()?;
    let (auth, commerce) = (data.auth().await?, data.commerce().await?);
    let environment = apply::Environment {
        hashing: password_hashing()?,
        derive_secret: ClientSecretKey::of(&master_key)?.secrets(),
        now: SystemClock.now(),
    };
    if options.dry_run {
        let difference = apply::dry_run(&declaration, &auth, &commerce, &environment).await;
        auth.close().await;
        commerce.close().await;
        let difference = difference?;
        answer::print(&difference, options.json)?;
        return Ok(if difference.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(WOULD_CHANGE) });
    }
    let applied = apply::run(&declaration, &auth, &commerce, &environment).await;
    auth.close().await;
    commerce.close().await;
    let secrets = match &applied {
        Ok(report) if options.json => {
            answer::print(report, true)?;
            return Ok(ExitCode::SUCCESS);
        }
        Ok(report) => &report.generated_secrets,
        Err(error) => error.generated_secrets(),
    };
    for secret in secrets {
        println!("{} {}", secret.client_id, secret.secret);
    }
    eprint!("{}", applied?);
    Ok(ExitCode::SUCCESS)
}
