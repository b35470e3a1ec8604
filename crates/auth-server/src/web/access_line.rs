use axum::extract::Request;
use axum::http::{Method, StatusCode};
use telemetry::request::{RequestName, on_behalf_of};

/// The line that each request leaves in the log at `info`. Of the address the path alone: a query holds codes and tokens.
/// Nothing is kept for it while nobody reads it.
pub struct AccessLine(Option<(Method, String)>);

impl AccessLine {
    pub fn of(request: &Request) -> Self {
        let is_read = tracing::enabled!(tracing::Level::INFO);
        Self(is_read.then(|| (request.method().clone(), request.uri().path().to_owned())))
    }

    pub fn answered(self, status: StatusCode) {
        if let Some((method, path)) = self.0 {
            tracing::info!(%method, path, status = status.as_u16(), "answered");
        }
    }

    /// The same of a request that is not the task's.
    pub fn answered_at_once(self, request_id: &str, status: StatusCode) {
        if self.0.is_some() {
            on_behalf_of(Some(RequestName::new(request_id)), || self.answered(status));
        }
    }
}
