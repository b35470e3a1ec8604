//! An issuer's public keys (RFC 7517), fetched when needed, and kept until there are newer ones.
//!
//! 1. A set younger than [`FRESH`] that has the key answers at once, so that a key which is withdrawn counts for two seconds.
//! 2. An older one is fetched anew, by one caller for all. Up to [`MEANWHILE`] nobody waits for that; later, which is after a
//!    pause in the traffic, everybody waits for a moment ([`PATIENCE`]).
//! 3. When fetching fails the old set serves, however old, until it works again: without it every caller would be turned
//!    away for what is no fault of theirs. The next try is [`FAILURE_PAUSE`] later, and nobody waits for it.
//! 4. A key id that the set does not have leads to a fetch at most every [`UNKNOWN_KEY_PAUSE`], however many ask: key ids
//!    are free for anybody to invent. The first one is looked for at once, however young the set is: it may be a key that
//!    was made just now.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use auth_protocol::jwk::JwkSet;
use auth_protocol::jws::VerifyingKey;
use bytes::Bytes;
use futures::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::JoinHandle;

/// Seconds.
const FRESH: i64 = 1;
const MEANWHILE: i64 = 2;
const UNKNOWN_KEY_PAUSE: i64 = 10;
const FAILURE_PAUSE: i64 = 1;
/// A clock set back by more than this makes a set as good as old.
const CLOCK_TOLERANCE: i64 = 60;

/// How long a caller waits for a newer set where an old one would do.
const PATIENCE: Duration = Duration::from_millis(500);
const FETCH_TIME_LIMIT: Duration = Duration::from_secs(5);
const LARGEST_DOCUMENT: usize = 256 * 1024;
const MOST_KEYS: usize = 64;

/// How the guard reaches key sets: the program gives its HTTP client. Any `Fn(String) -> impl Future` will do.
///
/// Answers the body of a 200; anything else is an error. Redirects must not be followed to other hosts.
pub trait KeySetFetch: Send + Sync + 'static {
    fn fetch<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Bytes, FetchError>>;
}

impl<F, Answer> KeySetFetch for F
where
    F: Fn(String) -> Answer + Send + Sync + 'static,
    Answer: Future<Output = Result<Bytes, FetchError>> + Send + 'static,
{
    fn fetch<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Bytes, FetchError>> {
        Box::pin(self(url.to_owned()))
    }
}

/// Why no key set came back; for the log alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the key set could not be fetched: {0}")]
pub struct FetchError(String);

impl FetchError {
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// One fetched set. `version` changes exactly when the published document does.
pub(crate) struct KeySet {
    pub(crate) version: u64,
    fetched_at: i64,
    document: Bytes,
    keys: Arc<HashMap<String, VerifyingKey>>,
}

impl KeySet {
    pub(crate) fn key(&self, key_id: &str) -> Option<&VerifyingKey> {
        self.keys.get(key_id)
    }

    fn is_fresh(&self, now: i64) -> bool {
        (-CLOCK_TOLERANCE..FRESH).contains(&(now - self.fetched_at))
    }

    fn serves_meanwhile(&self, now: i64) -> bool {
        (-CLOCK_TOLERANCE..=MEANWHILE).contains(&(now - self.fetched_at))
    }
}

pub(crate) struct KeySetCache {
    url: String,
    fetch: Arc<dyn KeySetFetch>,
    versions: Arc<AtomicU64>,
    held: ArcSwapOption<KeySet>,
    /// Held by the fetch under way, even when the request that began it is gone.
    fetching: Arc<Mutex<()>>,
    /// The last attempt brought nothing, or nothing in time.
    fails: AtomicBool,
    last_attempt: AtomicI64,
    /// The last attempt that was made for an unknown key id.
    last_search: AtomicI64,
}

/// What a fetch is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    NewerSet,
    UnknownKey,
}

impl KeySetCache {
    /// `versions` counts the sets of all issuers, so that no two ever share a version.
    pub(crate) fn new(url: String, fetch: Arc<dyn KeySetFetch>, versions: Arc<AtomicU64>) -> Self {
        Self {
            url,
            fetch,
            versions,
            held: ArcSwapOption::empty(),
            fetching: Arc::default(),
            fails: AtomicBool::new(false),
            last_attempt: AtomicI64::new(i64::MIN),
            last_search: AtomicI64::new(i64::MIN),
        }
    }

    /// The set to verify with. `key_id` says which key is looked for.
    pub(crate) async fn current(self: &Arc<Self>, now: i64, key_id: Option<&str>) -> Option<Arc<KeySet>> {
        let held = self.held.load_full();
        let Some(need) = need(held.as_deref(), now, key_id) else { return held };
        match held.filter(|set| key_id.is_none_or(|id| set.key(id).is_some())) {
            Some(set) => Some(self.newer_than(set, now).await),
            None => self.fetched(now, key_id, need).await,
        }
    }

