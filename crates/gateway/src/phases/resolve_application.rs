//! The application that a request is for: the host decides, the tenant service knows.
//!
//! 1. What tells the host's applications apart is asked for once and remembered ([`Host`]).
//! 2. Of header, parameter and path only what can choose among that host's applications counts; all that counts is asked
//!    and remembered together, so that no answer is given to another question.
//! 3. Each second the tenant service is asked for the number that rises with every change ([`Followed`]); what was learned
//!    under another number is forgotten. While it cannot be asked, what is remembered is used for
//!    [`Limits::application_age`], and from then on every request asks.
//! 4. Most requests name no application, and take the one that their host remembers for them.
//! 5. What is remembered is bounded in number; a tenant service that failed is asked anew.

mod asked;
mod followed;
mod host;

pub use asked::Asked;
pub use host::{Host, IssuerPlace};

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use axum::body::Body;
use http::{Request, StatusCode};
use moka::Expiry;
use moka::future::Cache;
use serde::de::DeserializeOwned;
use telemetry::metrics::labels::{self, Lookup};
use telemetry::metrics::{Metrics, UpstreamSeries};
use tokio_util::task::AbortOnDropHandle;

use crate::Application;
use crate::config::Limits;
use crate::upstream::{CallLimits, Client, Upstream, measured};
use followed::{Followed, follow};

/// How long it is remembered that something is unknown: short, so that a new shop is found soon.
const UNKNOWN_AGE: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, thiserror::Error)]
pub enum ResolveError {
    #[error("no application has the host {0}")]
    Unknown(String),
    #[error("several applications share the host, and the request names none of them")]
    NoneNamed,
    #[error("host, path, parameter and X-Application-Token name different applications")]
    Disagreement,
    #[error("the tenant service could not be asked: {0}")]
    Unavailable(String),
}

#[derive(Debug)]
enum Found<T> {
    One(Arc<T>),
    Unknown,
    Disagreement,
}

impl<T> Clone for Found<T> {
    fn clone(&self) -> Self {
        match self {
            Found::One(one) => Found::One(Arc::clone(one)),
            Found::Unknown => Found::Unknown,
            Found::Disagreement => Found::Disagreement,
        }
    }
}

/// An answer, and the number that was current before the question.
struct Kept<T> {
    found: Found<T>,
    generation: i64,
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self { found: self.found.clone(), generation: self.generation }
    }
}

struct Ages;

impl<K, T> Expiry<K, Kept<T>> for Ages {
    fn expire_after_create(&self, _: &K, kept: &Kept<T>, _: Instant) -> Option<Duration> {
        (!matches!(kept.found, Found::One(_))).then_some(UNKNOWN_AGE)
    }
}

pub struct Applications {
    client: Client,
    resolver: Upstream,
    hosts: Cache<String, Kept<Host>>,
    /// At hand for the next request, which most often is for the same.
    latest: ArcSwapOption<Host>,
    known: Cache<Asked, Kept<Application>>,
    followed: Arc<Followed>,
    longest_unconfirmed: Duration,
    metrics: Arc<Metrics>,
    series: UpstreamSeries,
    _following: AbortOnDropHandle<()>,
}

impl Applications {
    /// Within a runtime: it follows what changes until it is dropped.
    pub fn new(client: Client, resolver: Upstream, limits: &Limits, metrics: Arc<Metrics>) -> Self {
        let followed = Arc::new(Followed::default());
        let following = tokio::spawn(follow(client.clone(), resolver.clone(), Arc::clone(&followed)));
        let series = metrics.upstreams.of("tenant_resolver");
        Self {
            client,
            resolver,
            hosts: cache(limits),
            latest: ArcSwapOption::empty(),
            known: cache(limits),
            followed,
            longest_unconfirmed: limits.application_age,
            metrics,
            series,
            _following: AbortOnDropHandle::new(following),
        }
    }

    /// What is registered for a host, in lower case.
    pub async fn host(&self, host: &str) -> Result<Arc<Host>, ResolveError> {
        let latest = self.latest.load();
        let generation = self.followed.known(self.longest_unconfirmed);
        match latest.as_ref().filter(|latest| *latest.name == *host && Some(latest.generation) == generation) {
            Some(latest) => {
                self.metrics.cache_lookups.add((labels::Cache::Applications, Lookup::Hit));
                Ok(Arc::clone(latest))
            }
            // Boxed, as all that few requests need: it would make the future of each a large one.
            None => Box::pin(self.remembered_host(host)).await,
        }
    }

