//! TLS from PEM files, which may be renewed while the server runs.
//!
//! 1. At the start the files must hold a chain that is valid now and its key; else the program says why and ends.
//! 2. Every two seconds they are read again. What changed is taken once it is the same at two looks, so that a file
//!    which is still being written is not.
//! 3. What cannot be used is told in the log, and the certificate before it goes on being shown. New connections get the
//!    new one; those that are open stay as they are.

mod following;
mod pair;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use auth_core::time::Timestamp;
use auth_server::environment::Clock;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use self::following::Following;
pub use self::following::SOON;
pub use self::pair::{CertificateFiles, TlsError, shown};
use self::pair::{Contents, Pair};

const LOOK: Duration = Duration::from_secs(2);

/// When the first certificate of a chain that a listener could show expires; else why it could not.
pub fn certificate_end(files: &CertificateFiles, now: Timestamp) -> Result<Timestamp, TlsError> {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    Ok(Pair::of(Contents::read(files)?, files, &provider, now)?.expires_at)
}

/// What a listener shows of itself. Clones follow the same files.
#[derive(Clone)]
pub struct Tls(Arc<Shown>);

struct Shown {
    files: CertificateFiles,
    clock: Arc<dyn Clock>,
    provider: Arc<CryptoProvider>,
    in_force: Arc<InForce>,
    config: Arc<ServerConfig>,
}

struct InForce(ArcSwap<Pair>);

impl fmt::Debug for InForce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InForce")
    }
}

impl ResolvesServerCert for InForce {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.load().certified))
    }
}

impl Tls {
    /// The files as they are now, which must be good; HTTP/2 and HTTP/1.1 by ALPN.
    pub fn load(files: CertificateFiles, clock: Arc<dyn Clock>) -> Result<Self, TlsError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let pair = Pair::of(Contents::read(&files)?, &files, &provider, clock.now())?;
        let in_force = Arc::new(InForce(ArcSwap::from_pointee(pair)));
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Provider)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&in_force) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self(Arc::new(Shown { files, clock, provider, in_force, config: Arc::new(config) })))
    }

    /// When the first certificate of the chain that is shown expires.
    pub fn expires_at(&self) -> Timestamp {
        self.0.in_force.0.load().expires_at
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.0.config))
    }

    /// Looks at the files again and again; never ends.
    pub(super) async fn follow(self) {
        let mut following = Following::new(self);
        loop {
            // Files may lie on a disk that takes its time.
            following = match tokio::task::spawn_blocking(move || following.after_a_look()).await {
                Ok(following) => following,
                Err(error) => return tracing::error!(%error, "certificates are not looked at any more"),
            };
            tokio::time::sleep(LOOK).await;
        }
    }
}
