use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::values::{Count, LeaveSeconds, Seconds};

/// What a listener takes on, and how long it waits.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// Connections at a time; of further ones some are told 503, the others wait.
    pub connections: Count,
    /// Requests under way at a time; further ones are told 503.
    pub requests: Count,
    /// For the head of a request, for a TLS handshake, and for a body, which gets a second more for each KiB.
    pub head_seconds: Seconds,
    /// Without a byte in either direction, after which a connection ends.
    pub idle_seconds: Seconds,
    /// At the end, from the fall of readiness until listeners close: for load balancers to look away. A second signal ends it.
    pub leave_seconds: LeaveSeconds,
    /// Then, for what is under way.
    pub drain_seconds: Seconds,
}

impl Default for LimitsSection {
    fn default() -> Self {
        Self {
            connections: Count::of(4096),
            requests: Count::of(1024),
            head_seconds: Seconds::of(20),
            idle_seconds: Seconds::of(90),
            leave_seconds: LeaveSeconds::of(5),
            drain_seconds: Seconds::of(10),
        }
    }
}
