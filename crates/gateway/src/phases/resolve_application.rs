//! The application that a request is for: the host decides, the tenant service knows.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use moka::Expiry;
use moka::future::Cache;

use crate::Application;
use crate::config::Limits;
use crate::upstream::Client;

/// How long an unknown host is remembered: short, so that a new shop is found soon.
const UNKNOWN_AGE: Duration = Duration::from_secs(5);
const LARGEST_ANSWER: usize = 256 * 1024;

#[derive(Debug, Clone, thiserror::Error)]
#[error("the tenant service could not be asked: {0}")]
pub struct ResolveError(String);

pub struct Applications {
    client: Client,
    resolver: String,
    known: Cache<String, Option<Arc<Application>>>,
}

struct Ages(Duration);

impl Expiry<String, Option<Arc<Application>>> for Ages {
    fn expire_after_create(
        &self,
        _: &String,
        found: &Option<Arc<Application>>,
        _: std::time::Instant,
    ) -> Option<Duration> {
        Some(if found.is_some() { self.0 } else { UNKNOWN_AGE.min(self.0) })
    }
}

impl Applications {
    pub fn new(client: Client, resolver: String, limits: &Limits) -> Self {
        let known =
            Cache::builder().max_capacity(limits.applications).expire_after(Ages(limits.application_age)).build();
        Self { client, resolver, known }
    }

    /// One question for a host at a time; a failure is not remembered.
    pub async fn find(&self, host: &str) -> Result<Option<Arc<Application>>, ResolveError> {
        if let Some(known) = self.known.get(host).await {
            return Ok(known);
        }
        let asked = self.known.try_get_with(host.to_owned(), self.ask(host)).await;
        asked.map_err(|error| (*error).clone())
    }

    async fn ask(&self, host: &str) -> Result<Option<Arc<Application>>, ResolveError> {
        let failed = |why: String| ResolveError(why);
        let query = serde_urlencoded::to_string([("host", host)]).map_err(|error| failed(error.to_string()))?;
        let uri = format!("http://{}/internal/applications/resolve?{query}", self.resolver);
        let request = Request::get(uri).body(Body::empty()).map_err(|error| failed(error.to_string()))?;
        let response = self.client.send(request).await.map_err(|error| failed(error.to_string()))?;
        match response.status() {
            StatusCode::OK => {
                let body = http_body_util::Limited::new(response.into_body(), LARGEST_ANSWER);
                let bytes = body.collect().await.map_err(|error| failed(error.to_string()))?.to_bytes();
                serde_json::from_slice(&bytes)
                    .map(|found| Some(Arc::new(found)))
                    .map_err(|error| failed(error.to_string()))
            }
            StatusCode::NOT_FOUND => Ok(None),
            other => Err(failed(format!("it answered {other}"))),
        }
    }
}
