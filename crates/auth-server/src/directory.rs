//! What is configured: servers with their keys, roles and scopes in one immutable snapshot, clients in a bounded cache.
//!
//! 1. Every node asks for the generation each second ([`Directory::ask_generation`]); when it moved, clients are forgotten
//!    and servers read anew ([`Directory::follow`]).
//! 2. While it cannot be asked, clients are used for a minute ([`LONGEST_UNCONFIRMED`]): what an operator disabled meanwhile
//!    works no longer than that. Then they are read from the database, and where that fails the answer is a 503.
//! 3. Servers, with discovery and key sets, are used until it can be asked again: without them nobody could verify anything.

mod followed;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use auth_core::client::{Client, is_acceptable_client_id};
use auth_core::role::{Role, SecurityScope};
use auth_core::server::Server;
use auth_core::time::Timestamp;
use auth_core::token::algorithms;
use auth_protocol::id::ServerId;
use auth_protocol::jws::{Algorithm, SigningKey};
use auth_protocol::permission::Permission;
use auth_protocol::strict_transport;
use auth_store::{Database, Error};
use moka::Expiry;
use moka::future::Cache;
use telemetry::metrics::Metrics;
use telemetry::metrics::labels::{self, Lookup};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use crate::discovery::{self, Document};
use crate::environment::{Clock, Random};
use crate::keys::{self, KeyError, KeySource, MasterKeys, ServerKeys};
use crate::web::cookies::CookieNames;
use followed::Followed;

/// How long clients are used while nobody knows whether they changed.
const LONGEST_UNCONFIRMED: Duration = Duration::from_secs(60);
/// Unknown ids are remembered shortly, too; the bound on their number keeps a flood of them from growing.
const UNKNOWN_AGE: Duration = Duration::from_secs(30);
const MOST_CLIENTS: u64 = 10_000;

/// A server with all that is needed to serve a request of it.
pub struct ServerEntry {
    pub server: Server,
    pub keys: ServerKeys,
    pub scopes: Vec<SecurityScope>,
    roles: Vec<Role>,
    /// Where pages of enabled clients are: what a preflight may be told before the client is named.
    pub client_origins: HashSet<String>,
    /// `shop.example` or `localhost:8080`, as in a Host header.
    pub host: String,
    /// `https://shop.example`.
    pub origin: String,
    /// The issuer's path, without a slash at the end.
    pub base_path: String,
    pub cookies: CookieNames,
    pub discovery: Document,
    pub key_set: Document,
}

impl ServerEntry {
    /// The address of an endpoint, as a path of the public origin.
    pub fn path(&self, endpoint: &str) -> String {
        format!("{}{endpoint}", self.base_path)
    }

    /// Whether browsers are told to come by TLS alone.
    pub fn promises_tls(&self) -> bool {
        promises_tls(&self.origin, &self.host)
    }

    pub fn permissions_of(&self, role: &str) -> &[Permission] {
        self.roles.iter().find(|known| known.name == role).map_or(&[], |role| &role.permissions)
    }
}

fn promises_tls(origin: &str, host: &str) -> bool {
    let scheme = origin.split("://").next().unwrap_or_default();
    strict_transport::is_promised(scheme, host)
}

struct Snapshot {
    generation: i64,
    read_at: Timestamp,
    servers: Vec<Arc<ServerEntry>>,
}

impl Snapshot {
    /// Whether key sets are as they were: none changed with time, and the clock was not set back.
    fn holds(&self, now: Timestamp) -> bool {
        let mut retirements = self.servers.iter().filter_map(|entry| entry.keys.retires_at);
        now >= self.read_at && retirements.all(|retires_at| now < retires_at)
    }
}

/// The generation as it was some time after `at`.
pub struct Asked {
    generation: i64,
    at: Instant,
}

pub struct Directory {
    database: Database,
    master: MasterKeys,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    snapshot: ArcSwap<Snapshot>,
    /// Held while a key is made, so that many who need a first key make one.
    making_key: Mutex<()>,
    followed: Followed,
    /// By generation, too: what was read before a change is not taken for what came after.
    clients: Cache<(i64, ServerId, String), Option<Arc<Client>>>,
    metrics: Arc<Metrics>,
}

