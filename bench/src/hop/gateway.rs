use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use auth_protocol::forwarding::TrustedProxies;
use auth_protocol::id::AccountId;
use auth_server::environment::{Clock, Random, SystemClock, SystemRandom};
use axum::body::Body;
use axum::http::Request;
use bytes::Bytes;
use clap::Args;
use futures::future::BoxFuture;
use gateway::upstream::{CallLimits, Client, MemoryRegistry, Upstream};
use gateway::{AccountReader, FileSource, Gateway, GatewayConfig, Limits, ServedFile, Upstreams};
use resource_guard::{FetchError, Guard, GuardOptions, TrustedIssuer};

use crate::floor::claims::SOME_ID;
use crate::shop;

#[derive(Debug, Args)]
pub struct GatewayOptions {
    /// `HOST:PORT` of authorization server, tenant service and cart
    #[arg(long)]
    upstream: String,
}

/// As `linden` wires it, but that all parts lie at the upstream.
pub async fn run(options: GatewayOptions) -> Result<()> {
    crate::serving::log();
    let client = Client::new(MemoryRegistry::default())?;
    let (fetch, upstream_address) = (client.clone(), options.upstream);
    let guard = Guard::new(GuardOptions {
        issuers: vec![TrustedIssuer {
            key_set_url: format!("http://{upstream_address}/auth/oauth/jwks"),
            issuer: shop::ISSUER.to_owned(),
            audience: shop::API_AUDIENCE.to_owned(),
            tenant_id: SOME_ID.parse()?,
        }],
        fetch: Arc::new(move |url| key_set(fetch.clone(), url)),
        clock: Arc::new(epoch_seconds),
    });
    let at = Upstream::at(&upstream_address)?;
    let gateway = Gateway::new(GatewayConfig {
        client,
        upstreams: Upstreams {
            auth: at.clone(),
            tenant_resolver: at.clone(),
            services: BTreeMap::from([("cart".to_owned(), at)]),
        },
        secret_of: Arc::new(|_, _| Some(shop::SERVICE_SECRET.to_owned())),
        accounts: Arc::new(Accounts(guard)),
        files: Arc::new(NoFiles),
        clock: Arc::new(epoch_seconds),
        random: Arc::new(|bytes| SystemRandom.fill(bytes)),
        scheme: "http",
        trusted_proxies: TrustedProxies::default(),
        limits: Limits::default(),
        metrics: telemetry::metrics::Metrics::new("bench"),
    });
    crate::serving::serve(gateway.router()).await
}

fn epoch_seconds() -> i64 {
    SystemClock.now().seconds()
}

async fn key_set(client: Client, url: String) -> Result<Bytes, FetchError> {
    let request = Request::get(url).body(Body::empty()).map_err(|error| FetchError::new(error.to_string()))?;
    let answer = client.call(request, CallLimits::default()).await;
    answer.map(|answer| answer.into_body()).map_err(|error| FetchError::new(error.to_string()))
}

struct Accounts(Guard);

impl AccountReader for Accounts {
    fn account<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Option<AccountId>> {
        Box::pin(async move { self.0.verify(token).await.ok()?.account_id() })
    }
}

struct NoFiles;

impl FileSource for NoFiles {
    fn get(&self, _: &str) -> Option<ServedFile> {
        None
    }
}
