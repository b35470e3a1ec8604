use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::task::JoinSet;

use super::connection::{Connection, Target};

/// Timers wake this late; the rest of the way to a request's time is spent looking at the clock.
const TIMER: Duration = Duration::from_millis(2);

/// One request over and over at a steady rate, whoever is slow: how long an answer took counts from when its request was
/// due, so that a server that stalls is asked no less and looks no better.
pub struct Paced {
    connections: Vec<Connection>,
    request: Arc<Vec<u8>>,
    a_second: u32,
}

impl Paced {
    pub async fn gather(connections: usize, target: &Target, request: String, a_second: u32) -> Result<Self> {
        let mut open = Vec::new();
        for _ in 0..connections {
            open.push(Connection::open(target).await?);
        }
        Ok(Self { connections: open, request: Arc::new(request.into_bytes()), a_second })
    }

    /// How long each answer took.
    pub async fn work(&mut self, time: Duration) -> Result<Vec<Duration>> {
        let begun = Instant::now();
        let between = Duration::from_secs(1) / self.a_second;
        let next = Arc::new(AtomicU32::new(0));
        let mut working = JoinSet::new();
        for mut connection in self.connections.drain(..) {
            let (next, request) = (Arc::clone(&next), Arc::clone(&self.request));
            working.spawn(async move {
                let mut took = Vec::new();
                loop {
                    let due = begun + between * next.fetch_add(1, Ordering::Relaxed);
                    if due.duration_since(begun) >= time {
                        return anyhow::Ok((connection, took));
                    }
                    until(due).await;
                    let status = connection.status(&request).await?;
                    if status != 200 {
                        bail!("answered with {status}");
                    }
                    took.push(due.elapsed());
                }
            });
        }
        let mut all = Vec::new();
        while let Some(ended) = working.join_next().await {
            let (connection, took) = ended??;
            self.connections.push(connection);
            all.extend(took);
        }
        Ok(all)
    }
}

async fn until(due: Instant) {
    let left = due.saturating_duration_since(Instant::now());
    if left > TIMER {
        tokio::time::sleep(left - TIMER).await;
    }
    while Instant::now() < due {
        tokio::task::yield_now().await;
    }
}
