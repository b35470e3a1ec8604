use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use auth_protocol::id::AccountId;
use futures::future::BoxFuture;

use crate::upstream::Client;

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

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub body_bytes: u64,
    /// Until the head of an answer arrives.
    pub answer: Duration,
    /// Applications remembered at a time.
    pub applications: u64,
    pub application_age: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            answer: Duration::from_secs(30),
            applications: 10_000,
            application_age: Duration::from_secs(30),
        }
    }
}

/// Authorities are `host:port`, or names that the client's memory registry knows.
pub struct GatewayConfig {
    pub client: Client,
    pub auth: String,
    /// Where applications are resolved.
    pub tenant_resolver: String,
    /// Services by their name in `/api/{name}`.
    pub services: BTreeMap<String, String>,
    /// The secret of an application's gateway client.
    pub secret_of: Arc<dyn Fn(&str) -> Option<String> + Send + Sync>,
    pub accounts: Arc<dyn AccountReader>,
    pub files: Arc<dyn FileSource>,
    /// Epoch seconds.
    pub clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    pub random: Arc<dyn Fn(&mut [u8]) + Send + Sync>,
    /// `https` when browsers reach us by TLS, ours or a proxy's.
    pub scheme: &'static str,
    pub limits: Limits,
}
