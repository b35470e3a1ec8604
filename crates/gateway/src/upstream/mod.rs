//! How the gateway reaches other parts: one HTTP client, whose connections are TCP, TLS, or memory within one process.
//! The same requests take the same way through the same code; only the connector differs.

mod addresses;
mod call;
mod circuit;
mod connector;
mod measured;
mod memory;

pub(crate) use addresses::Chosen;
pub use addresses::{AllRest, InvalidUpstream, Upstream};
pub use call::{CallError, CallLimits};
pub(crate) use measured::measured;
pub use memory::MemoryRegistry;

use std::time::Duration;

use axum::body::Body;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use connector::Connector;

/// A node that ends asks for the end of each connection that is used while it leaves, and closes those that were not (of
/// `linden auth` and `services`, `limits.leave_seconds`). One that has been idle for longer than this is not used again, so
/// that no request meets a connection at the moment when it is closed.
const LONGEST_IDLE: Duration = Duration::from_secs(1);

/// Cloning it is cheap and shares the pool of connections.
#[derive(Clone)]
pub struct Client(legacy::Client<Connector, Body>);

impl Client {
    /// Names in the registry are served in this process, all others by the network.
    pub fn new(memory: MemoryRegistry) -> std::io::Result<Self> {
        Self::build(Connector::new(memory, None)?)
    }

    /// By the network alone, to upstreams that one of these authorities vouches for.
    pub fn trusting(authorities: rustls::RootCertStore) -> std::io::Result<Self> {
        Self::build(Connector::new(MemoryRegistry::default(), Some(authorities))?)
    }

    fn build(connector: Connector) -> std::io::Result<Self> {
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(LONGEST_IDLE)
            .pool_max_idle_per_host(256)
            .build(connector);
        Ok(Self(client))
    }

    /// The answer as soon as its head is there; a connection that died while it was idle is replaced unseen.
    pub fn send(&self, request: http::Request<Body>) -> legacy::ResponseFuture {
        self.0.request(request)
    }
}
