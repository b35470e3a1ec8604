//! The parts in one process: authorization server, services and gateway, each reached by HTTP under an internal name.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use auth_protocol::forwarding::TrustedProxies;
use auth_protocol::id::AccountId;
use auth_server::environment::{Clock, Random, SystemClock, SystemRandom};
use auth_server::password_hashing::PasswordHashing;
use auth_server::{AuthServer, AuthServerConfig, Forwarding, FromGateway, MasterKey};
use axum::Router;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use commerce::Services;
use database::Database;
use futures::future::BoxFuture;
use gateway::upstream::{CallLimits, Client, MemoryRegistry, Upstream};
use gateway::{AccountReader, FileSource, Gateway, GatewayConfig, Limits, ServedFile, Upstreams};
use http::{Request, Uri};
use resource_guard::{FetchError, Guard, GuardOptions, TrustedIssuer};
use tokio_util::task::AbortOnDropHandle;

use super::page::Recorder;
use crate::storefront::Storefront;

const AUTH: &str = "auth.linden.internal";
const TENANT: &str = "tenant.linden.internal";
const TENANT_RESOLVER: &str = "tenant-resolver.linden.internal";
const CUSTOMER: &str = "customer.linden.internal";
const CART: &str = "cart.linden.internal";
/// How stale what is cached of the configuration may be.
const FOLLOW: Duration = Duration::from_secs(1);
/// Between two batches of what is too old to be kept.
const SWEEP: Duration = Duration::from_secs(60);

pub struct Parts {
    pub auth: Database,
    pub commerce: Database,
    pub master_key: MasterKey,
    pub hashing: PasswordHashing,
    pub trusted_proxies: TrustedProxies,
    pub scheme: &'static str,
    /// Learns why a part refuses something.
    pub recorder: Recorder,
}

/// Dropping it stops the background jobs.
pub struct Started {
    pub router: Router,
    _auth: AuthServer,
    _issuers: AbortOnDropHandle<()>,
    _sweeping: AbortOnDropHandle<()>,
}

/// A client's derived secret, by its server's issuer and its id: two servers may have a client of one name.
pub type Secrets = Arc<dyn Fn(&str, &str) -> Option<String> + Send + Sync>;

pub fn password_hashing() -> Result<PasswordHashing> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(PasswordHashing::start(threads)?)
}

/// Secrets that the gateway and the configuration share without anybody keeping them.
pub fn secrets(master_key: &MasterKey) -> Result<Secrets> {
    let root = MasterKey::new(master_key.derive("client secrets")?)?;
    Ok(Arc::new(move |issuer, client_id| {
        // Neither holds a space, so that no two pairs make one text.
        let secret = root.derive(&format!("client secret of {client_id} at {issuer}")).ok()?;
        Some(URL_SAFE_NO_PAD.encode(secret))
    }))
}

fn epoch_seconds() -> i64 {
    SystemClock.now().seconds()
}

fn fill(bytes: &mut [u8]) {
    SystemRandom.fill(bytes);
}

pub async fn start(parts: Parts) -> Result<Started> {
    let secret_of = secrets(&parts.master_key)?;
    let memory = MemoryRegistry::default();
    let client = Client::new(memory.clone())?;

    let auth = AuthServer::start(AuthServerConfig {
        database: parts.auth.clone(),
        master_key: parts.master_key,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        hashing: parts.hashing,
        forwarding: Forwarding { gateway: FromGateway::ThisProcess, ..Forwarding::default() },
    })
    .await?;
    memory.register(AUTH, parts.recorder.of_part("auth", auth.router()));

    let fetch = client.clone();
    let guard = Guard::new(GuardOptions {
        issuers: issuers(&parts.auth).await?,
        fetch: Arc::new(move |url: String| key_set(fetch.clone(), url)),
        clock: Arc::new(epoch_seconds),
    });
    let sweeping = AbortOnDropHandle::new(tokio::spawn(sweep(parts.commerce.clone())));
    let services = Services {
        database: parts.commerce,
        guard: guard.clone(),
        clock: Arc::new(|| SystemClock.now().0),
        random: Arc::new(fill),
    };
    let recorded = |name, router| parts.recorder.of_part(name, router);
    memory.register(TENANT, recorded("tenant", commerce::tenant::router(services.clone())));
    memory.register(TENANT_RESOLVER, commerce::tenant::internal_router(services.clone()));
    memory.register(CUSTOMER, recorded("customer", commerce::customer::router(services.clone())));
    memory.register(CART, recorded("cart", commerce::cart::router(services)));

    let named = [("tenant", TENANT), ("customer", CUSTOMER), ("cart", CART)];
    let gateway = Gateway::new(GatewayConfig {
        client,
        upstreams: Upstreams {
            auth: Upstream::at(AUTH)?,
            tenant_resolver: Upstream::at(TENANT_RESOLVER)?,
            services: named.into_iter().map(reached).collect::<Result<_>>()?,
        },
        secret_of,
        accounts: Arc::new(Accounts(guard.clone())),
        files: Arc::new(EmbeddedFiles),
        clock: Arc::new(epoch_seconds),
        random: Arc::new(fill),
        scheme: parts.scheme,
        trusted_proxies: parts.trusted_proxies,
        limits: Limits { application_age: FOLLOW, ..Limits::default() },
    });
    let following = AbortOnDropHandle::new(tokio::spawn(follow_issuers(parts.auth, guard)));
    Ok(Started { router: gateway.router(), _auth: auth, _issuers: following, _sweeping: sweeping })
}

