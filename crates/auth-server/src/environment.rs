//! Time and randomness, as parameters: tests decide what time it is, the linter bans the globals.

use auth_core::time::Timestamp;
use tokio::time::Instant;

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;

    /// For how long something took or stood: unlike the time of day it is never set.
    fn steady(&self) -> Instant {
        Instant::now()
    }
}

pub trait Random: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)]
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The cryptographic generator of aws-lc.
pub struct SystemRandom;

impl Random for SystemRandom {
    #[allow(clippy::disallowed_methods, clippy::expect_used)]
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes).expect("the system gives random numbers");
    }
}

/// `N` random bytes.
pub fn random_bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}
