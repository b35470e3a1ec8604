use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::task::JoinSet;

use super::connection::{Connection, Target};
use super::sign_in::{Credentials, SignIn};

/// What a virtual user does over and over.
#[derive(Clone)]
pub enum Visit {
    /// A request that is the same each time, and answered with 200.
    Repeated(String),
    /// One that is made for each time, and answered with 200.
    Fresh(Arc<dyn Fn() -> Option<String> + Send + Sync>),
    SignIn,
}

enum Visitor {
    Repeated { connection: Connection, request: Vec<u8> },
    Fresh { connection: Connection, request: Arc<dyn Fn() -> Option<String> + Send + Sync> },
    SignIn(SignIn),
}

impl Visitor {
    async fn visit(&mut self) -> Result<()> {
        match self {
            Visitor::Repeated { connection, request } => answered(connection, request).await,
            Visitor::Fresh { connection, request } => {
                let request = request().context("no request could be made")?;
                answered(connection, request.as_bytes()).await
            }
            Visitor::SignIn(sign_in) => sign_in.visit().await,
        }
    }
}

async fn answered(connection: &mut Connection, request: &[u8]) -> Result<()> {
    match connection.status(request).await? {
        200 => Ok(()),
        other => bail!("answered with {other}"),
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
                Visit::Fresh(request) => Visitor::Fresh { connection, request: Arc::clone(request) },
                Visit::SignIn => {
                    Visitor::SignIn(SignIn::new(connection, target.clone(), Credentials::of_shopper(number)))
                }
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
