use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::task::JoinSet;

use super::connection::{Connection, Target};
use super::sign_in::SignIn;
use crate::shop;

/// What a virtual user does over and over.
#[derive(Debug, Clone)]
pub enum Visit {
    /// A request that is the same each time, and answered with 200.
    Repeated(String),
    SignIn,
}

enum Visitor {
    Repeated { connection: Connection, request: Vec<u8> },
    SignIn(SignIn),
}

impl Visitor {
    async fn visit(&mut self) -> Result<()> {
        match self {
            Visitor::Repeated { connection, request } => match connection.status(request).await? {
                200 => Ok(()),
                other => bail!("answered with {other}"),
            },
            Visitor::SignIn(sign_in) => sign_in.visit().await,
        }
    }
}

/// Virtual users that stay connected between rounds.
pub struct Crowd(Vec<Visitor>);

impl Crowd {
    pub async fn gather(size: usize, target: &Target, visit: &Visit) -> Result<Self> {
        let mut visitors = Vec::new();
        for number in 0..size {
            let connection = Connection::open(target).await?;
            visitors.push(match visit {
                Visit::Repeated(request) => Visitor::Repeated { connection, request: request.clone().into_bytes() },
                Visit::SignIn => Visitor::SignIn(SignIn::new(connection, target.clone(), shop::shopper(number))),
            });
        }
        Ok(Self(visitors))
    }

    /// Closed loop: whoever is answered asks again, until the time is over; what is under way then is waited for and
    /// counted. How many visits in how long.
    pub async fn work(&mut self, time: Duration) -> Result<(u64, Duration)> {
        let begun = Instant::now();
        let mut working = JoinSet::new();
        for mut visitor in self.0.drain(..) {
            working.spawn(async move {
                let mut visits = 0u64;
                while begun.elapsed() < time {
                    visitor.visit().await?;
                    visits += 1;
                }
                anyhow::Ok((visitor, visits))
            });
        }
        let mut total = 0;
        while let Some(ended) = working.join_next().await {
            let (visitor, visits) = ended??;
            total += visits;
            self.0.push(visitor);
        }
        Ok((total, begun.elapsed()))
    }
}
