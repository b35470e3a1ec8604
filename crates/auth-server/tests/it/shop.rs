use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use auth_core::server::ServerSettings;
use auth_core::time::{Span, Timestamp};
use auth_protocol::jwk::PublicKey;
use auth_protocol::jws::{ACCESS_TOKEN, ID_TOKEN, PresentedToken, VerifyingKey};
use auth_server::environment::{Clock, SystemRandom};
use auth_server::password_hashing::PasswordHashing;
use auth_server::{AuthServer, AuthServerConfig, Forwarding, FromGateway, MasterKey, MasterKeys, StartError};
use auth_store::{Database, MIGRATIONS};
use axum::Router;
use database::{PostgresOptions, Row, SqliteOptions, Statement, Value};
use serde_json::Value as Json;
use telemetry::metrics::Metrics;
use tempfile::TempDir;
use test_kit::postgres::Cluster;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::browser::{Answer, Browser, Call};
use crate::seed::{self, PASSWORD};

pub const ISSUER: &str = "http://localhost:8080/auth";
pub const ORIGIN: &str = "http://localhost:8080";
pub const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub const MASTER_KEY: [u8; 32] = [42; 32];

fn ours() -> MasterKeys {
    MasterKey::new(MASTER_KEY).unwrap().into()
}

/// A clock that stands still until a test moves it.
pub struct TestClock {
    now: AtomicI64,
    waited: AtomicU64,
}

impl TestClock {
    fn at(now: Timestamp) -> TestClock {
        TestClock { now: AtomicI64::new(now.0), waited: AtomicU64::new(0) }
    }

