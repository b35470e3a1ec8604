use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How far the end of the program has come.
#[derive(Clone, Default)]
pub struct Ending {
    is_leaving: Arc<AtomicBool>,
    closed: CancellationToken,
}

impl Ending {
    /// Readiness falls, and each answer asks its connection to be closed.
    pub fn leave(&self) {
        self.is_leaving.store(true, Ordering::Relaxed);
    }

    pub fn is_leaving(&self) -> bool {
        self.is_leaving.load(Ordering::Relaxed)
    }

    /// Listeners close.
    pub fn close(&self) {
        self.leave();
        self.closed.cancel();
    }

    pub async fn closed(&self) {
        self.closed.cancelled().await;
    }
}

/// Ctrl-C and SIGTERM, listened for from the start, so that a signal is never too early to be taken well.
pub struct Signals {
    interrupted: Signal,
    terminated: Signal,
}

impl Signals {
    pub fn expected() -> Result<Self> {
        Ok(Self { interrupted: signal(SignalKind::interrupt())?, terminated: signal(SignalKind::terminate())? })
    }

    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
    }
}
