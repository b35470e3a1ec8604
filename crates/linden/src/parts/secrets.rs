//! Secrets of gateway clients, which the configuration and the gateway share without anybody keeping them: made of a key
//! that is made of the master key. The gateway gets that key alone, and nothing that is sealed opens with it.

use std::sync::Arc;

use anyhow::Result;
use auth_server::MasterKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// A client's derived secret, by its server's issuer and its id: two servers may have a client of one name.
pub type Secrets = Arc<dyn Fn(&str, &str) -> Option<String> + Send + Sync>;

pub struct ClientSecretKey {
    bytes: Zeroizing<[u8; 32]>,
    root: MasterKey,
}

impl ClientSecretKey {
    pub fn new(bytes: [u8; 32]) -> Result<Self> {
        Ok(Self { root: MasterKey::new(bytes)?, bytes: Zeroizing::new(bytes) })
    }

    pub fn of(master_key: &MasterKey) -> Result<Self> {
        Self::new(master_key.derive("client secrets")?)
    }

    /// As the gateway's file has it.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.bytes))
    }

    pub fn secrets(self) -> Secrets {
        let root = self.root;
        Arc::new(move |issuer, client_id| {
            // Neither holds a space, so that no two pairs make one text.
            let secret = root.derive(&format!("client secret of {client_id} at {issuer}")).ok()?;
            Some(URL_SAFE_NO_PAD.encode(secret))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_secret_is_of_one_issuer_and_client_and_the_same_at_every_start() {
        let start = || ClientSecretKey::of(&MasterKey::new([7; 32]).unwrap()).unwrap().secrets();
        let (first, second) = (start(), start());
        let secret = first("https://shop.example/auth", "gateway").unwrap();
        assert_eq!(second("https://shop.example/auth", "gateway"), Some(secret.clone()));
        assert_ne!(first("https://shop.example/auth/s/trade", "gateway").unwrap(), secret);
        assert_ne!(first("https://shop.example/auth", "gateway2").unwrap(), secret);
    }
}
