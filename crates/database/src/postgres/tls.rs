use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::OpenError;

/// Whom to trust and who we are. The library tells SCRAM the channel binding, so a stolen authority alone does not get
/// between us and a server that knows our password.
pub(super) struct Tls {
    pub(super) authority: Option<PathBuf>,
    /// Certificate and key.
    pub(super) client: Option<(PathBuf, PathBuf)>,
}

impl Tls {
    /// Reads the files anew.
    pub(super) fn connect(&self) -> Result<MakeRustlsConnect, OpenError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| OpenError::Certificate(error.to_string()))?
            .with_root_certificates(self.roots()?);
        let Some((certificate, key)) = &self.client else {
            return Ok(connect_with(builder.with_no_client_auth()));
        };
        let chain = certificates(certificate)?;
        let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
        let config = builder.with_client_auth_cert(chain, private);
        Ok(connect_with(config.map_err(|error| {
            OpenError::Certificate(format!("{} and {}: {error}", certificate.display(), key.display()))
        })?))
    }

    fn roots(&self) -> Result<RootCertStore, OpenError> {
        let Some(file) = &self.authority else {
            return Ok(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect());
        };
        let mut roots = RootCertStore::empty();
        for certificate in certificates(file)? {
            roots.add(certificate).map_err(|error| OpenError::Certificate(format!("{}: {error}", file.display())))?;
        }
        Ok(roots)
    }
}

/// Newer servers want the protocol named when TLS is spoken from the first byte (`sslnegotiation=direct`).
fn connect_with(mut config: ClientConfig) -> MakeRustlsConnect {
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    MakeRustlsConnect::new(config)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, OpenError> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, pem::Error>>);
    let found = read.map_err(|error| unusable(file, &error))?;
    if found.is_empty() {
        return Err(OpenError::Certificate(format!("{} holds no certificate in PEM form", file.display())));
    }
    Ok(found)
}

fn unusable(file: &Path, error: &pem::Error) -> OpenError {
    OpenError::Certificate(match error {
        pem::Error::Io(error) => format!("{} cannot be read: {error}", file.display()),
        pem::Error::NoItemsFound => format!("{} holds no private key in PEM form", file.display()),
        error => format!("{} is not in PEM form: {error}", file.display()),
    })
}
