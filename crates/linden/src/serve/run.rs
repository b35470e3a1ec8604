use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::connection::Connections;

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub connections: usize,
    /// For the head of a request, waiting for its first byte included, and for a TLS handshake.
    pub head: Duration,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Without a byte in either direction. Longer than an answer may take.
    pub idle: Duration,
    /// For what is under way when the program ends.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            head: Duration::from_secs(20),
            head_bytes: 64 * 1024,
            idle: Duration::from_secs(90),
            grace: Duration::from_secs(10),
        }
    }
}

/// Serves until `ended`, then lets finish what is under way. When it returns, all connections are closed.
pub async fn run(
    listeners: Vec<TcpListener>,
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    ended: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = Connections::new(router, tls, limits);
    let (graceful, cut) = (GracefulShutdown::new(), CancellationToken::new());
    let (accepted, mut arriving) = mpsc::channel(64);
    for listener in listeners {
        tokio::spawn(accept(listener, Arc::clone(&places), accepted.clone(), ended.clone()));
    }
    drop(accepted);
    loop {
        let arrived = tokio::select! {
            () = ended.cancelled() => break,
            arrived = arriving.recv() => arrived,
        };
        let Some(Arrived { stream, peer, place }) = arrived else { break };
        let serving = connections.clone().serve(stream, peer, graceful.watcher());
        tokio::spawn(cut.clone().run_until_cancelled_owned(async move {
            serving.await;
            drop(place);
        }));
    }
    drop(arriving);
    if tokio::time::timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections that did not finish in time were cut");
        cut.cancel();
    }
}

struct Arrived {
    stream: TcpStream,
    peer: SocketAddr,
    /// Among the connections that are allowed at a time.
    place: OwnedSemaphorePermit,
}

async fn accept(
    listener: TcpListener,
    places: Arc<Semaphore>,
    accepted: mpsc::Sender<Arrived>,
    ended: CancellationToken,
) {
    let accepting = async {
        while let Ok(place) = Arc::clone(&places).acquire_owned().await {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    stream.set_nodelay(true).ok();
                    if accepted.send(Arrived { stream, peer, place }).await.is_err() {
                        return;
                    }
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    // Out of file descriptors, most likely: some are given back soon.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    };
    ended.run_until_cancelled(accepting).await;
}

/// The peer was gone before it was taken; the next one is none the worse for it.
fn is_of_one_connection(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused)
}