struct Ages;

impl<K> Expiry<K, Option<Arc<Client>>> for Ages {
    fn expire_after_create(&self, _: &K, client: &Option<Arc<Client>>, _: std::time::Instant) -> Option<Duration> {
        client.is_none().then_some(UNKNOWN_AGE)
    }
}

impl Directory {
    pub async fn load(
        database: Database,
        master: MasterKeys,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        metrics: Arc<Metrics>,
    ) -> Result<Self, KeyError> {
        let directory = Self {
            followed: Followed::since(clock.steady()),
            database,
            master,
            clock,
            random,
            snapshot: ArcSwap::from_pointee(Snapshot { generation: -1, read_at: Timestamp(0), servers: Vec::new() }),
            making_key: Mutex::new(()),
            clients: Cache::builder().max_capacity(MOST_CLIENTS).expire_after(Ages).build(),
            metrics,
        };
        directory.refresh().await?;
        // The first keys, if they were made just now, raised the generation.
        directory.refresh().await?;
        Ok(directory)
    }

    /// Reads everything anew if the generation moved, or a key retired.
    async fn refresh(&self) -> Result<(), KeyError> {
        let asked = self.ask_generation().await?;
        self.follow(asked).await
    }

    pub async fn ask_generation(&self) -> Result<Asked, Error> {
        let at = self.clock.steady();
        Ok(Asked { generation: auth_store::generation::read(&self.database).await?, at })
    }

    /// Forgets what is older than this generation, or holds a key that has retired.
    pub async fn follow(&self, Asked { generation, at }: Asked) -> Result<(), KeyError> {
        if !self.followed.confirm(generation, at) {
            return Ok(());
        }
        let snapshot = self.snapshot.load();
        if generation == snapshot.generation && snapshot.holds(self.clock.now()) {
            return Ok(());
        }
        self.clients.invalidate_all();
        self.reload(generation).await
    }

    async fn reload(&self, generation: i64) -> Result<(), KeyError> {
        // First: what is at hand then opens whatever was sealed before.
        self.master.read_anew();
        // One moment for all of it: a snapshot that is partly of a later one would not be known to be wrong when the clock is
        // set back.
        let read_at = self.clock.now();
        let mut servers = Vec::new();
        for server in auth_store::server::all(&self.database).await? {
            servers.push(Arc::new(self.entry(server, read_at).await?));
        }
        self.snapshot.store(Arc::new(Snapshot { generation, read_at, servers }));
        // Clients of the same moment, also when the servers were read for another reason than a higher number.
        self.clients.invalidate_all();
        Ok(())
    }

    async fn entry(&self, server: Server, now: Timestamp) -> Result<ServerEntry, KeyError> {
        let keys = ServerKeys::load(&self.key_source(), &server, now).await?;
        let scopes = auth_store::role::scopes(&self.database, server.id).await?;
        let roles = auth_store::role::roles(&self.database, server.id).await?;
        let client_origins = auth_store::client::origins(&self.database, server.id).await?;
        let issuer = Url::parse(&server.issuer).map_err(|_| KeyError::Issuer(server.issuer.clone()))?;
        let origin = issuer.origin().ascii_serialization();
        let host = origin.split_once("://").map(|(_, host)| host.to_owned()).unwrap_or_default();
        let base_path = issuer.path().trim_end_matches('/').to_owned();
        let cookies = CookieNames::of(&issuer);
        let promise_tls = promises_tls(&origin, &host);
        let discovery = Document::new(discovery::document(&server, &scopes), promise_tls);
        let key_set = Document::new(keys.key_set.clone(), promise_tls);
        Ok(ServerEntry {
            server,
            keys,
            scopes,
            roles,
            client_origins,
            host,
            origin,
            base_path,
            cookies,
            discovery,
            key_set,
        })
    }

