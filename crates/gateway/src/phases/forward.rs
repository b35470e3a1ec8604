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

use std::mem;

use axum::body::Body;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version, header};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper_util::client::legacy::ResponseFuture;

use self::bounded::{Bounded, Bounds, Progress, Watch};
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
        parts: &mut Parts,
        body: Body,
    ) -> Result<Response<Body>, ForwardError> {
        if body.size_hint().lower() > self.limits.body_bytes {
            return Err(ForwardError::TooLarge);
        }
        prepare(&mut parts.headers);
        let again = (body.is_end_stream() && parts.method.is_idempotent()).then(|| parts.headers.clone());
        let mut sent = self.send(upstream, &path_and_query, parts, body).await;
        if let (Err(ForwardError::NoAnswer(_)), Some(headers)) = (&sent, again) {
            parts.headers = headers;
            sent = self.send(upstream, &path_and_query, parts, Body::empty()).await;
        }
        let answer = sent?;
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
        parts: &mut Parts,
        offer: Offer,
    ) -> Result<Response<Body>, ForwardError> {
        let place = self.tunnels.place().ok_or(ForwardError::NoTunnelLeft)?;
        prepare(&mut parts.headers);
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

    /// The headers are taken out of `parts`.
    async fn send(
        &self,
        upstream: &Upstream,
        path: &PathAndQuery,
        parts: &mut Parts,
        body: Body,
    ) -> Result<Response<Incoming>, ForwardError> {
        if upstream.addresses() == 1 {
            let to = upstream.choose()?;
            let headers = mem::take(&mut parts.headers);
            return self.send_to(&to, written(&to, path, &parts.method, headers, body)?).await;
        }
        Box::pin(self.send_to_one_of(upstream, path, parts, body)).await
    }

    async fn send_to_one_of(
        &self,
        upstream: &Upstream,
        path: &PathAndQuery,
        parts: &mut Parts,
        body: Body,
    ) -> Result<Response<Incoming>, ForwardError> {
        let headers = mem::take(&mut parts.headers);
        let body = Lent::new(body);
        let mut to = upstream.choose()?;
        let mut tried = Vec::new();
        loop {
            let request = written(&to, path, &parts.method, headers.clone(), body.lend())?;
            let outcome = self.send_to(&to, request).await;
            tried.push(to);
            let unconnected = matches!(outcome, Err(ForwardError::Unreachable(_) | ForwardError::ConnectTimedOut));
            let Some(next) = unconnected.then(|| upstream.choose_another(&tried)).flatten() else { return outcome };
            to = next;
        }
    }

    fn send_to(
        &self,
        to: &Chosen<'_>,
        request: Request<Body>,
    ) -> impl Future<Output = Result<Response<Incoming>, ForwardError>> {
        let (request, watch) = self.watched(request);
        self.answered(to, self.client.send(request), watch)
    }

    async fn answered(
        &self,
        to: &Chosen<'_>,
        sending: ResponseFuture,
        watch: Watch,
    ) -> Result<Response<Incoming>, ForwardError> {
        match tokio::time::timeout(self.limits.answer, sending).await {
            Ok(Ok(answer)) => {
                to.connected();
                Ok(answer)
            }
            Ok(Err(error)) => {
                if error.is_connect() {
                    to.failed();
                }
                Err(failure::of(watch.progress(), &error))
            }
            Err(_) if watch.progress() == Progress::UnderWay => Err(ForwardError::TooSlow),
            Err(_) => Err(ForwardError::TimedOut),
        }
    }

    /// The request with its body within bounds; most have none.
    fn watched(&self, request: Request<Body>) -> (Request<Body>, Watch) {
        if request.body().is_end_stream() {
            return (request, Watch::of_no_body());
        }
        let (head, body) = request.into_parts();
        let (body, watch) = Bounded::watched(body, self.bounds(self.limits.body_bytes, true));
        (Request::from_parts(head, Body::new(body)), watch)
    }

    fn bounded(&self, answer: Response<Incoming>) -> Response<Body> {
        let ends = !is_event_stream(answer.headers());
        let mut answer = answer.map(|body| match body.is_end_stream() {
            true => Body::empty(),
            false => Body::new(Bounded::new(body, self.bounds(u64::MAX, ends))),
        });
        strip::hop_by_hop(answer.headers_mut());
        *answer.version_mut() = Version::HTTP_11;
        answer
    }

    fn bounds(&self, bytes: u64, ends: bool) -> Bounds {
        Bounds { bytes, pause: self.limits.pause, whole: ends.then_some(self.limits.exchange) }
    }
}

/// The client writes the length that the body really has: one taken over from outside could make the upstream read the
/// rest as another request. That a body is welcome was answered here.
fn prepare(headers: &mut HeaderMap) {
    for name in [header::CONTENT_LENGTH, header::EXPECT] {
        headers.remove(name);
    }
}

/// For one address, by its name.
fn written(
    to: &Chosen<'_>,
    path: &PathAndQuery,
    method: &Method,
    headers: HeaderMap,
    body: Body,
) -> Result<Request<Body>, ForwardError> {
    let mut request = Request::new(body);
    *request.method_mut() = method.clone();
    *request.uri_mut() = to.uri(path.clone()).map_err(|_| ForwardError::Malformed)?;
    *request.headers_mut() = headers;
    request.headers_mut().insert(header::HOST, to.host());
    Ok(request)
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let named = kind.and_then(|kind| kind.split(|byte| *byte == b';').next());
    named.is_some_and(|named| named.trim_ascii().eq_ignore_ascii_case(b"text/event-stream"))
}
