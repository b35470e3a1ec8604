use std::sync::atomic::{AtomicI64, Ordering};

use auth_protocol::id::RequestId;
use auth_protocol::problem::{CONTENT_TYPE, Problem};
use auth_server::environment::{Clock, Random, SystemClock, SystemRandom, random_bytes};
use axum::body::Body;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

use super::load::Load;

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
        let random: [u8; 10] = random_bytes(&SystemRandom as &dyn Random);
        let request_id = RequestId::new(u64::try_from(now.millis()).unwrap_or_default(), random).to_string();
        let refused = load.refuse();
        let last = self.last_line.load(Ordering::Relaxed);
        if now.seconds() - last >= BETWEEN_LINES
            && self.last_line.compare_exchange(last, now.seconds(), Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            tracing::warn!(refused, requests = load.requests(), connections = load.connections(), "too many {what}");
        }
        tracing::debug!(request_id, "refused: too many {what}");
        refusal(request_id)
    }
}

fn refusal(request_id: String) -> Response<Body> {
    let mut problem =
        Problem::new(503, "overloaded", "Too much is asked at the moment").detail("Try again in a moment.");
    let named = HeaderValue::from_str(&request_id);
    problem.request_id = Some(request_id);
    let mut response = Response::new(Body::from(serde_json::to_vec(&problem).unwrap_or_default()));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(named) = named {
        headers.insert(HeaderName::from_static("x-request-id"), named);
    }
    response
}
