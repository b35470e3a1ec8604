use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// The generation as it was last read, and when that was.
pub(super) struct Followed {
    generation: AtomicI64,
    /// In microseconds since `started`.
    confirmed_at: AtomicU64,
    started: Instant,
}

impl Followed {
    pub(super) fn since(started: Instant) -> Self {
        Self { generation: AtomicI64::new(-1), confirmed_at: AtomicU64::new(0), started }
    }

    /// It was this one at some moment after `asked_at`. False: an answer to a later question came before.
    pub(super) fn confirm(&self, generation: i64, asked_at: Instant) -> bool {
        let since_start = asked_at.saturating_duration_since(self.started).as_micros();
        let since_start = u64::try_from(since_start).unwrap_or(u64::MAX);
        if since_start < self.confirmed_at.load(Ordering::Acquire) {
            return false;
        }
        self.generation.store(generation, Ordering::Release);
        self.confirmed_at.store(since_start, Ordering::Release);
        true
    }

    pub(super) fn generation(&self) -> i64 {
        self.generation.load(Ordering::Acquire)
    }

    /// How long ago it was known.
    pub(super) fn age(&self, now: Instant) -> Duration {
        let confirmed_at = Duration::from_micros(self.confirmed_at.load(Ordering::Acquire));
        now.saturating_duration_since(self.started).saturating_sub(confirmed_at)
    }
}
