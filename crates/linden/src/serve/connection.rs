use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::Limits;
use super::timed::{Begun, Timed};

const PING: Duration = Duration::from_secs(30);
const STREAMS: u32 = 128;

/// How connections are served.
#[derive(Clone)]
pub(super) struct Connections {
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    /// The protocol is never guessed from the first bytes, which would leave whoever sends none waiting for ever: it is
    /// HTTP/1.1, or what TLS agreed on.
    http1: Builder<TokioExecutor>,
    http2: Builder<TokioExecutor>,
}

impl Connections {
    pub(super) fn new(router: Router, tls: Option<TlsAcceptor>, limits: Limits) -> Self {
        let builder = builder(limits);
        Self { router, tls, limits, http1: builder.clone().http1_only(), http2: builder.http2_only() }
    }

    /// Until the connection ends, or the watcher ends it.
    pub(super) async fn serve(self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        let Some(acceptor) = &self.tls else { return self.speak(stream, peer, &self.http1, watcher).await };
        match tokio::time::timeout(self.limits.head, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => {
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                self.speak(stream, peer, if is_http2 { &self.http2 } else { &self.http1 }, watcher).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "no TLS connection came about"),
            Err(_) => tracing::debug!("no TLS connection came about in time"),
        }
    }

    async fn speak<S>(&self, stream: S, peer: SocketAddr, http: &Builder<TokioExecutor>, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let begun = Begun::default();
        let stream = Timed::new(stream, begun.clone(), self.limits.head, self.limits.idle);
        let router = self.router.clone();
        let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
            begun.note();
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request.map(Body::new))
        });
        let served = http.serve_connection_with_upgrades(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(served.into_owned()).await {
            tracing::debug!(%error, "a connection ended badly");
        }
    }
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
        .keep_alive_interval(PING);
    builder
}
