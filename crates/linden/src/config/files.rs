//! Files with secrets, which are mounted: one that is empty was not mounted right, and is told by its name.

use std::path::Path;

use auth_server::MasterKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::DatabaseUrl;
use crate::parts::ClientSecretKey;

/// What is in a file; `Err` says what is wrong with it, by its name.
fn content(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let name = path.display();
    match std::fs::read(path) {
        Ok(bytes) if bytes.is_empty() => Err(format!("{name} is empty: was the secret mounted?")),
        Ok(bytes) => Ok(Zeroizing::new(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(format!("there is no file {name}")),
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

pub fn master_key(path: &Path) -> Result<MasterKey, String> {
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

pub fn client_secret_key(path: &Path) -> Result<ClientSecretKey, String> {
    let text = text(path)?;
    let bytes = URL_SAFE_NO_PAD.decode(text.as_bytes()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = bytes.and_then(|bytes| ClientSecretKey::new(bytes).ok());
    key.ok_or_else(|| format!("{} holds no key as `linden keys gateway-secret` prints it", path.display()))
}

pub fn database_url(path: &Path) -> Result<DatabaseUrl, String> {
    let text = text(path)?;
    DatabaseUrl::try_from(text.to_string()).map_err(|wrong| format!("the address in {} {wrong}", path.display()))
}
