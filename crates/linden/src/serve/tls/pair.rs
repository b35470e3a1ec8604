use std::path::{Path, PathBuf};
use std::sync::Arc;

use auth_core::time::Timestamp;
use rustls::Error;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem};
use rustls::sign::CertifiedKey;
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// A certificate chain and its key, in PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Why a certificate is not used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{} cannot be read: {error}: name a PEM file that this user may read", path.display())]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{} holds no PEM certificates: put the server's certificate there, then those of its authorities", .0.display())]
    NoCertificate(PathBuf),
    #[error("{} holds a certificate that is ill-formed: put the whole chain there again", .0.display())]
    IllFormed(PathBuf),
    #[error("{} holds no PEM key: put the certificate's private key there, unencrypted", .0.display())]
    NoKey(PathBuf),
    #[error("{} holds a key that cannot be used ({error}): use ECDSA P-256, RSA of 2048 bits or more, or Ed25519", path.display())]
    UnusableKey { path: PathBuf, error: Error },
    #[error("the certificate {} and the key {} do not belong together", certificate.display(), key.display())]
    NotTogether { certificate: PathBuf, key: PathBuf },
    #[error("the certificate of {subject} in {} expired at {}: renew it", path.display(), shown(*at))]
    Expired { path: PathBuf, subject: String, at: Timestamp },
    #[error("the certificate of {subject} in {} is valid from {} only: is the clock right?", path.display(), shown(*at))]
    NotYetValid { path: PathBuf, subject: String, at: Timestamp },
    #[error("TLS cannot be spoken: {0}")]
    Provider(Error),
}

/// What the two files hold, as bytes: whether they changed is told by comparing.
#[derive(Clone, PartialEq, Eq)]
pub struct Contents {
    certificate: Vec<u8>,
    key: zeroize::Zeroizing<Vec<u8>>,
}

impl Contents {
    pub fn read(files: &CertificateFiles) -> Result<Self, TlsError> {
        let read =
            |path: &Path| std::fs::read(path).map_err(|error| TlsError::Unreadable { path: path.to_owned(), error });
        Ok(Self { certificate: read(&files.certificate)?, key: read(&files.key)?.into() })
    }
}

/// A chain that is valid now, with the key that belongs to it.
pub struct Pair {
    pub certified: Arc<CertifiedKey>,
    pub contents: Contents,
    /// When the first certificate of the chain expires.
    pub expires_at: Timestamp,
}

impl Pair {
    pub fn of(
        contents: Contents,
        files: &CertificateFiles,
        provider: &CryptoProvider,
        now: Timestamp,
    ) -> Result<Self, TlsError> {
        let chain = chain(&contents.certificate, &files.certificate)?;
        let expires_at = validity(&chain, &files.certificate, now)?;
        let key = PrivateKeyDer::from_pem_slice(&contents.key).map_err(|_| TlsError::NoKey(files.key.clone()))?;
        let certified = CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            Error::InconsistentKeys(_) => {
                TlsError::NotTogether { certificate: files.certificate.clone(), key: files.key.clone() }
            }
            Error::InvalidCertificate(_) => TlsError::IllFormed(files.certificate.clone()),
            error => TlsError::UnusableKey { path: files.key.clone(), error },
        })?;
        Ok(Self { certified: Arc::new(certified), contents, expires_at })
    }
}

fn chain(bytes: &[u8], path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(bytes).collect();
    match chain {
        Ok(chain) if chain.is_empty() => Err(TlsError::NoCertificate(path.to_owned())),
        Ok(chain) => Ok(chain),
        Err(_) => Err(TlsError::IllFormed(path.to_owned())),
    }
}

/// When the chain's first end comes; every certificate of it must be valid now.
fn validity(chain: &[CertificateDer<'_>], path: &Path, now: Timestamp) -> Result<Timestamp, TlsError> {
    let mut first_end = Timestamp(i64::MAX);
    for certificate in chain {
        let parsed = Certificate::from_der(certificate).map_err(|_| TlsError::IllFormed(path.to_owned()))?;
        let certificate = parsed.tbs_certificate;
        let time = |time: &x509_cert::time::Time| {
            Timestamp::from_seconds(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
        };
        let (from, until) = (time(&certificate.validity.not_before), time(&certificate.validity.not_after));
        let (path, subject) = (path.to_owned(), certificate.subject.to_string());
        if until < now {
            return Err(TlsError::Expired { path, subject, at: until });
        }
        if now < from {
            return Err(TlsError::NotYetValid { path, subject, at: from });
        }
        first_end = first_end.min(until);
    }
    Ok(first_end)
}

pub fn shown(time: Timestamp) -> String {
    jiff::Timestamp::from_second(time.seconds()).map(|time| time.to_string()).unwrap_or_default()
}
