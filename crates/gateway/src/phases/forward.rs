//! Passing a request on, and its answer back.
//!
//! 1. A body that says it is too large is refused before anything is sent; one that turns out to be, while it streams.
//! 2. Bodies stream both ways, piece by piece: neither is ever held as a whole.
//! 3. A connection, the head of an answer, a pause in a body and a whole exchange may each take so long.
//! 4. A request without a body that may be repeated (RFC 9110 §9.2.2) is sent a second time when the connection broke
//!    before an answer: a kept connection may end just as it is used again.

mod bounded;

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request, Response, Uri, Version, header};
use http_body::Body as _;
use hyper_util::client::legacy;

use self::bounded::{Bounded, Bounds, Progress, Watch};
use super::strip;
use crate::config::Limits;
use crate::upstream::Client;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForwardError {
    #[error("the request's body is larger than allowed")]
    TooLarge,
    #[error("the request's body came too slowly")]
    TooSlow,
    #[error("the request's body broke off, or is ill-formed")]
    BrokenOff,
    #[error("no answer in time")]
    TimedOut,
    #[error("no connection: {0}")]
    Unreachable(String),
    #[error("the connection broke before an answer: {0}")]
    NoAnswer(String),
    #[error("the address cannot be written for the upstream")]
    Malformed,
}

/// `path_and_query` as the upstream knows it.
pub async fn forward(
    client: &Client,
    limits: &Limits,
    authority: &str,
    path_and_query: &str,
    mut parts: Parts,
    body: Body,
) -> Result<Response<Body>, ForwardError> {
    if body.size_hint().lower() > limits.body_bytes {
        return Err(ForwardError::TooLarge);
    }
    parts.uri = format!("http://{authority}{path_and_query}").parse::<Uri>().map_err(|_| ForwardError::Malformed)?;
    parts.version = Version::HTTP_11;
    parts.extensions.clear();
    // The client writes the upstream's own host, and the length that the body really has: one taken over from outside could
    // make the upstream read the rest as another request. That a body is welcome was answered here.
    for name in [header::HOST, header::CONTENT_LENGTH, header::EXPECT] {
        parts.headers.remove(name);
    }

    let again = (body.is_end_stream() && parts.method.is_idempotent()).then(|| parts.clone());
    let exchange = Exchange { client, limits };
    let sent = exchange.send(parts, body).await;
    let answered = match (sent, again) {
        (Err(ForwardError::NoAnswer(_)), Some(parts)) => exchange.send(parts, Body::empty()).await,
        (sent, _) => sent,
    };
    answered.map(|answer| exchange.bounded(answer))
}

struct Exchange<'a> {
    client: &'a Client,
    limits: &'a Limits,
}

impl Exchange<'_> {
    async fn send(&self, parts: Parts, body: Body) -> Result<Response<Body>, ForwardError> {
        let bounded = Bounded::new(body, self.bounds(self.limits.body_bytes));
        let watch = bounded.watch();
        let sending = self.client.send(Request::from_parts(parts, Body::new(bounded)));
        match tokio::time::timeout(self.limits.answer, sending).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(failure(&watch, &error)),
            Err(_) if watch.progress() == Progress::UnderWay => Err(ForwardError::TooSlow),
            Err(_) => Err(ForwardError::TimedOut),
        }
    }

    fn bounded(&self, answer: Response<Body>) -> Response<Body> {
        let mut answer = answer.map(|body| Body::new(Bounded::new(body, self.bounds(u64::MAX))));
        strip::hop_by_hop(answer.headers_mut());
        *answer.version_mut() = Version::HTTP_11;
        answer
    }

    fn bounds(&self, bytes: u64) -> Bounds {
        Bounds { bytes, pause: self.limits.pause, whole: self.limits.exchange }
    }
}

/// Whose fault it is that a request ended without an answer.
fn failure(watch: &Watch, error: &legacy::Error) -> ForwardError {
    match watch.progress() {
        Progress::TooLarge => ForwardError::TooLarge,
        Progress::TooSlow => ForwardError::TooSlow,
        Progress::BrokenOff => ForwardError::BrokenOff,
        Progress::UnderWay | Progress::Whole if error.is_connect() => ForwardError::Unreachable(chain(error)),
        Progress::UnderWay | Progress::Whole => ForwardError::NoAnswer(chain(error)),
    }
}

/// An error with its causes, for the log.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Who asked, for whom, by which way: only the gateway says so.
pub fn say_where_from(parts: &mut Parts, host: &str, scheme: &'static str, request_id: &HeaderValue) {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    let told = [
        ("x-forwarded-host", HeaderValue::from_str(host).ok()),
        ("x-forwarded-proto", Some(HeaderValue::from_static(scheme))),
        ("x-forwarded-for", peer.and_then(|peer| HeaderValue::try_from(peer.to_string()).ok())),
        ("x-request-id", Some(request_id.clone())),
    ];
    for (name, value) in told {
        if let Some(value) = value {
            parts.headers.insert(HeaderName::from_static(name), value);
        }
    }
}
