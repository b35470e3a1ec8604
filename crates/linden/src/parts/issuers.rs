//! Whose tokens count: the services read it in their database, the gateway asks the tenant resolver. Neither opens the
//! authorization server's database.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use axum::body::Body;
use commerce::trusted_issuer::{self, Issuer};
use database::Database;
use gateway::upstream::{CallLimits, Client, Upstream};
use http::Request;
use resource_guard::{Guard, GuardOptions, TrustedIssuer};
use telemetry::metrics::Metrics;
use telemetry::metrics::labels::{End, Store};
use tokio_util::task::AbortOnDropHandle;

use super::epoch_seconds;
use super::key_sets::KeySets;

/// Trusts these issuers, and for as long as the handle lives those that the source names.
pub fn guard(
    source: IssuerSource,
    issuers: Vec<TrustedIssuer>,
    keys: KeySets,
    metrics: Arc<Metrics>,
) -> (Guard, AbortOnDropHandle<()>) {
    let guard = Guard::new(GuardOptions {
        issuers: issuers.clone(),
        fetch: Arc::new(move |url: String| keys.clone().fetch(url)),
        clock: Arc::new(epoch_seconds),
    });
    let following = AbortOnDropHandle::new(tokio::spawn(source.follow(guard.clone(), issuers, metrics)));
    (guard, following)
}

/// How stale what is known of issuers may be.
const FOLLOW: Duration = Duration::from_secs(1);
const ANSWER_BYTES: usize = 8 * 1024 * 1024;

pub enum IssuerSource {
    Database(Database),
    Resolver(Box<Client>, Upstream),
}

impl IssuerSource {
    pub async fn read(&self) -> Result<Vec<TrustedIssuer>> {
        let issuers = match self {
            Self::Database(database) => trusted_issuer::all(database).await?,
            Self::Resolver(client, resolver) => asked(client, resolver).await?,
        };
        let trusted = issuers.into_iter().map(|Issuer { tenant_id, issuer, audience }| TrustedIssuer {
            key_set_url: format!("{issuer}/oauth/jwks"),
            issuer,
            audience,
            tenant_id,
        });
        Ok(trusted.collect())
    }

    /// Issuers come and go with the configuration. What was known stays while it cannot be read.
    async fn follow(self, guard: Guard, mut known: Vec<TrustedIssuer>, metrics: Arc<Metrics>) {
        loop {
            tokio::time::sleep(FOLLOW).await;
            let read = self.read().await;
            metrics.configuration_reads.add((Store::Commerce, End::of(&read)));
            match read {
                Ok(found) if found != known => {
                    guard.trust(found.clone());
                    known = found;
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the issuers could not be read"),
            }
        }
    }
}

async fn asked(client: &Client, resolver: &Upstream) -> Result<Vec<Issuer>> {
    let limits = CallLimits { answer_bytes: ANSWER_BYTES, ..CallLimits::default() };
    let request = |base: &str| Request::get(format!("{base}/internal/issuers")).body(Body::empty());
    let answer = resolver.call(client, limits, request).await?;
    if !answer.status().is_success() {
        bail!("the tenant resolver answered {}", answer.status());
    }
    Ok(serde_json::from_slice(answer.body())?)
}
