use anyhow::{Context, Result, bail};
use gateway::upstream::{Client, MemoryRegistry};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::config::{Configuration, FilePath};
use crate::reading::Spanned;

/// How other parts are reached over the network.
pub fn client(configuration: &Configuration, authority: Option<&Spanned<FilePath>>) -> Result<Client> {
    let Some(file) = authority else { return Ok(Client::new(MemoryRegistry::default())?) };
    let path = configuration.path(file.get_ref());
    let certificates = CertificateDer::pem_file_iter(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = certificates.with_context(|| format!("{} holds no PEM certificates", path.display()))?;
    let mut authorities = RootCertStore::empty();
    let (taken, _) = authorities.add_parsable_certificates(certificates);
    if taken == 0 {
        bail!("{} holds no certificate of an authority", path.display());
    }
    Ok(Client::trusting(authorities)?)
}
