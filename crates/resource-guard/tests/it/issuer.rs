use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use auth_protocol::jwk::key_set;
use auth_protocol::jws::{ACCESS_TOKEN, Algorithm, SigningKey, new_private_key};
use bytes::Bytes;
use futures::future::BoxFuture;
use resource_guard::{FetchError, Guard, GuardOptions, KeySetFetch, TrustedIssuer};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

pub const NOW: i64 = 1_764_000_000;
pub const ISSUER: &str = "https://shop.example/auth";
pub const TENANT: &str = "01K0000000000000000000000A";
pub const OTHER_TENANT: &str = "01K0000000000000000000000B";
pub const APPLICATION: &str = "01K0000000000000000000000C";
pub const CUSTOMER: &str = "01K0000000000000000000000D";

/// An authorization server as a guard sees it: a published key set, and time.
pub struct Issuer {
    pub guard: Guard,
    pub published: Arc<Published>,
    clock: Arc<AtomicI64>,
}

/// What is found at the key set's address.
pub struct Published {
    document: Mutex<Bytes>,
    pub fails: AtomicBool,
    pub fetches: AtomicUsize,
    /// Fetches wait for a pass each.
    pub gate: Semaphore,
}

impl KeySetFetch for Published {
    fn fetch<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Bytes, FetchError>> {
        Box::pin(async move {
            assert_eq!(url, "http://auth.internal/oauth/jwks");
            self.fetches.fetch_add(1, Ordering::SeqCst);
            self.gate.acquire().await.unwrap().forget();
            if self.fails.load(Ordering::SeqCst) {
                return Err(FetchError::new("connection refused"));
            }
            Ok(self.document.lock().unwrap().clone())
        })
    }
}

impl Published {
    pub fn keys(&self, keys: &[&SigningKey]) {
        let set = key_set(keys.iter().map(|key| key.public().clone()));
        self.document(serde_json::to_vec(&set).unwrap());
    }

    pub fn document(&self, document: impl Into<Bytes>) {
        *self.document.lock().unwrap() = document.into();
    }

    pub fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    pub fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }
}

impl Issuer {
    pub fn publishing(keys: &[&SigningKey]) -> Issuer {
        let issuer = Issuer::behind_a_closed_gate(keys);
        issuer.published.gate.add_permits(1_000);
        issuer
    }

    pub fn behind_a_closed_gate(keys: &[&SigningKey]) -> Issuer {
        let published = Arc::new(Published {
            document: Mutex::default(),
            fails: AtomicBool::default(),
            fetches: AtomicUsize::default(),
            gate: Semaphore::new(0),
        });
        published.keys(keys);
        let clock = Arc::new(AtomicI64::new(NOW));
        let time = Arc::clone(&clock);
        let guard = Guard::new(GuardOptions {
            issuers: vec![trusted()],
            fetch: Arc::clone(&published) as Arc<dyn KeySetFetch>,
            clock: Arc::new(move || time.load(Ordering::SeqCst)),
        });
        Issuer { guard, published, clock }
    }

    pub fn let_pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }
}

pub fn trusted() -> TrustedIssuer {
    TrustedIssuer::new(ISSUER, TENANT.parse().unwrap(), "http://auth.internal/oauth/jwks")
}

pub fn key() -> SigningKey {
    key_of(Algorithm::Es256)
}

pub fn key_of(algorithm: Algorithm) -> SigningKey {
    SigningKey::from_pkcs8(algorithm, &new_private_key(algorithm).unwrap()).unwrap()
}

/// A good token's claims, with `changes` over them; `null` takes a claim away.
pub fn claims(changes: Value) -> Value {
    let mut claims = json!({
        "iss": ISSUER, "aud": ["linden-api", ISSUER], "exp": NOW + 300, "iat": NOW, "nbf": NOW, "jti": TENANT,
        "sub": "anna", "client_id": "storefront", "scope": "CUSTOMER", "authorities": ["READ_ITEM_LIST"],
        "tenant_id": TENANT, "application_id": APPLICATION, "customer_id": CUSTOMER,
    });
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            _ => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

pub fn token(key: &SigningKey, changes: Value) -> String {
    key.sign(ACCESS_TOKEN, &claims(changes)).unwrap()
}
