//! Operations of the authorization server beside the floor's, and the same through the shipped program's gateway.

use anyhow::Result;

use super::operation::Operation;
use super::servers::Servers;
use crate::measure::{Rounds, Sample, Server, Subject, spread};
use crate::report::{Limit, Measured, Row};

/// An operation's rate as a ratio to the floor's, and its CPU time as a multiple of the floor's; of a sign-in, as a
/// multiple of one password hash's.
pub struct Figure {
    pub id: &'static str,
    name: &'static str,
    operation: Operation,
    must: Limit,
    aim: Limit,
    pub through_gateway: bool,
}

pub const FIGURES: [Figure; 5] = [
    Figure {
        id: "P1",
        name: "client credentials, ES256",
        operation: Operation::ClientCredentials,
        must: Limit::at_least(0.70),
        aim: Limit::at_least(0.80).within(1.25),
        through_gateway: true,
    },
    Figure {
        id: "P2",
        name: "client credentials, RS256",
        operation: Operation::ClientCredentialsRs256,
        must: Limit::at_least(0.95),
        aim: Limit::at_least(0.97),
        through_gateway: false,
    },
    Figure {
        id: "P7",
        name: "discovery",
        operation: Operation::Discovery,
        must: Limit::at_least(0.85),
        aim: Limit::at_least(0.95),
        through_gateway: true,
    },
    Figure {
        id: "P7",
        name: "key set",
        operation: Operation::KeySet,
        must: Limit::at_least(0.85),
        aim: Limit::at_least(0.95),
        through_gateway: true,
    },
    Figure {
        id: "P8",
        name: "whole sign-in",
        operation: Operation::SignIn,
        must: Limit::at_least(0.90).within(1.15),
        aim: Limit::at_least(0.95).within(1.08),
        through_gateway: true,
    },
];

/// The authorization server on its own, which differs from the floor in nothing but its work.
pub async fn alone(figure: &Figure, servers: &Servers, rounds: Rounds) -> Result<Row> {
    let measured = against_floor(figure.operation, &servers.floor, (&servers.auth, true), rounds).await?;
    Ok(Row::limited(figure.id, figure.name, "floor", measured, figure.must, figure.aim))
}

/// Rounds of what is measured beside the figures.
pub const FOR_COMPARISON: usize = 3;

/// The same through the shipped program's gateway: what a shop's visitors get, with a proxy's work on top.
pub async fn behind_gateway(figure: &Figure, floor: &Server, shipped: &Server, rounds: Rounds) -> Result<Row> {
    let rounds = Rounds { count: rounds.count.min(FOR_COMPARISON), ..rounds };
    let measured = against_floor(figure.operation, floor, (shipped, false), rounds).await?;
    Ok(Row::compared(figure.id, &format!("{} through the gateway", figure.name), "floor", measured))
}

/// Of a node on PostgreSQL.
pub async fn on_postgres(figure: &Figure, floor: &Server, node: &Server, rounds: Rounds) -> Result<Row> {
    let rounds = Rounds { count: rounds.count.min(FOR_COMPARISON), ..rounds };
    let measured = against_floor(figure.operation, floor, (node, true), rounds).await?;
    Ok(Row::compared(figure.id, &format!("{} on PostgreSQL", figure.name), "floor", measured))
}

async fn against_floor(
    operation: Operation,
    floor: &Server,
    (linden, alone): (&Server, bool),
    rounds: Rounds,
) -> Result<Measured> {
    let mut subjects = vec![operation.subject(floor, true).await?, operation.subject(linden, alone).await?];
    if operation == Operation::SignIn {
        subjects.push(Operation::Hash.subject(floor, true).await?);
    }
    ratio(&mut subjects, rounds).await
}

/// The second subject to the first; its CPU time to the last's, which is the first again if there are but two.
pub async fn ratio(subjects: &mut [Subject<'_>], rounds: Rounds) -> Result<Measured> {
    Ok(ratio_of(&rounds.run(subjects).await?))
}

/// Of samples, round by round.
pub fn ratio_of<R: AsRef<[Sample]>>(samples: &[R]) -> Measured {
    let of = |value: fn(&[Sample], usize) -> f64| {
        spread(samples.iter().map(|round| {
            let round: &[Sample] = round.as_ref();
            value(round, if round.len() > 2 { 2 } else { 0 })
        }))
    };
    Measured::Ratio {
        base_a_second: of(|round, _| round[0].a_second),
        linden_a_second: of(|round, _| round[1].a_second),
        ratio: of(|round, _| round[1].a_second / round[0].a_second),
        base_processor_micros: of(|round, base| round[base].processor_micros),
        linden_processor_micros: of(|round, _| round[1].processor_micros),
        processor_ratio: of(|round, base| round[1].processor_micros / round[base].processor_micros),
    }
}
