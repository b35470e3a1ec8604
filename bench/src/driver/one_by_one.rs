use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::connection::{Connection, Target};
use super::sign_in::{Credentials, SignIn};

/// One visitor alone: what an answer takes when nobody else asks.
pub struct LookUps {
    connection: Connection,
    /// In turn.
    requests: Vec<Vec<u8>>,
    next: usize,
}

impl LookUps {
    pub async fn new(target: &Target, requests: Vec<Vec<u8>>) -> Result<Self> {
        Ok(Self { connection: Connection::open(target).await?, requests, next: 0 })
    }

    pub async fn work(&mut self, time: Duration) -> Result<Vec<Duration>> {
        let begun = Instant::now();
        let mut took = Vec::new();
        while begun.elapsed() < time {
            let asked = Instant::now();
            let status = self.connection.status(&self.requests[self.next]).await?;
            took.push(asked.elapsed());
            if status != 200 {
                bail!("answered with {status}");
            }
            self.next = (self.next + 1) % self.requests.len();
        }
        Ok(took)
    }
}

/// Users who sign in one after the other, each another one.
pub struct SignIns {
    sign_in: SignIn,
    users: Box<dyn FnMut() -> Credentials + Send>,
}

impl SignIns {
    pub async fn new(target: &Target, mut users: Box<dyn FnMut() -> Credentials + Send>) -> Result<Self> {
        let sign_in = SignIn::new(Connection::open(target).await?, target.clone(), users());
        Ok(Self { sign_in, users })
    }

    pub async fn work(&mut self, time: Duration) -> Result<Vec<Duration>> {
        let begun = Instant::now();
        let mut took = Vec::new();
        while begun.elapsed() < time {
            self.sign_in.credentials = (self.users)();
            let asked = Instant::now();
            self.sign_in.visit().await?;
            took.push(asked.elapsed());
        }
        Ok(took)
    }

    /// The cookies of another sign-in, as a header.
    pub async fn cookies(&mut self) -> Result<String> {
        self.sign_in.credentials = (self.users)();
        self.sign_in.visit().await?;
        Ok(self.sign_in.cookie_header())
    }
}
