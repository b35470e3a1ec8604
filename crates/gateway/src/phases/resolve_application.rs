//! The application that a request is for: the host decides, the tenant service knows. `X-Application-Token` may choose
//! among the host's own; what is remembered is remembered for host and token together.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use moka::Expiry;
use moka::future::Cache;

use crate::Application;
use crate::config::Limits;
use crate::upstream::{CallLimits, Client};

/// How long an unknown host is remembered: short, so that a new shop is found soon.
const UNKNOWN_AGE: Duration = Duration::from_secs(5);
const LONGEST_TOKEN: usize = 128;

#[derive(Debug, Clone, thiserror::Error)]
pub enum ResolveError {
    #[error("no application has the host {0}")]
    Unknown(String),
    #[error("host and X-Application-Token name different applications")]
    Disagreement,
    #[error("the tenant service could not be asked: {0}")]
    Unavailable(String),
}

/// All that decides which application it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    host: String,
    token: Option<String>,
}

#[derive(Debug, Clone)]
enum Found {
    One(Arc<Application>),
    Unknown,
    Disagreement,
}

struct Ages(Duration);

impl Expiry<Asked, Found> for Ages {
    fn expire_after_create(&self, _: &Asked, found: &Found, _: Instant) -> Option<Duration> {
        Some(if matches!(found, Found::One(_)) { self.0 } else { UNKNOWN_AGE.min(self.0) })
    }
}

pub struct Applications {
    client: Client,
    resolver: String,
    known: Cache<Asked, Found>,
}

impl Applications {
    pub fn new(client: Client, resolver: String, limits: &Limits) -> Self {
        let ages = Ages(limits.application_age);
        let known = Cache::builder().max_capacity(limits.applications).expire_after(ages).build();
        Self { client, resolver, known }
    }

    /// One question at a time for the same host and token; a tenant service that failed is asked anew.
    pub async fn find(&self, host: &str, headers: &HeaderMap) -> Result<Arc<Application>, ResolveError> {
        let asked = Asked { host: host.to_owned(), token: token(headers)? };
        let found = match self.known.get(&asked).await {
            Some(found) => found,
            None => {
                let asking = self.known.try_get_with_by_ref(&asked, self.ask(&asked)).await;
                asking.map_err(|error| ResolveError::Unavailable((*error).clone()))?
            }
        };
        match found {
            Found::One(application) => Ok(application),
            Found::Unknown => Err(ResolveError::Unknown(asked.host)),
            Found::Disagreement => Err(ResolveError::Disagreement),
        }
    }

    async fn ask(&self, asked: &Asked) -> Result<Found, String> {
        let failed = |why: &dyn std::fmt::Display| why.to_string();
        let mut inputs = vec![("host", asked.host.as_str())];
        inputs.extend(asked.token.as_deref().map(|token| ("token", token)));
        let query = serde_urlencoded::to_string(inputs).map_err(|error| failed(&error))?;
        let uri = format!("http://{}/internal/applications/resolve?{query}", self.resolver);
        let request = Request::get(uri).body(Body::empty()).map_err(|error| failed(&error))?;
        let answer = self.client.call(request, CallLimits::default()).await.map_err(|error| failed(&error))?;
        match answer.status() {
            StatusCode::OK => {
                let application = serde_json::from_slice(answer.body()).map_err(|error| failed(&error))?;
                Ok(Found::One(Arc::new(application)))
            }
            StatusCode::NOT_FOUND => Ok(Found::Unknown),
            StatusCode::BAD_REQUEST => Ok(Found::Disagreement),
            other => Err(format!("it answered {other}")),
        }
    }
}

fn token(headers: &HeaderMap) -> Result<Option<String>, ResolveError> {
    let mut all = headers.get_all("x-application-token").iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(token), None) if token.len() <= LONGEST_TOKEN => {
            let token = token.to_str().map_err(|_| ResolveError::Disagreement)?.trim();
            Ok(Some(token.to_owned()).filter(|token| !token.is_empty()))
        }
        _ => Err(ResolveError::Disagreement),
    }
}
