use std::sync::Arc;
use std::time::Duration;

use auth_protocol::forwarding::TrustedProxies;
use auth_protocol::id::AccountId;
use axum::Router;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::BoxFuture;
use gateway::upstream::Client;
use gateway::{AccountReader, FileSource, Gateway, GatewayConfig, Limits, ServedFile, Upstreams};
use resource_guard::Guard;
use telemetry::metrics::Metrics;
use tokio_util::task::AbortOnDropHandle;

use super::issuers::{self, IssuerSource};
use super::key_sets::KeySets;
use super::secrets::Secrets;
use super::{epoch_seconds, fill};
use crate::storefront::Storefront;

/// Between two questions to a tenant resolver that does not answer yet.
const AGAIN: Duration = Duration::from_secs(1);

/// What the gateway is built from.
pub struct GatewayPart {
    pub client: Client,
    pub upstreams: Upstreams,
    pub secrets: Secrets,
    pub scheme: &'static str,
    pub trusted_proxies: TrustedProxies,
    pub metrics: Arc<Metrics>,
}

/// Dropping it stops the background jobs.
pub struct RunningGateway {
    pub router: Router,
    /// Of its look at accounts in tokens.
    pub guard: Guard,
    _following: Option<AbortOnDropHandle<()>>,
}

impl GatewayPart {
    /// With a guard that somebody else keeps up to date.
    pub fn start_with(self, guard: Guard) -> RunningGateway {
        let gateway = Gateway::new(GatewayConfig {
            client: self.client,
            upstreams: self.upstreams,
            secret_of: self.secrets,
            accounts: Arc::new(Accounts(guard.clone())),
            files: Arc::new(EmbeddedFiles),
            clock: Arc::new(epoch_seconds),
            random: Arc::new(fill),
            scheme: self.scheme,
            trusted_proxies: self.trusted_proxies,
            limits: Limits::default(),
            metrics: self.metrics,
        });
        RunningGateway { router: gateway.router(), guard, _following: None }
    }

    /// Learns issuers from the tenant resolver, and waits until that answers.
    pub async fn start(self) -> RunningGateway {
        let (client, resolver) = (self.client.clone(), self.upstreams.tenant_resolver.clone());
        let keys = KeySets { client: client.clone(), auth: Some(self.upstreams.auth.clone()) };
        let source = IssuerSource::Resolver(Box::new(client), resolver);
        let issuers = loop {
            match source.read().await {
                Ok(issuers) => break issuers,
                Err(error) => tracing::warn!(%error, "waiting for the tenant resolver"),
            }
            tokio::time::sleep(AGAIN).await;
        };
        let (guard, following) = issuers::guard(source, issuers, keys, Arc::clone(&self.metrics));
        RunningGateway { _following: Some(following), ..self.start_with(guard) }
    }
}

struct Accounts(Guard);

impl AccountReader for Accounts {
    fn account<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Option<AccountId>> {
        Box::pin(async move { self.0.verify(token).await.ok()?.account_id() })
    }
}

struct EmbeddedFiles;

impl FileSource for EmbeddedFiles {
    fn get(&self, path: &str) -> Option<ServedFile> {
        let file = Storefront::get(path)?;
        Some(ServedFile { hash: URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash()), bytes: file.data })
    }
}
