use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::{Body as _, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::load::{Counting, Load};
use super::overload::Overload;
use super::paced::Paced;
use super::timed::{Begun, Timed};
use super::{Ending, Limits};

const PING: Duration = Duration::from_secs(30);
const STREAMS: u32 = 128;
/// What an HTTP/2 stream may keep of an answer that its reader does not take.
const STREAM_BUFFER: usize = 64 * 1024;

/// How connections are served.
#[derive(Clone)]
pub(super) struct Connections {
    service: Arc<Service>,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    /// The protocol is never guessed from the first bytes, which would leave whoever sends none waiting for ever: it is
    /// HTTP/1.1, or what TLS agreed on.
    http1: Builder<TokioExecutor>,
    http2: Builder<TokioExecutor>,
}

/// What answers the requests of a listener.
struct Service {
    router: Router,
    load: Load,
    overload: Overload,
    ending: Ending,
    most_requests: usize,
    /// With bodies.
    patience: Duration,
}

/// Whether a connection found its place among those that are served, or is told that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Served,
    Refused,
}

impl Connections {
    pub(super) fn new(router: Router, tls: Option<TlsAcceptor>, limits: Limits, load: Load, ending: Ending) -> Self {
        let builder = builder(limits);
        let service = Service {
            router,
            load,
            overload: Overload::default(),
            ending,
            most_requests: limits.requests,
            patience: limits.head,
        };
        Self {
            service: Arc::new(service),
            tls,
            limits,
            http1: builder.clone().http1_only(),
            http2: builder.http2_only(),
        }
    }

    /// Until the connection ends, or the watcher ends it.
    pub(super) async fn serve(self, stream: TcpStream, peer: SocketAddr, place: Place, watcher: Watcher) {
        let _connected = self.service.load.connected();
        let Some(acceptor) = &self.tls else { return self.speak(stream, peer, place, &self.http1, watcher).await };
        match tokio::time::timeout(self.limits.head, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => {
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                self.speak(stream, peer, place, if is_http2 { &self.http2 } else { &self.http1 }, watcher).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "no TLS connection came about"),
            Err(_) => tracing::debug!("no TLS connection came about in time"),
        }
    }

    async fn speak<S>(&self, stream: S, peer: SocketAddr, place: Place, http: &Builder<TokioExecutor>, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let begun = Begun::default();
        let stream = Timed::new(stream, begun.clone(), self.limits.head, self.limits.idle);
        let service = Arc::clone(&self.service);
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            begun.note();
            Arc::clone(&service).answer(request, peer, place)
        });
        let served = http.serve_connection_with_upgrades(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(served.into_owned()).await {
            tracing::debug!(%error, "a connection ended badly");
        }
    }
}

impl Service {
    async fn answer(
        self: Arc<Self>,
        mut request: hyper::Request<Incoming>,
        peer: SocketAddr,
        place: Place,
    ) -> Result<hyper::Response<Counting>, Infallible> {
        let is_http1 = request.version() < http::Version::HTTP_2;
        let under_way = match place {
            Place::Served => self.load.enter(self.most_requests),
            Place::Refused => None,
        };
        let mut response = match under_way {
            Some(under_way) => {
                request.extensions_mut().insert(ConnectInfo(peer));
                let response = self.router.clone().oneshot(request.map(|body| incoming(body, self.patience))).await?;
                response.map(|body| Counting::new(body, Some(under_way)))
            }
            None => {
                let what = if place == Place::Refused { "connections" } else { "requests" };
                self.overload.answer(&self.load, what).map(|body| Counting::new(body, None))
            }
        };
        // HTTP/2 tells it by a frame of its own.
        if is_http1 && (place == Place::Refused || self.ending.is_leaving()) && is_answer(&response) {
            response.headers_mut().insert(http::header::CONNECTION, http::HeaderValue::from_static("close"));
        }
        Ok(response)
    }
}

fn incoming(body: Incoming, patience: Duration) -> Body {
    match body.is_end_stream() {
        true => Body::empty(),
        false => Body::new(Paced::new(body, patience)),
    }
}

/// And no change to another protocol, which needs the header for itself.
fn is_answer(response: &hyper::Response<Counting>) -> bool {
    response.status() != http::StatusCode::SWITCHING_PROTOCOLS
}

fn builder(limits: Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.head_bytes)
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS)
        .max_send_buf_size(STREAM_BUFFER)
        .keep_alive_interval(PING);
    builder
}