    /// A newer set if there is one in time, or this one.
    async fn newer_than(self: &Arc<Self>, old: Arc<KeySet>, now: i64) -> Arc<KeySet> {
        if self.has_paused(now, Need::NewerSet)
            && let Ok(turn) = Arc::clone(&self.fetching).try_lock_owned()
            && need(self.held.load().as_deref(), now, None).is_some()
        {
            drop(self.fetch(turn, now, Need::NewerSet));
        }
        if old.serves_meanwhile(now) || self.fails.load(Ordering::Relaxed) {
            return old;
        }
        if tokio::time::timeout(PATIENCE, self.fetching.lock()).await.is_err() {
            self.fails.store(true, Ordering::Relaxed);
        }
        self.held.load_full().unwrap_or(old)
    }

    /// Nothing that is held would do.
    async fn fetched(self: &Arc<Self>, now: i64, key_id: Option<&str>, need: Need) -> Option<Arc<KeySet>> {
        let turn = Arc::clone(&self.fetching).lock_owned().await;
        // The fetch that was waited for may have brought what is needed, or have used up the turn.
        let need = self::need(self.held.load().as_deref(), now, key_id).filter(|still| *still == need);
        if let Some(need) = need.filter(|need| self.has_paused(now, *need))
            && self.fetch(turn, now, need).await.is_err()
        {
            tracing::error!(url = self.url, "fetching a key set panicked");
        }
        self.held.load_full()
    }

    fn has_paused(&self, now: i64, need: Need) -> bool {
        let (last, pause) = match need {
            Need::NewerSet => (&self.last_attempt, FAILURE_PAUSE),
            Need::UnknownKey => (&self.last_search, UNKNOWN_KEY_PAUSE),
        };
        let elapsed = now.saturating_sub(last.load(Ordering::Relaxed));
        elapsed >= pause || elapsed < -CLOCK_TOLERANCE
    }

    /// Runs in a task of its own, so that a caller who hangs up does not stop what others wait for.
    fn fetch(self: &Arc<Self>, turn: OwnedMutexGuard<()>, now: i64, need: Need) -> JoinHandle<()> {
        self.last_attempt.store(now, Ordering::Relaxed);
        if need == Need::UnknownKey {
            self.last_search.store(now, Ordering::Relaxed);
        }
        let cache = Arc::clone(self);
        tokio::spawn(async move {
            let answer = tokio::time::timeout(FETCH_TIME_LIMIT, cache.fetch.fetch(&cache.url)).await;
            let answer = answer.unwrap_or_else(|_| Err(FetchError::new("no answer in time")));
            let read = answer.and_then(|document| cache.read(document, now));
            cache.fails.store(read.is_err(), Ordering::Relaxed);
            match read {
                Ok(set) => cache.held.store(Some(Arc::new(set))),
                Err(error) => tracing::warn!(url = cache.url, %error, "no new key set"),
            }
            drop(turn);
        })
    }

    fn read(&self, document: Bytes, now: i64) -> Result<KeySet, FetchError> {
        if let Some(held) = self.held.load().as_deref().filter(|held| held.document == document) {
            return Ok(KeySet { version: held.version, fetched_at: now, document, keys: Arc::clone(&held.keys) });
        }
        let keys = Arc::new(usable_keys(&document)?);
        let version = self.versions.fetch_add(1, Ordering::Relaxed);
        Ok(KeySet { version, fetched_at: now, document, keys })
    }
}

/// `None`: the set will do.
fn need(held: Option<&KeySet>, now: i64, key_id: Option<&str>) -> Option<Need> {
    match held {
        Some(set) if set.is_fresh(now) => match key_id {
            Some(key_id) if set.key(key_id).is_none() => Some(Need::UnknownKey),
            _ => None,
        },
        _ => Some(Need::NewerSet),
    }
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

/// Keys of kinds we do not know are passed over (RFC 7517 §5), not a reason to refuse the others.
fn usable_keys(document: &[u8]) -> Result<HashMap<String, VerifyingKey>, FetchError> {
    if document.len() > LARGEST_DOCUMENT {
        return Err(FetchError::new("the document is too large"));
    }
    let document: Document =
        serde_json::from_slice(document).map_err(|error| FetchError::new(format!("not a key set: {error}")))?;
    let keys = document.keys.into_iter().take(MOST_KEYS).filter_map(|key| {
        if key.get("use").is_some_and(|usage| usage != "sig") {
            return None;
        }
        let set: JwkSet = serde_json::from_value(json!({ "keys": [key] })).ok()?;
        VerifyingKey::from_jwk(set.keys.first()?)
    });
    Ok(keys.map(|key| (key.key_id().to_owned(), key)).collect())
}
