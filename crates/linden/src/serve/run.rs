use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub connections: usize,
    /// For the head of a request, counted from its first byte, and for a TLS handshake.
    pub head: Duration,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// For what is under way when the program ends.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            head: Duration::from_secs(10),
            head_bytes: 64 * 1024,
            grace: Duration::from_secs(10),
        }
    }
}

/// Serves until `ended`, then lets finish what is under way.
pub async fn run(
    listeners: Vec<TcpListener>,
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    ended: CancellationToken,
) {
    let connections = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let server = Server { router, tls, limits, builder: builder(limits) };
    let (accepted, mut arriving) = tokio::sync::mpsc::channel(64);
    for listener in listeners {
        tokio::spawn(accept(listener, Arc::clone(&connections), accepted.clone(), ended.clone()));
    }
    drop(accepted);
    loop {
        tokio::select! {
            () = ended.cancelled() => break,
            arrived = arriving.recv() => match arrived {
                Some((stream, address, permit)) => server.serve(stream, address, permit, &graceful),
                None => break,
            },
        }
    }
    drop(arriving);
    if tokio::time::timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections that did not finish in time were cut");
    }
}

type Arrived = (TcpStream, SocketAddr, OwnedSemaphorePermit);

async fn accept(
    listener: TcpListener,
    connections: Arc<Semaphore>,
    accepted: tokio::sync::mpsc::Sender<Arrived>,
    ended: CancellationToken,
) {
    loop {
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { return };
        let arrived = tokio::select! {
            () = ended.cancelled() => return,
            arrived = listener.accept() => arrived,
        };
        match arrived {
            Ok((stream, address)) => {
                stream.set_nodelay(true).ok();
                if accepted.send((stream, address, permit)).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                // Out of file descriptors, most likely: some are given back soon.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

struct Server {
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    builder: Builder<TokioExecutor>,
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
        .max_concurrent_streams(128)
        .keep_alive_interval(Duration::from_secs(30));
    builder
}

impl Server {
    fn serve(&self, stream: TcpStream, address: SocketAddr, permit: OwnedSemaphorePermit, graceful: &GracefulShutdown) {
        let (router, builder, watcher) = (self.router.clone(), self.builder.clone(), graceful.watcher());
        match self.tls.clone() {
            None => {
                tokio::spawn(connection(stream, address, permit, router, builder, watcher));
            }
            Some(acceptor) => {
                let head = self.limits.head;
                tokio::spawn(async move {
                    if let Ok(Ok(stream)) = tokio::time::timeout(head, acceptor.accept(stream)).await {
                        connection(stream, address, permit, router, builder, watcher).await;
                    }
                });
            }
        }
    }
}

async fn connection<S>(
    stream: S,
    address: SocketAddr,
    _permit: OwnedSemaphorePermit,
    router: Router,
    builder: Builder<TokioExecutor>,
    watcher: hyper_util::server::graceful::Watcher,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request.map(axum::body::Body::new))
    });
    let served = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(served.into_owned()).await {
        tracing::debug!(%error, "a connection ended badly");
    }
}
