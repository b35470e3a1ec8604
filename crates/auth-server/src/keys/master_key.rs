//! The master key: 256 random bits that are never in the database. All else that is secret lies there sealed under it.

use auth_store::signing_key::Sealed;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac};
use zeroize::Zeroizing;

use crate::environment::{Random, random_bytes};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealed under another key, or changed since")]
pub struct SealError;

/// AES-256-GCM with a random nonce in front; what it is for is bound in as associated data.
pub(crate) struct Sealer(LessSafeKey);

impl Sealer {
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self, SealError> {
        UnboundKey::new(&AES_256_GCM, key).map(|key| Self(LessSafeKey::new(key))).map_err(|_| SealError)
    }

    pub(crate) fn seal(&self, purpose: &[u8], plain: &[u8], random: &dyn Random) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_LEN] = random_bytes(random);
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose), &mut sealed)
            .map_err(|_| SealError)?;
        Ok([&nonce[..], &sealed].concat())
    }

    pub(crate) fn open(&self, purpose: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or(SealError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError)?;
        let mut plain = Zeroizing::new(sealed.to_vec());
        let length = self.0.open_in_place(nonce, Aad::from(purpose), &mut plain).map_err(|_| SealError)?.len();
        plain.truncate(length);
        Ok(plain)
    }
}

pub struct MasterKey {
    /// What rows that are sealed under it call it; nothing about the key can be learnt from it.
    id: String,
    bytes: Zeroizing<[u8; 32]>,
    sealer: Sealer,
}

impl MasterKey {
    pub fn new(bytes: [u8; 32]) -> Result<Self, SealError> {
        let (sealer, bytes) = (Sealer::new(&bytes)?, Zeroizing::new(bytes));
        let mut key = Self { id: String::new(), bytes, sealer };
        key.id = key.derive("master key id")?[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(key)
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn seal(&self, purpose: &str, plain: &[u8], random: &dyn Random) -> Result<Sealed, SealError> {
        let bytes = self.sealer.seal(purpose.as_bytes(), plain, random)?;
        Ok(Sealed { master_key_id: self.id.clone(), bytes })
    }

    pub(crate) fn open(&self, purpose: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.sealer.open(purpose.as_bytes(), &sealed.bytes)
    }

    /// A secret for one purpose, the same at every start: what parts of one installation share without keeping it.
    pub fn derive(&self, purpose: &str) -> Result<[u8; 32], SealError> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"linden derived secret");
        let key = salt.extract(&*self.bytes);
        let info = [purpose.as_bytes()];
        let mut secret = [0; 32];
        let okm = key.expand(&info, hmac::HMAC_SHA256).map_err(|_| SealError)?;
        okm.fill(&mut secret).map_err(|_| SealError)?;
        Ok(secret)
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::SystemRandom;

    #[test]
    fn only_the_same_key_and_purpose_open() {
        let (ours, theirs) = (MasterKey::new([1; 32]).unwrap(), MasterKey::new([2; 32]).unwrap());
        let sealed = ours.seal("signing", b"secret", &SystemRandom).unwrap();
        assert!(!sealed.bytes.windows(6).any(|window| window == b"secret"));
        assert_eq!(&*ours.open("signing", &sealed).unwrap(), b"secret");
        assert_eq!(theirs.open("signing", &sealed).unwrap_err(), SealError);
        assert_eq!(ours.open("csrf", &sealed).unwrap_err(), SealError);
        for place in 0..sealed.bytes.len() {
            let mut changed = sealed.clone();
            changed.bytes[place] ^= 1;
            assert!(ours.open("signing", &changed).is_err());
        }
        let short = Sealed { bytes: b"short".to_vec(), ..sealed };
        assert!(ours.open("signing", &short).is_err());
    }

    #[test]
    fn derived_secrets_differ_by_purpose_and_key() {
        let (ours, theirs) = (MasterKey::new([1; 32]).unwrap(), MasterKey::new([2; 32]).unwrap());
        assert_eq!(ours.derive("a").unwrap(), ours.derive("a").unwrap());
        assert_ne!(ours.derive("a").unwrap(), ours.derive("b").unwrap());
        assert_ne!(ours.derive("a").unwrap(), theirs.derive("a").unwrap());
    }
}
