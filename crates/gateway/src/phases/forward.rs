//! Passing a request on, and its answer back.
//!
//! 1. A body that says it is too large is refused before anything is sent; one that turns out to be, while it streams.
//! 2. Bodies stream both ways, piece by piece: neither is ever held as a whole.
//! 3. A connection, the head of an answer, a pause in a body and a whole exchange may each take so long; an event stream
//!    may go on for as long as it does.
//! 4. An address that cannot be connected to was sent nothing: the request goes to the next one, whatever it is.
//! 5. A request without a body that may be repeated (RFC 9110 §9.2.2) is sent a second time when the connection broke
//!    before an answer: a kept connection may end just as it is used again. (One that was never begun, the client itself
//!    sends on another connection.)

mod bounded;
mod failure;
mod lent;

pub use failure::ForwardError;

use axum::body::Body;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version, header};
use http_body::Body as _;

use self::bounded::{Bounded, Bounds, Progress};
use self::lent::Lent;
use super::strip;
use super::upgrade::{self, Offer, Tunnels};
use crate::config::Limits;
use crate::upstream::{Chosen, Client, Upstream};

pub struct Forwarder {
    client: Client,
    limits: Limits,
    tunnels: Tunnels,
}

impl Forwarder {
    pub fn new(client: Client, limits: Limits) -> Self {
        Self { client, limits, tunnels: Tunnels::new(limits) }
    }

    /// `path_and_query` as the upstream knows it.
    pub async fn forward(
        &self,
        upstream: &Upstream,
        path_and_query: PathAndQuery,
        mut parts: Parts,
        body: Body,
    ) -> Result<Response<Body>, ForwardError> {
        if body.size_hint().lower() > self.limits.body_bytes {
            return Err(ForwardError::TooLarge);
        }
        self.prepare(&mut parts);
        let again = (body.is_end_stream() && parts.method.is_idempotent()).then(|| parts.clone());
        let sent = self.send(upstream, &path_and_query, parts, body).await;
        let answer = match (sent, again) {
            (Err(ForwardError::NoAnswer(_)), Some(parts)) => {
                self.send(upstream, &path_and_query, parts, Body::empty()).await?
            }
            (sent, _) => sent?,
        };
        match answer.status() {
            StatusCode::SWITCHING_PROTOCOLS => Err(ForwardError::NoAnswer("it switched protocols unasked".to_owned())),
            _ => Ok(self.bounded(answer)),
        }
    }

    /// Asks for a WebSocket. An answer other than 101 is passed on as it is.
    pub async fn open(
        &self,
        upstream: &Upstream,
        path_and_query: PathAndQuery,
        mut parts: Parts,
        offer: Offer,
    ) -> Result<Response<Body>, ForwardError> {
        let place = self.tunnels.place().ok_or(ForwardError::NoTunnelLeft)?;
        self.prepare(&mut parts);
        upgrade::switch_protocols(&mut parts.headers);
        let mut answer = self.send(upstream, &path_and_query, parts, Body::empty()).await?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Ok(self.bounded(answer));
        }
        if !upgrade::is_opened(&answer) {
            return Err(ForwardError::NoAnswer("it switched to another protocol".to_owned()));
        }
        self.tunnels.carry(place, offer, hyper::upgrade::on(&mut answer));
        strip::hop_by_hop(answer.headers_mut());
        upgrade::switch_protocols(answer.headers_mut());
        Ok(answer.map(|_| Body::empty()))
    }

    /// The client writes the upstream's own host, and the length that the body really has: one taken over from outside
    /// could make the upstream read the rest as another request. That a body is welcome was answered here.
    fn prepare(&self, parts: &mut Parts) {
        parts.version = Version::HTTP_11;
        parts.extensions.clear();
        for name in [header::HOST, header::CONTENT_LENGTH, header::EXPECT] {
            parts.headers.remove(name);
        }
    }

    async fn send(
        &self,
        upstream: &Upstream,
        path: &PathAndQuery,
        parts: Parts,
        body: Body,
    ) -> Result<Response<Body>, ForwardError> {
        if upstream.addresses() == 1 {
            return self.send_to(upstream.choose()?, path.clone(), parts, body).await;
        }
        let body = Lent::new(body);
        let mut outcome = self.send_to(upstream.choose()?, path.clone(), parts.clone(), body.lend()).await;
        for _ in 1..upstream.addresses() {
            // Those that rest by now are not worth more than the failure at hand.
            let unconnected = matches!(outcome, Err(ForwardError::Unreachable(_) | ForwardError::ConnectTimedOut));
            let (true, Ok(next)) = (unconnected, upstream.choose()) else { break };
            outcome = self.send_to(next, path.clone(), parts.clone(), body.lend()).await;
        }
        outcome
    }

    async fn send_to(
        &self,
        to: Chosen<'_>,
        path: PathAndQuery,
        mut parts: Parts,
        body: Body,
    ) -> Result<Response<Body>, ForwardError> {
        parts.uri = to.uri(path).map_err(|_| ForwardError::Malformed)?;
        let bounded = Bounded::new(body, self.bounds(self.limits.body_bytes, true));
        let watch = bounded.watch();
        let sending = self.client.send(Request::from_parts(parts, Body::new(bounded)));
        match tokio::time::timeout(self.limits.answer, sending).await {
            Ok(Ok(answer)) => {
                to.connected();
                Ok(answer)
            }
            Ok(Err(error)) => {
                if error.is_connect() {
                    to.failed();
                }
                Err(failure::of(&watch, &error))
            }
            Err(_) if watch.progress() == Progress::UnderWay => Err(ForwardError::TooSlow),
            Err(_) => Err(ForwardError::TimedOut),
        }
    }

    fn bounded(&self, answer: Response<Body>) -> Response<Body> {
        let ends = !is_event_stream(answer.headers());
        let mut answer = answer.map(|body| Body::new(Bounded::new(body, self.bounds(u64::MAX, ends))));
        strip::hop_by_hop(answer.headers_mut());
        *answer.version_mut() = Version::HTTP_11;
        answer
    }

    fn bounds(&self, bytes: u64, ends: bool) -> Bounds {
        Bounds { bytes, pause: self.limits.pause, whole: ends.then_some(self.limits.exchange) }
    }
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let named = kind.and_then(|kind| kind.split(|byte| *byte == b';').next());
    named.is_some_and(|named| named.trim_ascii().eq_ignore_ascii_case(b"text/event-stream"))
}
