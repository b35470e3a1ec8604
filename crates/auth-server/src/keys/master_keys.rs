//! The master keys at hand: one that seals, and others that open what was sealed under them while it is being changed.

use std::sync::Arc;

use arc_swap::ArcSwap;
use auth_store::signing_key::Sealed;
use zeroize::Zeroizing;

use super::{MasterKey, SealError};
use crate::environment::Random;

/// What was read at one time.
#[derive(Debug)]
pub struct KeyRing {
    /// Seals, and is what other secrets are derived from.
    pub current: MasterKey,
    /// Former ones and the next one: they open, and seal nothing.
    pub others: Vec<MasterKey>,
}

impl KeyRing {
    fn open(&self, purpose: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let named = |key: &&MasterKey| sealed.master_key_id.is_empty() || sealed.master_key_id == key.id();
        let mut keys = std::iter::once(&self.current).chain(&self.others).filter(named);
        keys.find_map(|key| key.open(purpose, sealed).ok()).ok_or(SealError)
    }
}

/// Why the master keys could not be read; for people.
pub type UnreadableKeys = Box<dyn std::error::Error + Send + Sync>;

type Read = dyn Fn() -> Result<KeyRing, UnreadableKeys> + Send + Sync;

/// Shared by all that open and seal. Read anew when a row is sealed under a key that is not at hand, and whenever the
/// configuration is: keys are changed while servers run.
#[derive(Clone)]
pub struct MasterKeys {
    ring: Arc<ArcSwap<KeyRing>>,
    read: Option<Arc<Read>>,
}

impl From<MasterKey> for MasterKeys {
    /// One key that stays.
    fn from(current: MasterKey) -> Self {
        Self { ring: Arc::new(ArcSwap::from_pointee(KeyRing { current, others: Vec::new() })), read: None }
    }
}

impl MasterKeys {
    pub fn read_by(
        read: impl Fn() -> Result<KeyRing, UnreadableKeys> + Send + Sync + 'static,
    ) -> Result<Self, UnreadableKeys> {
        let ring = Arc::new(ArcSwap::from_pointee(read()?));
        Ok(Self { ring, read: Some(Arc::new(read)) })
    }

    pub fn ring(&self) -> Arc<KeyRing> {
        self.ring.load_full()
    }

    /// Keys that cannot be read leave those that were.
    pub(crate) fn read_anew(&self) {
        match self.read.as_ref().map(|read| read()) {
            Some(Ok(ring)) => self.ring.store(Arc::new(ring)),
            Some(Err(error)) => tracing::warn!(%error, "the master keys could not be read anew"),
            None => {}
        }
    }

    pub(crate) fn seal(&self, purpose: &str, plain: &[u8], random: &dyn Random) -> Result<Sealed, SealError> {
        self.ring.load().current.seal(purpose, plain, random)
    }

    pub(crate) fn open(&self, purpose: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.ring.load().open(purpose, sealed).or_else(|_| {
            self.read_anew();
            self.ring.load().open(purpose, sealed)
        })
    }
}

impl std::fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKeys(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::environment::SystemRandom;

    fn key(number: u8) -> MasterKey {
        MasterKey::new([number; 32]).unwrap()
    }

    #[test]
    fn each_key_opens_what_names_it_and_the_current_one_seals() {
        let keys = MasterKeys::read_by(|| Ok(KeyRing { current: key(1), others: vec![key(2)] })).unwrap();
        let of_other = key(2).seal("csrf", b"secret", &SystemRandom).unwrap();
        assert_eq!(&*keys.open("csrf", &of_other).unwrap(), b"secret");
        assert_eq!(keys.seal("csrf", b"secret", &SystemRandom).unwrap().master_key_id, key(1).id());
        let of_nobody = key(3).seal("csrf", b"secret", &SystemRandom).unwrap();
        assert_eq!(keys.open("csrf", &of_nobody).unwrap_err(), SealError);
        let renamed = Sealed { master_key_id: key(1).id().to_owned(), ..of_other };
        assert_eq!(keys.open("csrf", &renamed).unwrap_err(), SealError, "a row says whose it is");
    }

    /// As every row was until keys had names.
    #[test]
    fn what_names_no_key_is_opened_by_whichever_it_is() {
        let keys = MasterKeys::read_by(|| Ok(KeyRing { current: key(1), others: vec![key(2)] })).unwrap();
        for number in [1, 2] {
            let sealed = key(number).seal("csrf", b"secret", &SystemRandom).unwrap();
            let unnamed = Sealed { master_key_id: String::new(), ..sealed };
            assert_eq!(&*keys.open("csrf", &unnamed).unwrap(), b"secret");
        }
    }

    #[test]
    fn a_key_that_is_not_at_hand_is_looked_for_once_more() {
        let current = Arc::new(Mutex::new(1));
        let read = Arc::clone(&current);
        let keys = MasterKeys::read_by(move || match *read.lock().unwrap() {
            0 => Err("there is no file".into()),
            number => Ok(KeyRing { current: key(number), others: vec![] }),
        })
        .unwrap();
        let sealed = key(2).seal("csrf", b"secret", &SystemRandom).unwrap();
        *current.lock().unwrap() = 0;
        assert_eq!(keys.open("csrf", &sealed).unwrap_err(), SealError);
        assert_eq!(keys.ring().current.id(), key(1).id(), "what was read stays");
        *current.lock().unwrap() = 2;
        assert_eq!(&*keys.open("csrf", &sealed).unwrap(), b"secret");
    }
}
