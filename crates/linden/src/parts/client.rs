use anyhow::Result;
use gateway::upstream::{Client, MemoryRegistry};
use rustls::RootCertStore;

use crate::authorities;
use crate::config::{Configuration, FilePath};
use crate::reading::Spanned;

/// How other parts are reached over the network.
pub fn client(configuration: &Configuration, authority: Option<&Spanned<FilePath>>) -> Result<Client> {
    let Some(file) = authority else { return Ok(Client::new(MemoryRegistry::default())?) };
    let path = configuration.path(file.get_ref());
    let mut authorities = RootCertStore::empty();
    authorities::trust(&mut authorities, &path)?;
    Ok(Client::trusting(authorities)?)
}
