use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::Server;
use crate::driver::{Crowd, Visit};

/// A server at one operation.
pub struct Subject<'a> {
    server: &'a Server,
    crowd: Crowd,
}

impl<'a> Subject<'a> {
    pub async fn new(server: &'a Server, host: Option<&str>, connections: usize, visit: &Visit) -> Result<Self> {
        let crowd = Crowd::gather(connections, &server.target(host)?, visit).await?;
        Ok(Self { server, crowd })
    }

    async fn work(&mut self, time: Duration) -> Result<Sample> {
        let before = self.server.processor_time()?;
        let (visits, took) = self.crowd.work(time).await?;
        let spent = self.server.processor_time()?.saturating_sub(before);
        Ok(Sample {
            a_second: visits as f64 / took.as_secs_f64(),
            processor_micros: spent.as_secs_f64() * 1e6 / visits as f64,
        })
    }
}

/// What a server did in one round.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    pub a_second: f64,
    /// CPU time of each operation.
    pub processor_micros: f64,
}

/// How many rounds, and how long each subject works in one.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Rounds {
    pub count: usize,
    pub seconds: f64,
}

impl Rounds {
    /// All subjects by turns; a row of samples for each round, in the order of the subjects.
    pub async fn run(self, subjects: &mut [Subject<'_>]) -> Result<Vec<Vec<Sample>>> {
        let time = Duration::from_secs_f64(self.seconds);
        for subject in subjects.iter_mut() {
            subject.work(time / 2).await?;
        }
        let mut rounds = Vec::new();
        for round in 0..self.count {
            let mut samples = vec![None; subjects.len()];
            for turn in 0..subjects.len() {
                let place = (turn + round) % subjects.len();
                samples[place] = Some(subjects[place].work(time).await?);
            }
            rounds.push(samples.into_iter().flatten().collect());
        }
        Ok(rounds)
    }
}
