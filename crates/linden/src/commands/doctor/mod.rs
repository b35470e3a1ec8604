//! `linden doctor`: what is wrong with a data directory and the machine around it, or with a running system and the world
//! around it, and what to type. It writes nothing, and works beside running servers.

mod addresses;
mod databases;
mod directory;
mod finding;
mod holder;
mod machine;
mod master_key;
mod port;
mod running;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use auth_core::time::Timestamp;
use auth_server::environment::{Clock, SystemClock};
use clap::Args;

use self::databases::Databases;
use self::finding::{Finding, Report};
use self::holder::Holder;
use super::answer;

#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// The data directory to look at
    #[arg(long, value_name = "DIRECTORY", default_value_os_t = crate::default_data_directory())]
    data_dir: PathBuf,
    /// The configuration of a running system, to look at instead of a data directory
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data_dir", "listen"])]
    config: Option<PathBuf>,
    /// PEM file with authorities that are trusted beside the usual ones when issuers and pages are asked for
    #[arg(long, value_name = "FILE", requires = "config")]
    certificate_authority: Option<PathBuf>,
    /// The address that a server is to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// Whether all is well; each check stands for itself, so that one mistake does not hide another.
pub async fn run(options: DoctorOptions) -> Result<bool> {
    let now = SystemClock.now();
    let findings = match &options.config {
        Some(file) => running::findings(file, options.certificate_authority.as_deref(), now).await?,
        None => findings(&options, now).await,
    };
    let report = Report::new(findings);
    answer::print(&report, options.json)?;
    Ok(report.is_fine())
}

async fn findings(options: &DoctorOptions, now: Timestamp) -> Vec<Finding> {
    let path = &options.data_dir;
    let mut findings = vec![directory::itself(path)];
    if path.is_dir() {
        findings.push(directory::contents(path));
        findings.push(machine::disk_space(path));
        findings.push(machine::clock(path, now));
        let holder = Holder::of(path);
        findings.push(holder.finding());
        findings.push(port::finding(options.listen, &holder));
        let databases = Databases::open(path);
        findings.extend(databases.findings().await);
        findings.push(master_key::finding(path, &databases).await);
        findings.extend(addresses::findings(&holder, &databases).await);
        databases.close().await;
    } else {
        findings.push(port::finding(options.listen, &Holder::Nobody { last_origin: None }));
    }
    findings.push(machine::storefront());
    findings
}
