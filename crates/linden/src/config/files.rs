//! Files with secrets, which are mounted: one that is empty was not mounted right, and is told by its name.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use auth_server::keys::KeyRing;
use auth_server::{MasterKey, MasterKeys};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::{Configuration, DatabaseSection, DatabaseUrl, FilePath};
use crate::parts::ClientSecretKey;
use crate::reading::{Complaints, Mistakes, Spanned};

impl Configuration {
    /// The address that a section has, or the file that it names.
    pub fn database_url(&self, section: &DatabaseSection) -> Result<DatabaseUrl, Mistakes> {
        match (&section.url, &section.url_file) {
            (Some(url), _) => Ok(url.get_ref().clone()),
            (None, Some(file)) => self.in_file(file, database_url),
            (None, None) => Err(Mistakes::default()),
        }
    }

    pub fn master_key(&self) -> anyhow::Result<MasterKey> {
        Ok(self.in_file(&self.auth()?.master_key_file, master_key)?)
    }

    /// With the other ones, read anew while servers run.
    pub fn master_keys(&self) -> anyhow::Result<MasterKeys> {
        self.master_key()?;
        let auth = self.auth()?;
        let current = self.path(auth.master_key_file.get_ref());
        let others: Vec<PathBuf> = auth.other_master_key_files.iter().map(|file| self.path(file.get_ref())).collect();
        let read = move || {
            let others = others.iter().map(|file| master_key(file)).collect::<Result<_, _>>()?;
            Ok(KeyRing { current: master_key(&current)?, others })
        };
        MasterKeys::read_by(read).map_err(|error| anyhow::anyhow!(error))
    }

    pub fn client_secret_key(&self) -> anyhow::Result<ClientSecretKey> {
        Ok(self.in_file(&self.gateway()?.client_secret_key_file, client_secret_key)?)
    }

    /// Everything that is wrong with the files that its sections name.
    pub fn check_files(&self) -> Result<(), Mistakes> {
        let mut complaints = Complaints::default();
        if let Some(auth) = &self.auth {
            for file in std::iter::once(&auth.master_key_file).chain(&auth.other_master_key_files) {
                self.look(file, |path| master_key(path).map(drop), &mut complaints);
            }
            self.look_at_database(auth.database.get_ref(), &mut complaints);
        }
        if let Some(gateway) = &self.gateway {
            self.look(&gateway.client_secret_key_file, |path| client_secret_key(path).map(drop), &mut complaints);
        }
        if let Some(services) = &self.services {
            self.look_at_database(services.database.get_ref(), &mut complaints);
        }
        complaints.finish(&self.sources.all)
    }

    fn look_at_database(&self, section: &DatabaseSection, complaints: &mut Complaints) {
        if let Some(file) = &section.url_file {
            self.look(file, |path| database_url(path).map(drop), complaints);
        }
    }

    fn look(&self, key: &Spanned<FilePath>, read: impl Fn(&Path) -> Result<(), String>, complaints: &mut Complaints) {
        if let Err(message) = read(&self.path(key.get_ref())) {
            complaints.add(self.sources.at(key), message);
        }
    }

    fn in_file<T>(&self, key: &Spanned<FilePath>, read: impl Fn(&Path) -> Result<T, String>) -> Result<T, Mistakes> {
        read(&self.path(key.get_ref())).map_err(|message| self.sources.refuse(self.sources.at(key), message))
    }
}

/// What is in a file; `Err` says what is wrong with it, by its name.
fn content(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let name = path.display();
    match std::fs::read(path) {
        Ok(bytes) if bytes.is_empty() => Err(format!("{name} is empty: was the secret mounted?")),
        Ok(bytes) => Ok(Zeroizing::new(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(format!("there is no file {name}")),
        Err(error) => Err(format!("{name} cannot be read: {error}")),
    }
}

fn text(path: &Path) -> Result<Zeroizing<String>, String> {
    let bytes = content(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| format!("{} is no text", path.display()))?.trim();
    match text.is_empty() {
        true => Err(format!("{} is empty: was the secret mounted?", path.display())),
        false => Ok(Zeroizing::new(text.to_owned())),
    }
}

fn master_key(path: &Path) -> Result<MasterKey, String> {
    let bytes = content(path)?;
    let wrong = || {
        let name = path.display();
        format!(
            "{name} is no master key: it must hold exactly 32 bytes, as `head -c 32 /dev/urandom > {name}` makes them"
        )
    };
    let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| wrong())?;
    MasterKey::new(bytes).map_err(|_| wrong())
}

fn client_secret_key(path: &Path) -> Result<ClientSecretKey, String> {
    let text = text(path)?;
    let bytes = URL_SAFE_NO_PAD.decode(text.as_bytes()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = bytes.and_then(|bytes| ClientSecretKey::new(bytes).ok());
    key.ok_or_else(|| format!("{} holds no key as `linden keys gateway-secret` prints it", path.display()))
}

fn database_url(path: &Path) -> Result<DatabaseUrl, String> {
    let text = text(path)?;
    DatabaseUrl::try_from(text.to_string()).map_err(|wrong| format!("the address in {} {wrong}", path.display()))
}
