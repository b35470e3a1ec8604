//! Connections that rest until they are lent. When one of them breaks, all that are as old are thrown away: they lead to
//! the same server, and a call that got one would wait in vain.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use deadpool_postgres::ClientWrapper;
use futures::future::poll_fn;
use tokio_postgres::AsyncMessage;
use tokio_postgres::error::Severity;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connector::{Connector, Dialled, Messages};
use crate::OpenError;

pub(super) type Pool = managed::Pool<Manager>;
pub(super) type Lent = managed::Object<Manager>;

pub(super) struct Manager {
    pub(super) connector: Arc<Connector>,
    /// Raised when a connection breaks.
    generation: Arc<AtomicU64>,
}

pub(super) struct Pooled {
    client: ClientWrapper,
    pub(super) tls: MakeRustlsConnect,
    warnings: Arc<AtomicU64>,
    generation: u64,
    current: Arc<AtomicU64>,
}

impl Manager {
    pub(super) fn new(connector: Arc<Connector>) -> Manager {
        Manager { connector, generation: Arc::default() }
    }
}

impl managed::Manager for Manager {
    type Type = Pooled;
    type Error = OpenError;

    async fn create(&self) -> Result<Pooled, OpenError> {
        let generation = self.generation.load(Ordering::Acquire);
        let Dialled { client, messages, tls } = self.connector.dial().await?;
        let warnings = Arc::default();
        let carrier = tokio::spawn(carry(messages, Arc::clone(&warnings)));
        let client = ClientWrapper::new(client, carrier);
        Ok(Pooled { client, tls, warnings, generation, current: Arc::clone(&self.generation) })
    }

    async fn recycle(&self, pooled: &mut Pooled, _: &Metrics) -> RecycleResult<OpenError> {
        if pooled.client.is_closed() || pooled.generation != self.generation.load(Ordering::Acquire) {
            return Err(RecycleError::message("it has ended"));
        }
        Ok(())
    }
}

impl Pooled {
    /// How often the server has warned.
    pub(super) fn warnings(&self) -> u64 {
        self.warnings.load(Ordering::Acquire)
    }

    /// Of many that break together, the first alone counts.
    pub(super) fn give_up_all_as_old(&self) {
        let next = self.generation + 1;
        let _ = self.current.compare_exchange(self.generation, next, Ordering::AcqRel, Ordering::Relaxed);
    }
}

impl Deref for Pooled {
    type Target = ClientWrapper;

    fn deref(&self) -> &ClientWrapper {
        &self.client
    }
}

/// Answers pass by here; a warning is counted before the answer that follows it is seen.
async fn carry(mut messages: Messages, warnings: Arc<AtomicU64>) {
    while let Some(message) = poll_fn(|context| messages.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notice(notice)) if notice.parsed_severity() == Some(Severity::Warning) => {
                warnings.fetch_add(1, Ordering::AcqRel);
                tracing::warn!(message = notice.message(), code = notice.code().code(), "PostgreSQL warns");
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection to PostgreSQL ended");
                return;
            }
        }
    }
}
