use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use auth_protocol::claims::AccessTokenClaims;
use auth_protocol::id::TenantId;
use auth_protocol::jws::{ACCESS_TOKEN, PresentedToken};

use crate::key_set::KeySetCache;
use crate::token_cache::{self, TokenCache, TokenHash, Verified};
use crate::verification::{self, LARGEST_TOKEN};
use crate::{Caller, GuardLayer, KeySetFetch, TokenError};

/// Epoch seconds. A parameter, so that tests decide what time it is; any `Fn() -> i64` will do.
pub trait Clock: Send + Sync + 'static {
    fn epoch_seconds(&self) -> i64;
}

impl<F: Fn() -> i64 + Send + Sync + 'static> Clock for F {
    fn epoch_seconds(&self) -> i64 {
        self()
    }
}

/// An authorization server whose tokens count here. All of it is configuration: nothing of this is learned from a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedIssuer {
    /// `iss`, compared as it stands.
    pub issuer: String,
    /// The API identifier that must be among `aud`.
    pub audience: String,
    /// The tenant whose tokens this issuer may make.
    pub tenant_id: TenantId,
    /// Where the key set is; may be an internal address apart from the issuer.
    pub key_set_url: String,
}

impl TrustedIssuer {
    /// The API identifier of Linden's services.
    pub const DEFAULT_AUDIENCE: &'static str = "linden-api";

    pub fn new(issuer: impl Into<String>, tenant_id: TenantId, key_set_url: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: Self::DEFAULT_AUDIENCE.to_owned(),
            tenant_id,
            key_set_url: key_set_url.into(),
        }
    }
}

pub struct GuardOptions {
    pub issuers: Vec<TrustedIssuer>,
    pub fetch: Arc<dyn KeySetFetch>,
    pub clock: Arc<dyn Clock>,
}

/// Verifies access tokens. Cloning it is cheap and shares its caches; one a process is enough.
#[derive(Clone)]
pub struct Guard {
    shared: Arc<Shared>,
}

struct Shared {
    issuers: ArcSwap<HashMap<String, Issuer>>,
    fetch: Arc<dyn KeySetFetch>,
    clock: Arc<dyn Clock>,
    versions: Arc<AtomicU64>,
    verified: TokenCache,
    hits: AtomicU64,
    misses: AtomicU64,
}

#[derive(Clone)]
struct Issuer {
    trusted: Arc<TrustedIssuer>,
    keys: Arc<KeySetCache>,
}

impl Guard {
    pub fn new(options: GuardOptions) -> Self {
        let guard = Self {
            shared: Arc::new(Shared {
                issuers: ArcSwap::default(),
                fetch: options.fetch,
                clock: options.clock,
                versions: Arc::default(),
                verified: TokenCache::new(token_cache::LARGEST),
                hits: AtomicU64::new(0),
                misses: AtomicU64::new(0),
            }),
        };
        guard.trust(options.issuers);
        guard
    }

    /// Trusts these issuers from now on, and no others. Those that stay as they were keep their keys. Of two with one name
    /// the last counts.
    pub fn trust(&self, issuers: Vec<TrustedIssuer>) {
        let before = self.shared.issuers.load();
        let issuers = issuers.into_iter().map(|trusted| {
            let kept = before.get(&trusted.issuer).filter(|known| *known.trusted == trusted).cloned();
            (trusted.issuer.clone(), kept.unwrap_or_else(|| self.issuer(trusted)))
        });
        self.shared.issuers.store(Arc::new(issuers.collect()));
    }

    fn issuer(&self, trusted: TrustedIssuer) -> Issuer {
        let Shared { fetch, versions, .. } = &*self.shared;
        let keys = KeySetCache::new(trusted.key_set_url.clone(), Arc::clone(fetch), Arc::clone(versions));
        Issuer { trusted: Arc::new(trusted), keys: Arc::new(keys) }
    }

    /// Who a token stands for. The token is the bare one, without a scheme.
    pub async fn verify(&self, token: &str) -> Result<Caller, TokenError> {
        if token.len() > LARGEST_TOKEN {
            return Err(TokenError::Malformed);
        }
        let now = self.shared.clock.epoch_seconds();
        let hash = token_cache::hash(token);
        match self.verified_before(&hash, now).await {
            Some(answer) => {
                self.shared.hits.fetch_add(1, Ordering::Relaxed);
                answer
            }
            None => {
                self.shared.misses.fetch_add(1, Ordering::Relaxed);
                self.verify_anew(token, hash, now).await
            }
        }
    }

    /// How many verified tokens are held; for a metric.
    pub fn cached_tokens(&self) -> u64 {
        self.shared.verified.count()
    }

    /// How many tokens were found among those verified before, and how many were not; for a metric.
    pub fn lookups(&self) -> (u64, u64) {
        (self.shared.hits.load(Ordering::Relaxed), self.shared.misses.load(Ordering::Relaxed))
    }

    /// Guards every route below it: no [`Caller`], no handler.
    pub fn layer(&self) -> GuardLayer {
        GuardLayer::new(self.clone())
    }

    async fn verified_before(&self, hash: &TokenHash, now: i64) -> Option<Result<Caller, TokenError>> {
        let Verified { caller, key_set_version, .. } = self.shared.verified.get(hash)?;
        if let Err(error) = verification::check_times(caller.claims(), now) {
            self.shared.verified.forget(hash);
            return Some(Err(error));
        }
        let keys = self.trusted(&caller.claims().iss).map(|issuer| issuer.keys);
        let current = match keys {
            Some(keys) => keys.current(now, None).await,
            None => None,
        };
        if current.is_some_and(|set| set.version == key_set_version) {
            return Some(Ok(caller));
        }
        self.shared.verified.forget(hash);
        None
    }

    async fn verify_anew(&self, token: &str, hash: TokenHash, now: i64) -> Result<Caller, TokenError> {
        let presented = PresentedToken::read(token)?;
        let key_id = presented.key_id().ok_or(TokenError::Malformed)?;
        let verification::Issuer { iss } = presented.unverified_claims()?;
        let issuer = self.trusted(&iss).ok_or(TokenError::UnknownIssuer)?;
        let keys = issuer.keys.current(now, Some(key_id)).await.ok_or(TokenError::KeysUnavailable)?;
        let key = keys.key(key_id).ok_or(TokenError::UnknownKey)?;
        let claims: AccessTokenClaims = key.verify(ACCESS_TOKEN, &presented)?;
        verification::check(&claims, &issuer.trusted, now)?;
        let seconds_left = u64::try_from(claims.exp - now).unwrap_or_default();
        let caller = Caller::verified(claims);
        let verified =
            Verified { caller: caller.clone(), key_set_version: keys.version, size: token.len(), seconds_left };
        self.shared.verified.keep(hash, verified);
        Ok(caller)
    }

    fn trusted(&self, issuer: &str) -> Option<Issuer> {
        self.shared.issuers.load().get(issuer).cloned()
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}