    /// As an operator sets it: no time passes.
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.0, Ordering::SeqCst);
    }

    pub fn wait(&self, span: Span) {
        self.now.fetch_add(span.0, Ordering::SeqCst);
        self.waited.fetch_add(span.0.unsigned_abs(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    fn steady(&self) -> Instant {
        Instant::now() + Duration::from_micros(self.waited.load(Ordering::SeqCst))
    }
}

fn sqlite() -> (Database, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open_sqlite(SqliteOptions::new(directory.path().join("auth.db"))).unwrap();
    (database, directory)
}

/// The last moment before so much time has passed.
pub fn just_short_of(span: Span) -> Span {
    Span(span.0 - 1)
}

/// An authorization server with the tests' shop in a database of its own.
pub struct Shop {
    pub database: Database,
    pub clock: Arc<TestClock>,
    pub router: Router,
    pub issuer: String,
    pub metrics: Arc<Metrics>,
    behind_gateway: bool,
    server: Option<AuthServer>,
    directory: TempDir,
}

/// Rows that have to be there, and the time at which the server starts.
async fn furnish(database: &Database, issuer: &str, settings: &ServerSettings) -> Arc<TestClock> {
    database.migrate(&MIGRATIONS).await.unwrap();
    seed::shop(database, issuer, settings, &hashing().await.1).await;
    Arc::new(TestClock::at(START))
}

/// One for all tests: its threads are few and its memory is large.
async fn hashing() -> &'static (PasswordHashing, String) {
    static HASHING: OnceCell<(PasswordHashing, String)> = OnceCell::const_new();
    HASHING
        .get_or_init(|| async {
            let hashing = PasswordHashing::start(2).unwrap();
            let hash = hashing.hash(PASSWORD.to_owned(), &SystemRandom).await.unwrap();
            (hashing, hash)
        })
        .await
}

pub async fn start(
    database: &Database,
    clock: &Arc<TestClock>,
    master_key: [u8; 32],
) -> Result<AuthServer, StartError> {
    start_with_keys(database, clock, MasterKey::new(master_key).unwrap().into()).await
}

pub async fn start_with_keys(
    database: &Database,
    clock: &Arc<TestClock>,
    master_keys: MasterKeys,
) -> Result<AuthServer, StartError> {
    start_with(database, clock, master_keys, hashing().await.0.clone(), false, Metrics::new("test")).await
}

async fn start_with(
    database: &Database,
    clock: &Arc<TestClock>,
    master_keys: MasterKeys,
    hashing: PasswordHashing,
    behind_gateway: bool,
    metrics: Arc<Metrics>,
) -> Result<AuthServer, StartError> {
    AuthServer::start(AuthServerConfig {
        database: database.clone(),
        master_keys,
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        random: Arc::new(SystemRandom),
        hashing,
        forwarding: Forwarding {
            gateway: if behind_gateway { FromGateway::ThisProcess } else { FromGateway::Nowhere },
            ..Forwarding::default()
        },
        metrics,
    })
    .await
}

impl Shop {
    pub async fn open() -> Shop {
        Shop::open_at(ISSUER, ServerSettings::default()).await
    }

    pub async fn open_with(settings: ServerSettings) -> Shop {
        Shop::open_at(ISSUER, settings).await
    }

    pub async fn open_at(issuer: &str, settings: ServerSettings) -> Shop {
        Shop::build(sqlite(), issuer, settings, hashing().await.0.clone(), false).await
    }

    /// Nothing happens from now on but what a test asks for.
    pub async fn without_jobs(mut self) -> Shop {
        if let Some(server) = self.server.take() {
            server.end().await;
        }
        // What a job wrote last is behind it.
        self.database.ping().await.unwrap();
        self
    }

    pub async fn behind_gateway() -> Shop {
        Shop::build(sqlite(), ISSUER, ServerSettings::default(), hashing().await.0.clone(), true).await
    }

    pub async fn with_hashing(own: PasswordHashing) -> Shop {
        Shop::build(sqlite(), ISSUER, ServerSettings::default(), own, false).await
    }

    pub async fn on_postgres() -> Shop {
        let options = PostgresOptions::new(Cluster::start().fresh_database().await, "auth");
        let database = Database::open_postgres(options).await.unwrap();
        let opened = (database, tempfile::tempdir().unwrap());
        Shop::build(opened, ISSUER, ServerSettings::default(), hashing().await.0.clone(), false).await
    }

    async fn build(
        (database, directory): (Database, TempDir),
        issuer: &str,
        settings: ServerSettings,
        own: PasswordHashing,
        behind_gateway: bool,
    ) -> Shop {
        let clock = furnish(&database, issuer, &settings).await;
        let metrics = Metrics::new("test");
        let started = start_with(&database, &clock, ours(), own, behind_gateway, Arc::clone(&metrics));
        let server = started.await.unwrap();
        let router = server.router();
        Shop {
            database,
            clock,
            router,
            issuer: issuer.to_owned(),
            metrics,
            behind_gateway,
            server: Some(server),
            directory,
        }
    }

    /// As after Ctrl-C and a new start: the same file, nothing else.
    pub async fn restart(self) -> Shop {
        let Shop { database, clock, router, issuer, metrics, behind_gateway, server, directory } = self;
        drop((router, server));
        database.close().await;
        let database = Database::open_sqlite(SqliteOptions::new(directory.path().join("auth.db"))).unwrap();
        database.migrate(&MIGRATIONS).await.unwrap();
        let own = hashing().await.0.clone();
        let started = start_with(&database, &clock, ours(), own, behind_gateway, Arc::clone(&metrics));
        let server = started.await.unwrap();
        let router = server.router();
        Shop { database, clock, router, issuer, metrics, behind_gateway, server: Some(server), directory }
    }

    pub fn file(&self) -> PathBuf {
        self.directory.path().join("auth.db")
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone(), &self.issuer)
    }

    /// A request without any cookie.
    pub async fn send(&self, call: Call) -> Answer {
        call.send(&self.router, &self.issuer, "").await
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn wait(&self, span: Span) {
        self.clock.wait(span);
    }

    pub async fn rows(&self, text: &'static str, values: &[Value]) -> Vec<Row> {
        self.database.read_rows(&Statement::new("TEST", text), values).await.unwrap()
    }

    pub async fn count(&self, text: &'static str) -> i64 {
        self.rows(text, &[]).await[0].get(0).unwrap()
    }

    /// Counts of all that a request could have added, ended or used up.
    pub async fn kept(&self) -> Vec<i64> {
        let mut counts = Vec::new();
        for what in [
            "SELECT count(*) FROM session",
            "SELECT count(*) FROM session WHERE ended_at IS NULL",
            "SELECT count(*) FROM oauth_grant",
            "SELECT count(*) FROM oauth_grant WHERE ended_at IS NULL",
            "SELECT count(*) FROM authorization_code",
            "SELECT count(*) FROM authorization_code WHERE redeemed_at IS NULL",
            "SELECT count(*) FROM pushed_authorization",
            "SELECT count(*) FROM sign_in_failure",
            "SELECT count(*) FROM audit_event",
            "SELECT count(*) FROM users",
        ] {
            counts.push(self.count(what).await);
        }
        counts
    }

    /// What is on record, oldest first.
    pub async fn audited(&self) -> Vec<String> {
        let rows = self.rows("SELECT kind FROM audit_event ORDER BY happened_at, rowid", &[]).await;
        rows.iter().map(|row| row.get(0).unwrap()).collect()
    }

    pub async fn public_keys(&self) -> Vec<PublicKey> {
        let document = self.send(Call::get("/oauth/jwks")).await.json();
        serde_json::from_value(document["keys"].clone()).unwrap()
    }

    async fn verified(&self, typ: &str, token: &str) -> Json {
        let id = PresentedToken::read(token).unwrap().header.kid.unwrap();
        let keys = self.public_keys().await;
        let key = keys.iter().find(|key| key.key_id() == id).expect("signed by a key that is not published");
        VerifyingKey::from_public(key).unwrap().verify(typ, &PresentedToken::read(token).unwrap()).unwrap()
    }

    /// The claims of an access token whose signature is right.
    pub async fn access_token(&self, answer: &Json) -> Json {
        self.verified(ACCESS_TOKEN, answer["access_token"].as_str().unwrap()).await
    }

    pub async fn id_token(&self, answer: &Json) -> Json {
        self.verified(ID_TOKEN, answer["id_token"].as_str().unwrap()).await
    }
}
