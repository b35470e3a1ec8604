use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use auth_protocol::forwarding::TrustedProxies;
use auth_protocol::id::AccountId;
use futures::future::BoxFuture;
use serde::Deserialize;
use telemetry::metrics::Metrics;

use crate::upstream::{Client, Upstream};

/// One file of the storefront.
pub struct ServedFile {
    pub bytes: Cow<'static, [u8]>,
    /// Hash of the content, as an ETag without quotes.
    pub hash: String,
}

/// The storefront's files by path without a leading slash.
pub trait FileSource: Send + Sync {
    fn get(&self, path: &str) -> Option<ServedFile>;
}

/// Reads the account out of a verified token; `None` for tokens that are not good, which are passed on all the same.
pub trait AccountReader: Send + Sync {
    fn account<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Option<AccountId>>;
}

/// The secret of a client, by its issuer and its id.
pub type SecretOf = Arc<dyn Fn(&str, &str) -> Option<String> + Send + Sync>;
/// Epoch seconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;
/// Fills the bytes with randomness fit for ids.
pub type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Of a request.
    pub body_bytes: u64,
    /// Until the head of an answer arrives.
    pub answer: Duration,
    /// Between two pieces of a body, either way; between two words on a WebSocket, whoever says them.
    pub pause: Duration,
    /// For a body as a whole, either way; event streams go on for as long as they do.
    pub exchange: Duration,
    /// WebSockets at a time.
    pub tunnels: usize,
    /// For a WebSocket as a whole: no longer than a session may last.
    pub tunnel: Duration,
    /// Applications remembered at a time.
    pub applications: u64,
    /// How long they are used while nobody can say whether they changed.
    pub application_age: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            answer: Duration::from_secs(30),
            pause: Duration::from_secs(60),
            exchange: Duration::from_secs(600),
            tunnels: 1024,
            tunnel: Duration::from_secs(12 * 3600),
            applications: 10_000,
            application_age: Duration::from_secs(60),
        }
    }
}

/// Where the parts are, as a configuration says it: each a list of addresses ([`Upstream`]). Apart from the issuer, which is
/// where browsers find the authorization server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstreams {
    pub auth: Upstream,
    /// Where applications are resolved.
    pub tenant_resolver: Upstream,
    /// Services by their name in `/api/{name}`.
    pub services: BTreeMap<String, Upstream>,
}

pub struct GatewayConfig {
    pub client: Client,
    pub upstreams: Upstreams,
    /// Of the applications' gateway clients, by issuer and client id.
    pub secret_of: SecretOf,
    pub accounts: Arc<dyn AccountReader>,
    pub files: Arc<dyn FileSource>,
    pub clock: Clock,
    pub random: Random,
    /// `https` when browsers reach us by TLS, ours or a proxy's.
    pub scheme: &'static str,
    /// Proxies in front of us, whose `X-Forwarded-For` counts; they leave `Host` as it came.
    pub trusted_proxies: TrustedProxies,
    pub limits: Limits,
    pub metrics: Arc<Metrics>,
}
