use std::time::Duration;

/// What a listener bears, and for how long it waits for whom.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections that are served. Some more are taken to tell them that it is too much; beyond that, accepting waits.
    pub connections: usize,
    /// Requests that are worked on, or whose answer is not sent whole. Beyond that, the answer is 503.
    pub requests: usize,
    /// For the head of a request, waiting for its first byte included, for a TLS handshake, and for a body, which gets a
    /// second more for each KiB.
    pub head: Duration,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Without a byte in either direction. Longer than an answer may take.
    pub idle: Duration,
    /// At the end of the program, from the fall of readiness until listeners close: for load balancers to look away.
    pub delay: Duration,
    /// Then, for what is under way.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            requests: 1024,
            head: Duration::from_secs(20),
            head_bytes: 64 * 1024,
            idle: Duration::from_secs(90),
            delay: Duration::ZERO,
            grace: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// Of a management listener, which a load balancer and a collector of metrics call.
    pub fn of_management() -> Self {
        Self {
            connections: 128,
            requests: 128,
            head: Duration::from_secs(5),
            head_bytes: 8 * 1024,
            idle: Duration::from_secs(60),
            delay: Duration::ZERO,
            grace: Duration::from_secs(1),
        }
    }

    /// Connections beyond the limit that are told so.
    pub(super) fn refused_connections(&self) -> usize {
        (self.connections / 16).max(4)
    }
}
