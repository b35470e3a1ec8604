use std::sync::atomic::{AtomicU32, Ordering};

use auth_protocol::id::RequestId;
use http::HeaderValue;

use crate::config::Random;

/// They tell requests apart and are no secrets, so that a number counted on from a random start will do: randomness for
/// each would cost more than the rest of finding out where a request goes.
pub(crate) struct RequestIds {
    process: [u8; 6],
    count: AtomicU32,
}

impl RequestIds {
    pub(crate) fn new(random: &Random) -> Self {
        let (mut process, mut first) = ([0; 6], [0; 4]);
        random(&mut process);
        random(&mut first);
        Self { process, count: AtomicU32::new(u32::from_be_bytes(first)) }
    }

    /// As a header's value. `now` in epoch seconds.
    pub(crate) fn next(&self, now: i64) -> HeaderValue {
        let mut rest = [0; 10];
        rest[..6].copy_from_slice(&self.process);
        rest[6..].copy_from_slice(&self.count.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        let id = RequestId::new(u64::try_from(now).unwrap_or_default() * 1000, rest);
        HeaderValue::try_from(id.to_string()).unwrap_or(HeaderValue::from_static(""))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn no_two_are_alike_also_when_the_count_begins_anew() {
        let ids = RequestIds::new(&(Arc::new(|bytes: &mut [u8]| bytes.fill(0xff)) as Random));
        assert!(ids.next(1_700_000_000) != ids.next(1_700_000_000));
    }
}