/// A service, and where it is reached.
fn reached((name, at): (&str, &str)) -> Result<(String, Upstream)> {
    Ok((name.to_owned(), Upstream::at(at)?))
}

async fn issuers(auth: &Database) -> Result<Vec<TrustedIssuer>, auth_store::Error> {
    let servers = auth_store::server::all(auth).await?;
    let trusted = servers.into_iter().map(|server| TrustedIssuer {
        key_set_url: format!("{}/oauth/jwks", server.issuer),
        issuer: server.issuer,
        audience: server.settings.api_audience,
        tenant_id: server.tenant_id,
    });
    Ok(trusted.collect())
}

/// Issuers come and go with the configuration.
async fn follow_issuers(auth: Database, guard: Guard) {
    let mut known = Vec::new();
    loop {
        match issuers(&auth).await {
            Ok(found) if found != known => {
                guard.trust(found.clone());
                known = found;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(?error, "the issuers could not be read"),
        }
        tokio::time::sleep(FOLLOW).await;
    }
}

async fn sweep(commerce: Database) {
    loop {
        match commerce::sweep(&commerce, SystemClock.now().0).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "swept old audit events"),
            Err(error) => tracing::warn!(?error, "old audit events could not be swept"),
        }
        tokio::time::sleep(SWEEP).await;
    }
}

/// An issuer's key set lies at its public address; within this process it is asked for under the internal name.
async fn key_set(client: Client, url: String) -> Result<Bytes, FetchError> {
    let failed = |error: &dyn std::fmt::Display| FetchError::new(error.to_string());
    let uri: Uri = url.parse().map_err(|error| failed(&error))?;
    let host = uri.authority().map(ToString::to_string).unwrap_or_default();
    let request = Request::get(format!("http://{AUTH}{}", uri.path()))
        .header("x-forwarded-host", host)
        .body(Body::empty())
        .map_err(|error| failed(&error))?;
    let answer = client.call(request, CallLimits::default()).await.map_err(|error| failed(&error))?;
    if !answer.status().is_success() {
        return Err(failed(&answer.status()));
    }
    Ok(answer.into_body())
}

struct Accounts(Guard);

impl AccountReader for Accounts {
    fn account<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Option<AccountId>> {
        Box::pin(async move { self.0.verify(token).await.ok()?.account_id() })
    }
}

struct EmbeddedFiles;

impl FileSource for EmbeddedFiles {
    fn get(&self, path: &str) -> Option<ServedFile> {
        let file = Storefront::get(path)?;
        Some(ServedFile { hash: URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash()), bytes: file.data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_secret_is_of_one_issuer_and_client_and_the_same_at_every_start() {
        let start = || secrets(&MasterKey::new([7; 32]).unwrap()).unwrap();
        let (first, second) = (start(), start());
        let secret = first("https://shop.example/auth", "gateway").unwrap();
        assert_eq!(second("https://shop.example/auth", "gateway"), Some(secret.clone()));
        assert_ne!(first("https://shop.example/auth/s/trade", "gateway").unwrap(), secret);
        assert_ne!(first("https://shop.example/auth", "gateway2").unwrap(), secret);
    }
}
