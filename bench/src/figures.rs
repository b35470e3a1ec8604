//! What is measured, against what, and what it must reach.

mod apart;
mod grown;
mod hop;
mod memory;
mod operation;
mod peer;
mod postgres;
mod servers;
mod shipped;
mod size;
mod speed;
mod start;
mod storm;

use std::path::Path;

use anyhow::Result;
use tempfile::TempDir;

use crate::Plan;
use crate::document;
use crate::measure::{Cores, Rounds};
use crate::report::Report;
use servers::Servers;

/// Where every run belongs.
struct Run<'a> {
    cores: Cores,
    rounds: Rounds,
    directory: &'a Path,
}

pub async fn run(plan: Plan) -> Result<()> {
    let cores = Cores::take()?;
    let rounds = match plan.quick {
        true => Rounds { count: 3, seconds: 0.5 },
        false => Rounds { count: plan.rounds, seconds: plan.seconds },
    };
    let directory = TempDir::new()?;
    let run = Run { cores, rounds, directory: directory.path() };
    let mut report = Report::new(rounds, cores);
    let wanted = |id: &str| plan.only.is_empty() || plan.only.iter().any(|only| only.eq_ignore_ascii_case(id));

    let servers = Servers::start(cores, directory.path()).await?;
    for figure in speed::FIGURES.iter().filter(|figure| wanted(figure.id)) {
        report.add(speed::alone(figure, &servers, rounds).await?);
    }
    for row in postgres::figures(&servers, &run, wanted).await? {
        report.add(row);
    }
    if wanted("P10") {
        for row in storm::measure(&servers, rounds).await? {
            report.add(row);
        }
    }
    if wanted("P3") {
        let row = peer::client_credentials(&servers, &run, &mut report.versions).await?;
        report.add(row);
    }
    for hop in hop::HOPS.iter().filter(|hop| wanted(hop.id)) {
        report.add(hop::measure(hop, &run).await?);
    }
    match &plan.linden {
        None => eprintln!("LINDEN_BINARY names no program: what needs the shipped one is left out"),
        Some(program) => {
            let shipped = shipped::start(program, &cores.servers.to_string(), directory.path()).await?;
            for figure in speed::FIGURES.iter().filter(|figure| figure.through_gateway && wanted(figure.id)) {
                report.add(speed::behind_gateway(figure, &servers.floor, &shipped, rounds).await?);
            }
            shipped.stop().await?;
            for row in memory::figures(program, &run, plan.quick, wanted).await? {
                report.add(row);
            }
            for row in start::figures(program, &servers, &run, wanted).await? {
                report.add(row);
            }
            for row in apart::figures(program, &servers, &run, plan.quick, wanted).await? {
                report.add(row);
            }
            for row in grown::figures(program, &run, plan.quick, wanted).await? {
                report.add(row);
            }
            if wanted("P25") {
                report.add(size::program(program)?);
            }
        }
    }
    if wanted("sdk") {
        report.sdk_sizes = size::sdks()?;
    }
    report.write(&plan.results)?;
    match plan.document {
        true => document::write(&report),
        false => Ok(()),
    }
}
