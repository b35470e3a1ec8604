use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::upstream::{CallLimits, Client, Upstream};

const PATH: &str = "/internal/generation";
/// Between two questions, and how long one may take.
const EVERY: Duration = Duration::from_secs(1);
const LIMITS: CallLimits = CallLimits { answer_bytes: 1024, time: EVERY };
/// No answer has one.
pub(super) const UNKNOWN: i64 = i64::MIN;

/// The tenant service's number as it was last told, and when it was asked for.
pub(super) struct Followed {
    generation: AtomicI64,
    /// In microseconds since `started`.
    confirmed_at: AtomicU64,
    started: Instant,
    /// Whether the first question was answered, or was not.
    asked: watch::Sender<bool>,
}

impl Default for Followed {
    fn default() -> Self {
        Self {
            generation: AtomicI64::new(UNKNOWN),
            confirmed_at: AtomicU64::new(0),
            started: Instant::now(),
            asked: watch::Sender::new(false),
        }
    }
}

impl Followed {
    fn confirm(&self, generation: i64, asked_at: Instant) {
        let since_start = asked_at.saturating_duration_since(self.started).as_micros();
        self.generation.store(generation, Ordering::Release);
        self.confirmed_at.store(u64::try_from(since_start).unwrap_or(u64::MAX), Ordering::Release);
    }

    /// The number, unless that was too long ago. The first requests of a process wait until it was asked for.
    pub(super) async fn current(&self, longest: Duration) -> Option<i64> {
        if self.generation.load(Ordering::Acquire) == UNKNOWN {
            self.asked.subscribe().wait_for(|asked| *asked).await.ok();
        }
        self.known(longest)
    }

    /// The number, unless that was too long ago or never.
    pub(super) fn known(&self, longest: Duration) -> Option<i64> {
        let confirmed_at = Duration::from_micros(self.confirmed_at.load(Ordering::Acquire));
        let generation = self.generation.load(Ordering::Acquire);
        let is_recent = self.started.elapsed().saturating_sub(confirmed_at) <= longest;
        (is_recent && generation != UNKNOWN).then_some(generation)
    }
}

#[derive(Deserialize)]
struct Answer {
    generation: i64,
}

/// Asks each second for as long as it is polled.
pub(super) async fn follow(client: Client, resolver: Upstream, followed: Arc<Followed>) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let asked_at = Instant::now();
        match ask(&client, &resolver).await {
            Ok(generation) => followed.confirm(generation, asked_at),
            Err(error) => tracing::warn!(error, "whether applications changed could not be asked"),
        }
        followed.asked.send_replace(true);
    }
}

async fn ask(client: &Client, resolver: &Upstream) -> Result<i64, String> {
    let request = |base: &str| Request::get(format!("{base}{PATH}")).body(Body::empty());
    let answer = resolver.call(client, LIMITS, request).await.map_err(|error| error.to_string())?;
    if answer.status() != StatusCode::OK {
        return Err(format!("it answered {}", answer.status()));
    }
    let Answer { generation } = serde_json::from_slice(answer.body()).map_err(|error| error.to_string())?;
    Ok(generation)
}
