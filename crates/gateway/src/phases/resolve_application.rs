//! The application that a request is for: the host decides, the tenant service knows.
//!
//! 1. What tells the host's applications apart is asked for once and remembered ([`Host`]).
//! 2. Of header, parameter and path only what can choose among that host's applications counts; all that counts is asked
//!    and remembered together, so that no answer is given to another question.
//! 3. What is remembered has a number and an age; a tenant service that failed is asked anew.

mod asked;
mod host;

pub use asked::Asked;
pub use host::{Host, IssuerPlace};

use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use http::{Request, StatusCode};
use moka::Expiry;
use moka::future::Cache;
use serde::de::DeserializeOwned;

use crate::Application;
use crate::config::Limits;
use crate::upstream::{CallLimits, Client, Upstream};

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

struct Ages(Duration);

impl<K, T> Expiry<K, Found<T>> for Ages {
    fn expire_after_create(&self, _: &K, found: &Found<T>, _: Instant) -> Option<Duration> {
        Some(if matches!(found, Found::One(_)) { self.0 } else { UNKNOWN_AGE.min(self.0) })
    }
}

pub struct Applications {
    client: Client,
    resolver: Upstream,
    hosts: Cache<String, Found<Host>>,
    known: Cache<Asked, Found<Application>>,
}

impl Applications {
    pub fn new(client: Client, resolver: Upstream, limits: &Limits) -> Self {
        Self { client, resolver, hosts: cache(limits), known: cache(limits) }
    }

    /// What is registered for a host, in lower case.
    pub async fn host(&self, host: &str) -> Result<Arc<Host>, ResolveError> {
        let found = match self.hosts.get(host).await {
            Some(found) => found,
            None => {
                let asking = async { self.ask("/internal/hosts", &[("host", host)], Host::read(host)).await };
                let asked = self.hosts.try_get_with_by_ref(host, asking).await;
                asked.map_err(|error| ResolveError::Unavailable((*error).clone()))?
            }
        };
        match found {
            Found::One(known) => Ok(known),
            Found::Unknown | Found::Disagreement => Err(ResolveError::Unknown(host.to_owned())),
        }
    }

    /// One question at a time for the same inputs.
    pub async fn find(&self, asked: &Asked) -> Result<Arc<Application>, ResolveError> {
        let found = match self.known.get(asked).await {
            Some(found) => found,
            None => {
                let inputs = asked.inputs();
                let asking = async { self.ask("/internal/applications/resolve", &inputs, Some).await };
                let asked = self.known.try_get_with_by_ref(asked, asking).await;
                asked.map_err(|error| ResolveError::Unavailable((*error).clone()))?
            }
        };
        match found {
            Found::One(application) => Ok(application),
            Found::Unknown => Err(ResolveError::NoneNamed),
            Found::Disagreement => Err(ResolveError::Disagreement),
        }
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
        let answer = called.await.map_err(|error| failed(&error))?;
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

fn cache<K: Hash + Eq + Send + Sync + 'static, T: Send + Sync + 'static>(limits: &Limits) -> Cache<K, Found<T>> {
    Cache::builder().max_capacity(limits.applications).expire_after(Ages(limits.application_age)).build()
}