    async fn remembered_host(&self, host: &str) -> Result<Arc<Host>, ResolveError> {
        let inputs = [("host", host)];
        let asking = |generation| self.ask("/internal/hosts", &inputs, Host::read(host, generation));
        match self.remembered(&self.hosts, host, asking).await? {
            Found::One(known) => {
                self.latest.store(Some(Arc::clone(&known)));
                Ok(known)
            }
            Found::Unknown | Found::Disagreement => Err(ResolveError::Unknown(host.to_owned())),
        }
    }

    /// `host` is what its host was found to be.
    pub async fn find(&self, host: &Host, asked: Asked) -> Result<Arc<Application>, ResolveError> {
        let unnamed = asked.names_none().then_some(&host.unnamed);
        if let Some(application) = unnamed.and_then(OnceLock::get) {
            return Ok(Arc::clone(application));
        }
        let application = Box::pin(self.remembered_application(&asked)).await?;
        unnamed.map(|unnamed| unnamed.set(Arc::clone(&application)).ok());
        Ok(application)
    }

    async fn remembered_application(&self, asked: &Asked) -> Result<Arc<Application>, ResolveError> {
        let inputs = asked.inputs();
        let asking = |_| self.ask("/internal/applications/resolve", &inputs, Some);
        match self.remembered(&self.known, asked, asking).await? {
            Found::One(application) => Ok(application),
            Found::Unknown => Err(ResolveError::NoneNamed),
            Found::Disagreement => Err(ResolveError::Disagreement),
        }
    }

    /// One question at a time for the same inputs.
    async fn remembered<K, Q, T, F>(
        &self,
        cache: &Cache<K, Kept<T>>,
        inputs: &Q,
        asking: impl FnOnce(i64) -> F,
    ) -> Result<Found<T>, ResolveError>
    where
        K: Borrow<Q> + Hash + Eq + Send + Sync + 'static,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
        T: Send + Sync + 'static,
        F: Future<Output = Result<Found<T>, String>>,
    {
        let generation = self.followed.current(self.longest_unconfirmed).await;
        if let Some(kept) = cache.get(inputs).await {
            if Some(kept.generation) == generation {
                self.metrics.cache_lookups.add((labels::Cache::Applications, Lookup::Hit));
                return Ok(kept.found);
            }
            cache.invalidate(inputs).await;
        }
        self.metrics.cache_lookups.add((labels::Cache::Applications, Lookup::Miss));
        let generation = generation.unwrap_or(followed::UNKNOWN);
        let asked = async { Ok(Kept { found: asking(generation).await?, generation }) };
        let kept = cache.try_get_with_by_ref(inputs, asked).await;
        kept.map(|kept| kept.found).map_err(|error: Arc<String>| ResolveError::Unavailable((*error).clone()))
    }

    async fn ask<A: DeserializeOwned, T>(
        &self,
        path: &str,
        inputs: &[(&str, &str)],
        read: impl FnOnce(A) -> Option<T>,
    ) -> Result<Found<T>, String> {
        let failed = |why: &dyn std::fmt::Display| why.to_string();
        let query = serde_urlencoded::to_string(inputs).map_err(|error| failed(&error))?;
        let request = |base: &str| Request::get(format!("{base}{path}?{query}")).body(Body::empty());
        let called = self.resolver.call(&self.client, CallLimits::default(), request);
        let answer = measured(&self.series, called).await.map_err(|error| failed(&error))?;
        match answer.status() {
            StatusCode::OK => {
                let answer = serde_json::from_slice(answer.body()).map_err(|error| failed(&error))?;
                Ok(read(answer).map_or(Found::Unknown, |one| Found::One(Arc::new(one))))
            }
            StatusCode::NOT_FOUND => Ok(Found::Unknown),
            StatusCode::BAD_REQUEST => Ok(Found::Disagreement),
            other => Err(format!("it answered {other}")),
        }
    }
}

fn cache<K: Hash + Eq + Send + Sync + 'static, T: Send + Sync + 'static>(limits: &Limits) -> Cache<K, Kept<T>> {
    Cache::builder().max_capacity(limits.applications).expire_after(Ages).build()
}
