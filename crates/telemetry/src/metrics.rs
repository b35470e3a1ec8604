//! All that a process counts and times, and under which names (docs/operations.md tells what to make of them).
//!
//! - Every series is there from the start, at zero, and is looked up when a part is built: an event costs an atomic
//!   addition, a duration a short lock. Nothing is allocated, nothing grows.
//! - Labels are enumerations ([`labels`]), but for the names of services, which the gateway's configuration gives. What a
//!   caller chose (a client, a host, a path) is no label.

pub mod labels;
mod series;
mod upstreams;

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use self::labels::{
    Cache, CalledPart, End, GuestToken, Lookup, Part, SignIn, StatusClass, Store, TokenGrant, TokenOutcome,
    Unavailable, WaitFor,
};
use self::series::Registering;
pub use self::series::{Counted, Measured, Shown};
pub use self::upstreams::{UpstreamSeries, Upstreams};

/// Seconds: of what takes microseconds when all is well, and may take seconds.
const SHORT: [f64; 12] = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0];
/// Seconds: of what is worth waiting for.
const LONG: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];
const JOBS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

pub struct Metrics {
    pub requests: Counted<(Part, StatusClass)>,
    pub request_seconds: Measured<CalledPart>,
    pub sign_ins: Counted<SignIn>,
    pub token_requests: Counted<(TokenGrant, TokenOutcome)>,
    pub hashing: Hashing,
    pub cache_lookups: Counted<(Cache, Lookup)>,
    pub guest_tokens: Counted<GuestToken>,
    pub upstreams: Upstreams,
    pub sweeps: Counted<(Store, End)>,
    pub swept_rows: Counted<Store>,
    pub configuration_reads: Counted<(Store, End)>,
    database_wait: Measured<(Store, WaitFor)>,
    database_commit: Measured<Store>,
    database_commit_jobs: Measured<Store>,
    database_refusals: Counted<(Store, Unavailable)>,
    pub database_waiting: Shown<Store>,
    pub connections: Gauge,
    pub requests_under_way: Gauge,
    pub overload_refusals: Counter,
    pub process: Process,
    registry: Registry,
}

/// Password hashing: jobs that wait, how long they did, and how long a hash took.
#[derive(Clone)]
pub struct Hashing {
    pub waiting: Gauge,
    pub wait: Histogram,
    pub work: Histogram,
    pub refused: Counter,
}

impl Default for Hashing {
    fn default() -> Self {
        let (wait, work) = (Histogram::new(LONG), Histogram::new(LONG));
        Self { waiting: Gauge::default(), wait, work, refused: Counter::default() }
    }
}

/// One database, as its engine sees it.
#[derive(Clone)]
pub struct Storage {
    waits: [Histogram; WaitFor::COUNT],
    pub commit: Histogram,
    pub commit_jobs: Histogram,
    refusals: [Counter; Unavailable::COUNT],
}

impl Storage {
    pub fn waited(&self, what: WaitFor, time: Duration) {
        if let Some(waits) = self.waits.get(what as usize) {
            waits.observe(time.as_secs_f64());
        }
    }

    pub fn refused(&self, why: Unavailable) {
        if let Some(refusals) = self.refusals.get(why as usize) {
            refusals.inc();
        }
    }
}

/// Under the names that Prometheus' own libraries give them. Whoever serves the text sets them before.
#[derive(Default)]
pub struct Process {
    pub resident_memory_bytes: Gauge,
    pub open_files: Gauge,
    /// Seconds since the epoch.
    pub started_at: Gauge,
}

impl Metrics {
    pub fn new(version: &'static str) -> Arc<Self> {
        let mut registry = Registry::default();
        registry.register("linden_build", "Which program this is", Info::new(vec![("version", version)]));
        let mut new = Registering(&mut registry);
        Arc::new(Self {
            requests: new.counted("linden_requests", "Requests answered, by part and class of status"),
            request_seconds: new.measured("linden_request_seconds", "From a request's head to its answer's", &LONG),
            connections: new.single("linden_connections", "Open connections of public listeners", Gauge::default()),
            requests_under_way: new.single(
                "linden_requests_under_way",
                "Requests not answered whole",
                Gauge::default(),
            ),
            overload_refusals: new.single(
                "linden_overload_refusals",
                "Requests answered 503 for want of a place",
                Counter::default(),
            ),
            sign_ins: new.counted("linden_sign_ins", "Sign-in forms sent, by outcome"),
            token_requests: new.counted("linden_token_requests", "Calls of the token endpoint, by grant and outcome"),
            hashing: Hashing {
                waiting: new.single("linden_hash_waiting", "Passwords that wait to be hashed", Gauge::default()),
                wait: new.single("linden_hash_wait_seconds", "Until a password was begun on", Histogram::new(LONG)),
                work: new.single("linden_hash_seconds", "One password's work", Histogram::new(LONG)),
                refused: new.single("linden_hash_refusals", "Passwords turned away: too many wait", Counter::default()),
            },
            cache_lookups: new.counted("linden_cache_lookups", "Look-ups in caches"),
            guest_tokens: new.counted("linden_guest_tokens", "Guest tokens that the gateway asked for"),
            upstreams: new.upstreams(&LONG),
            sweeps: new.counted("linden_sweeps", "Runs of the sweep of what has expired"),
            swept_rows: new.counted("linden_swept_rows", "Rows that sweeps removed"),
            configuration_reads: new.counted("linden_configuration_reads", "Looks whether the configuration changed"),
            database_wait: new.measured("linden_database_wait_seconds", "Until a call was begun on", &SHORT),
            database_commit: new.measured(
                "linden_database_commit_seconds",
                "A commit, flush of the disk included",
                &SHORT,
            ),
            database_commit_jobs: new.measured("linden_database_commit_jobs", "Calls that shared a commit", &JOBS),
            database_refusals: new
                .counted("linden_database_refusals", "Calls that the database did not do, answered 503"),
            database_waiting: new.shown("linden_database_waiting", "Writes that wait now"),
            process: Process {
                resident_memory_bytes: new.single("process_resident_memory_bytes", "Memory in use", Gauge::default()),
                open_files: new.single("process_open_fds", "Open file descriptors", Gauge::default()),
                started_at: new.single("process_start_time_seconds", "Start, in epoch seconds", Gauge::default()),
            },
            registry,
        })
    }

    /// A part that the gateway calls answered.
    pub fn answered(&self, part: CalledPart, status: u16, time: Duration) {
        self.requests.add((part.into(), StatusClass::of(status)));
        self.request_seconds.took(part, time);
    }

    /// The handles of one database.
    pub fn storage(&self, store: Store) -> Storage {
        Storage {
            waits: WaitFor::EVERY.map(|what| self.database_wait.of((store, what))),
            commit: self.database_commit.of(store),
            commit_jobs: self.database_commit_jobs.of(store),
            refusals: Unavailable::EVERY.map(|why| self.database_refusals.of((store, why))),
        }
    }

    /// Prometheus' text format, version 0.0.4.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        prometheus_text::encode(&mut text, &self.registry).ok();
        text
    }
}
