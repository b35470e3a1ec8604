use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Limited};
use telemetry::request;

use super::Client;

/// Bounds of a call whose answer is small and needed as a whole.
#[derive(Debug, Clone, Copy)]
pub struct CallLimits {
    pub answer_bytes: usize,
    /// From the first step of connecting to the last byte.
    pub time: Duration,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self { answer_bytes: 256 * 1024, time: Duration::from_secs(5) }
    }
}

/// Why a call brought nothing; for the log, not for the one who asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    #[error("no answer in time")]
    TimedOut,
    #[error("no connection: {0}")]
    Unreachable(String),
    #[error("the connection broke before an answer: {0}")]
    NoAnswer(String),
    #[error("the answer broke off, or is too large: {0}")]
    BrokenAnswer(String),
    #[error("the request cannot be written: {0}")]
    Malformed(String),
}

impl Client {
    /// Sends a request and takes the whole answer, whatever its status. Redirects are not followed. It goes under the id of
    /// the request that it is made for.
    pub async fn call(&self, mut request: Request<Body>, limits: CallLimits) -> Result<Response<Bytes>, CallError> {
        if let Some(id) = request::current().and_then(|name| HeaderValue::from_str(name.as_str()).ok()) {
            request.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
        }
        let called = async {
            let answer = self.send(request).await.map_err(|error| match error.is_connect() {
                true => CallError::Unreachable(error.to_string()),
                false => CallError::NoAnswer(error.to_string()),
            })?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, limits.answer_bytes).collect().await;
            let body = body.map_err(|error| CallError::BrokenAnswer(error.to_string()))?;
            Ok(Response::from_parts(parts, body.to_bytes()))
        };
        tokio::time::timeout(limits.time, called).await.unwrap_or(Err(CallError::TimedOut))
    }
}
