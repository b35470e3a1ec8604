//! What is measured, against what, and what it must reach.

mod memory;
mod operation;
mod servers;
mod shipped;

use anyhow::Result;
use tempfile::TempDir;

use crate::Plan;
use crate::measure::{Cores, Rounds, Server, Subject, spread};
use crate::report::{Measured, Outcome, Report, Row};
use operation::Operation;
use servers::Servers;

/// An operation's rate as a ratio to the floor's, and its CPU time as a multiple of the floor's; of a sign-in, as a
/// multiple of one password hash's.
struct Figure {
    id: &'static str,
    name: &'static str,
    operation: Operation,
    must: Limits,
    aim: Limits,
}

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// At least.
    pub ratio: f64,
    /// At most.
    pub processor: Option<f64>,
}

const fn at_least(ratio: f64) -> Limits {
    Limits { ratio, processor: None }
}

impl Limits {
    const fn within(self, processor: f64) -> Self {
        Self { processor: Some(processor), ..self }
    }
}

const FIGURES: [Figure; 4] = [
    Figure {
        id: "P1",
        name: "client credentials, ES256",
        operation: Operation::ClientCredentials,
        must: at_least(0.70),
        aim: at_least(0.80).within(1.25),
    },
    Figure { id: "P7", name: "discovery", operation: Operation::Discovery, must: at_least(0.85), aim: at_least(0.95) },
    Figure { id: "P7", name: "key set", operation: Operation::KeySet, must: at_least(0.85), aim: at_least(0.95) },
    Figure {
        id: "P8",
        name: "whole sign-in",
        operation: Operation::SignIn,
        must: at_least(0.90).within(1.15),
        aim: at_least(0.95).within(1.08),
    },
];

pub async fn run(plan: Plan) -> Result<()> {
    let cores = Cores::take()?;
    let rounds = match plan.quick {
        true => Rounds { count: 3, seconds: 0.5 },
        false => Rounds { count: plan.rounds, seconds: plan.seconds },
    };
    let directory = TempDir::new()?;
    let mut report = Report::new(rounds, cores);
    let wanted = |id: &str| plan.only.is_empty() || plan.only.iter().any(|only| only.eq_ignore_ascii_case(id));
    let servers = Servers::start(cores, directory.path()).await?;
    for figure in FIGURES.iter().filter(|figure| wanted(figure.id)) {
        report.add(alone(figure, &servers, rounds).await?);
    }
    match &plan.linden {
        None => eprintln!("LINDEN_BINARY names no program: what needs the shipped one is left out"),
        Some(program) => {
            let shipped = shipped::start(program, &cores.servers.to_string(), directory.path()).await?;
            for figure in FIGURES.iter().filter(|figure| wanted(figure.id)) {
                report.add(behind_gateway(figure, &servers.floor, &shipped, rounds).await?);
            }
            shipped.stop().await?;
            if wanted("P14") {
                report.add(memory::idle(program, cores, directory.path(), plan.quick).await?);
            }
        }
    }
    report.finish(&plan.results)
}

/// The authorization server on its own, which differs from the floor in nothing but its work.
async fn alone(figure: &Figure, servers: &Servers, rounds: Rounds) -> Result<Row> {
    let measured = against_floor(figure.operation, &servers.floor, (&servers.auth, true), rounds).await?;
    Ok(Row {
        figure: figure.id,
        name: figure.name.to_owned(),
        outcome: Outcome::of(&measured, figure.must, figure.aim),
        must: Some(figure.must.to_string()),
        aim: Some(figure.aim.to_string()),
        measured,
    })
}

/// Rounds of what is measured beside the figures.
const FOR_COMPARISON: usize = 3;

/// The same through the shipped program's gateway: what a shop's visitors get, with a proxy's work on top.
async fn behind_gateway(figure: &Figure, floor: &Server, shipped: &Server, rounds: Rounds) -> Result<Row> {
    let rounds = Rounds { count: rounds.count.min(FOR_COMPARISON), ..rounds };
    Ok(Row {
        figure: figure.id,
        name: format!("{} through the gateway", figure.name),
        measured: against_floor(figure.operation, floor, (shipped, false), rounds).await?,
        must: None,
        aim: None,
        outcome: Outcome::ForComparison,
    })
}

async fn against_floor(
    operation: Operation,
    floor: &Server,
    (linden, alone): (&Server, bool),
    rounds: Rounds,
) -> Result<Measured> {
    let subject = async |server, alone, operation: Operation| operation.subject(server, alone).await;
    let mut subjects: Vec<Subject<'_>> =
        vec![subject(floor, true, operation).await?, subject(linden, alone, operation).await?];
    if operation == Operation::SignIn {
        subjects.push(subject(floor, true, Operation::Hash).await?);
    }
    let samples = rounds.run(&mut subjects).await?;
    // The last subject is the floor itself, or the hash alone.
    let base = if operation == Operation::SignIn { 2 } else { 0 };
    Ok(Measured::Ratio {
        floor_a_second: spread(samples.iter().map(|round| round[0].a_second)),
        linden_a_second: spread(samples.iter().map(|round| round[1].a_second)),
        ratio: spread(samples.iter().map(|round| round[1].a_second / round[0].a_second)),
        floor_processor_micros: spread(samples.iter().map(|round| round[0].processor_micros)),
        base_processor_micros: spread(samples.iter().map(|round| round[base].processor_micros)),
        linden_processor_micros: spread(samples.iter().map(|round| round[1].processor_micros)),
        processor_ratio: spread(samples.iter().map(|round| round[1].processor_micros / round[base].processor_micros)),
    })
}
