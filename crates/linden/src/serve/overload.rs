use std::sync::atomic::{AtomicI64, Ordering};

use auth_protocol::problem::{CONTENT_TYPE, Problem};
use auth_server::environment::{Clock, SystemClock};
use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use telemetry::request::{RequestName, on_behalf_of};

use super::load::Load;
use crate::request_id;

const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");
/// Seconds between two lines of the log: a flood must not become one of lines.
const BETWEEN_LINES: i64 = 10;

/// Tells who comes when there is no place that it is too much now, at next to no cost.
#[derive(Default)]
pub(super) struct Overload {
    last_line: AtomicI64,
}

impl Overload {
    pub(super) fn answer(&self, load: &Load, what: &'static str) -> Response<Body> {
        let now = SystemClock.now();
        let request_id = request_id::new();
        let refused = load.refuse();
        let last = self.last_line.load(Ordering::Relaxed);
        if now.seconds() - last >= BETWEEN_LINES
            && self.last_line.compare_exchange(last, now.seconds(), Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            tracing::warn!(refused, requests = load.requests(), connections = load.connections(), "too many {what}");
        }
        on_behalf_of(Some(RequestName::new(&request_id)), || tracing::debug!("refused: too many {what}"));
        refusal(request_id)
    }
}

fn refusal(id: String) -> Response<Body> {
    let mut problem =
        Problem::new(503, "overloaded", "Too much is asked at the moment").detail("Try again in a moment.");
    problem.request_id = Some(id.clone());
    let mut response = Response::new(Body::from(serde_json::to_vec(&problem).unwrap_or_default()));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    request_id::name(&mut response, &id);
    response
}
