//! Authorities of one's own, who vouch for certificates beside or instead of the public ones.

use std::path::Path;

use anyhow::{Context, Result, bail};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Trusts those in a PEM file, too.
pub fn trust(authorities: &mut RootCertStore, file: &Path) -> Result<()> {
    let certificates = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = certificates.with_context(|| format!("{} holds no PEM certificates", file.display()))?;
    let (taken, _) = authorities.add_parsable_certificates(certificates);
    if taken == 0 {
        bail!("{} holds no certificate of an authority", file.display());
    }
    Ok(())
}
