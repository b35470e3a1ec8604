use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::DuplexStream;

const BUFFER: usize = 64 * 1024;

/// Parts that run in this process, by the name that requests call them.
#[derive(Clone, Default)]
pub struct MemoryRegistry(Arc<RwLock<HashMap<String, Router>>>);

impl MemoryRegistry {
    pub fn register(&self, authority: &str, router: Router) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(authority.to_owned(), router);
    }

    /// A connection to a part, served until either side ends it.
    pub(super) fn connect(&self, authority: &str) -> Option<DuplexStream> {
        let router = self.0.read().unwrap_or_else(PoisonError::into_inner).get(authority).cloned()?;
        let (ours, theirs) = tokio::io::duplex(BUFFER);
        tokio::spawn(async move {
            let service = TowerToHyperService::new(router);
            let http = Builder::new(TokioExecutor::new()).http1_only();
            let served = http.serve_connection_with_upgrades(TokioIo::new(theirs), service);
            if let Err(error) = served.await {
                tracing::debug!(%error, "a connection in memory ended");
            }
        });
        Some(ours)
    }
}