    pub(crate) fn key_source(&self) -> KeySource<'_> {
        KeySource {
            database: &self.database,
            master: &self.master,
            clock: self.clock.as_ref(),
            random: self.random.as_ref(),
        }
    }

    /// The server whose issuer has this host and the longest path that `path` starts with, and the rest of the path.
    pub fn find<'p>(&self, host: &str, path: &'p str) -> Option<(Arc<ServerEntry>, &'p str)> {
        let snapshot = self.snapshot.load();
        snapshot
            .servers
            .iter()
            .filter(|entry| entry.host.eq_ignore_ascii_case(host))
            .filter_map(|entry| {
                let rest = path.strip_prefix(&entry.base_path)?;
                (rest.is_empty() || rest.starts_with('/')).then_some((entry, rest))
            })
            .max_by_key(|(entry, _)| entry.base_path.len())
            .map(|(entry, rest)| (Arc::clone(entry), rest))
    }

    pub fn servers(&self) -> Vec<Arc<ServerEntry>> {
        self.snapshot.load().servers.clone()
    }

    /// An enabled client.
    pub async fn client(&self, server: ServerId, client_id: &str) -> Result<Option<Arc<Client>>, Error> {
        if !is_acceptable_client_id(client_id) {
            return Ok(None);
        }
        let key = (self.followed.generation(), server, client_id.to_owned());
        let is_confirmed = self.followed.age(self.clock.steady()) <= LONGEST_UNCONFIRMED;
        if is_confirmed && let Some(known) = self.clients.get(&key).await {
            self.metrics.cache_lookups.add((labels::Cache::Clients, Lookup::Hit));
            return Ok(known);
        }
        self.metrics.cache_lookups.add((labels::Cache::Clients, Lookup::Miss));
        let found = auth_store::client::find(&self.database, server, client_id, self.clock.now()).await?;
        let client = found.filter(|client| client.enabled).map(Arc::new);
        if let Some(client) = &client {
            self.make_keys_for(server, client).await;
        }
        self.clients.insert(key, client.clone()).await;
        Ok(client)
    }

    /// Makes the keys that this client's tokens will be signed with, so that they are published before. Who only asks for
    /// the client need not suffer when that fails: [`Self::signing_key`] tries again, and tells.
    async fn make_keys_for(&self, server: ServerId, client: &Client) {
        let Some(entry) = self.servers().into_iter().find(|entry| entry.server.id == server) else { return };
        let now = self.clock.now();
        for algorithm in algorithms(&entry.server.settings, &client.settings) {
            if let Err(error) = self.signing_key(&entry, algorithm, now).await {
                tracing::warn!(
                    ?error,
                    algorithm = algorithm.name(),
                    server = entry.server.name,
                    "no key could be made"
                );
            }
        }
    }

    /// Whether each server has a key that signs its access tokens now.
    pub fn has_keys(&self, now: Timestamp) -> bool {
        let snapshot = self.snapshot.load();
        snapshot
            .servers
            .iter()
            .all(|entry| entry.keys.signing(entry.server.settings.access_token_algorithm, now).is_some())
    }

    /// The key that signs with this algorithm now; the first that asks for an algorithm has its key made.
    pub async fn signing_key(
        &self,
        entry: &ServerEntry,
        algorithm: Algorithm,
        now: Timestamp,
    ) -> Result<Arc<SigningKey>, KeyError> {
        if let Some(key) = entry.keys.signing(algorithm, now) {
            return Ok(Arc::clone(key));
        }
        let _making = self.making_key.lock().await;
        if let Some(key) = self.latest_signing_key(entry.server.id, algorithm, now) {
            return Ok(key);
        }
        keys::make_first(&self.key_source(), entry.server.id, algorithm).await?;
        self.reload(self.snapshot.load().generation).await?;
        self.latest_signing_key(entry.server.id, algorithm, now).ok_or(KeyError::Generation)
    }

    fn latest_signing_key(&self, server: ServerId, algorithm: Algorithm, now: Timestamp) -> Option<Arc<SigningKey>> {
        let snapshot = self.snapshot.load();
        snapshot.servers.iter().find(|entry| entry.server.id == server)?.keys.signing(algorithm, now).cloned()
    }
}
