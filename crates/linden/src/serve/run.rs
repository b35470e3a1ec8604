use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::connection::{Connections, Place};
use super::{Ending, Limits, Load, Tls};

/// Once listeners are closed, connections that stand idle are left open for so long: a request may be on its way, and its
/// answer then asks for the end.
const LINGER: Duration = Duration::from_millis(250);

/// What listens, and what answers there.
pub struct Served {
    pub listeners: Vec<TcpListener>,
    pub router: Router,
    pub tls: Option<Tls>,
    pub limits: Limits,
    pub load: Load,
}

impl Served {
    /// Over plain HTTP, with the limits of every day.
    pub fn new(listeners: Vec<TcpListener>, router: Router) -> Self {
        Self { listeners, router, tls: None, limits: Limits::default(), load: Load::default() }
    }

    /// For operators' programs, which are few.
    pub fn management(listeners: Vec<TcpListener>, router: Router) -> Self {
        Self { limits: Limits::of_management(), ..Self::new(listeners, router) }
    }
}

/// Serves until `ending` closes, then lets finish what is under way. When it returns, all connections are closed.
pub async fn run(served: Served, ending: Ending) {
    let Served { listeners, router, tls, limits, load } = served;
    let _following = tls.clone().map(|tls| AbortOnDropHandle::new(tokio::spawn(tls.follow())));
    let acceptor = tls.map(|tls| tls.acceptor());
    let accepting = Accepting {
        places: Arc::new(Semaphore::new(limits.connections)),
        refusals: Arc::new(Semaphore::new(limits.refused_connections())),
        connections: Connections::new(router, acceptor, limits, load.clone(), ending.clone()),
        graceful: Arc::new(GracefulShutdown::new()),
        cut: CancellationToken::new(),
    };
    let mut accepted: JoinSet<()> =
        listeners.into_iter().map(|listener| accepting.clone().accept(listener, ending.clone())).collect();
    // They end with the last connection that they take.
    while accepted.join_next().await.is_some() {}
    let Accepting { graceful, cut, connections, .. } = accepting;
    drop(connections);
    let begun = tokio::time::Instant::now();
    while graceful.count() > 0 && begun.elapsed() < LINGER {
        tokio::time::sleep(LINGER / 25).await;
    }
    let Ok(graceful) = Arc::try_unwrap(graceful) else { return };
    if tokio::time::timeout(limits.grace, graceful.shutdown()).await.is_err() {
        let (connections, requests) = (load.connections(), load.requests());
        tracing::warn!(connections, requests, "connections that did not finish in time were cut");
        cut.cancel();
    }
}

#[derive(Clone)]
struct Accepting {
    places: Arc<Semaphore>,
    /// For connections that are told that there is no place.
    refusals: Arc<Semaphore>,
    connections: Connections,
    graceful: Arc<GracefulShutdown>,
    cut: CancellationToken,
}

impl Accepting {
    async fn accept(self, listener: TcpListener, ending: Ending) {
        loop {
            let accepted = tokio::select! {
                () = ending.closed() => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.serve(stream, peer, &ending).await,
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    // Out of file descriptors, most likely: some are given back soon.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        if let Err(error) = self.accept_the_last(listener, &ending).await {
            tracing::warn!(%error, "connections that waited at the end were not taken");
        }
    }

    /// Whom the system has connected already is not sent away.
    async fn accept_the_last(&self, listener: TcpListener, ending: &Ending) -> std::io::Result<()> {
        // It does not wait, and unlike the runtime's own asks the system each time.
        let listener = listener.into_std()?;
        loop {
            match listener.accept() {
                Ok((stream, peer)) => {
                    stream.set_nonblocking(true)?;
                    self.serve(TcpStream::from_std(stream)?, peer, ending).await;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn serve(&self, stream: TcpStream, peer: SocketAddr, ending: &Ending) {
        let Some((place, permit)) = self.place(ending).await else { return };
        stream.set_nodelay(true).ok();
        let serving = self.connections.clone().serve(stream, peer, place, self.graceful.watcher());
        tokio::spawn(self.cut.clone().run_until_cancelled_owned(async move {
            serving.await;
            drop(permit);
        }));
    }

    /// Among those that are served, else among those that are told there is none; waits for either. At the end nobody is
    /// waited for.
    async fn place(&self, ending: &Ending) -> Option<(Place, OwnedSemaphorePermit)> {
        let (places, refusals) = (Arc::clone(&self.places), Arc::clone(&self.refusals));
        tokio::select! {
            biased;
            Ok(permit) = places.acquire_owned() => Some((Place::Served, permit)),
            Ok(permit) = refusals.acquire_owned() => Some((Place::Refused, permit)),
            () = ending.closed() => None,
        }
    }
}

/// The peer was gone before it was taken; the next one is none the worse for it.
fn is_of_one_connection(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused)
}
