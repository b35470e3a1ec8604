//! `linden dev`: the whole system in one process on one port, with a demo shop.
//!
//! 1. The address is checked and bound, so that the port and with it the shop's origin are known.
//! 2. The data directory is locked, its databases opened and migrated.
//! 3. The demo and the files given with `--with` are applied; what is there already stays.
//! 4. The parts are started and registered under internal names; the gateway reaches them by HTTP over memory.
//! 5. One guest call goes all the way through gateway, token, service and database; then it is ready, and says so.
//! 6. Ctrl-C or SIGTERM: no new connections, what is under way finishes, the databases are closed.

mod files;
mod options;
mod page;
mod parts;
mod ready;

pub use files::variables;
pub use options::DevOptions;

use std::sync::Arc;

use anyhow::{Context, Result};
use auth_protocol::forwarding::TrustedProxies;
use auth_server::environment::{Clock, SystemClock};
use telemetry::metrics::labels::Store;

use crate::apply;
use crate::data_directory::DataDirectory;
use crate::management::Management;
use crate::metrics::{self, Watched};
use crate::parts::{ClientSecretKey, measured_password_hashing};
use crate::serve::{self, CertificateFiles, Readiness, Served, Signals, Tls};

pub async fn run(options: DevOptions) -> Result<()> {
    options.check()?;
    let mut signals = Signals::expected()?;
    let directory = DataDirectory::create(&options.data_dir)?;
    let mut lock = directory.lock()?;
    let tls = match (&options.tls_certificate, &options.tls_key) {
        (Some(certificate), Some(key)) => {
            let files = CertificateFiles { certificate: certificate.clone(), key: key.clone() };
            Some(Tls::load(files, Arc::new(SystemClock))?)
        }
        _ => None,
    };
    let bound = serve::bind(&options.addresses()).await?;
    let management = Management::bind(options.management).await?;
    let operators_at = management.whereabouts()?;
    let origin = options.origin(bound.port);
    lock.note_origin(&origin)?;

    let master_keys = directory.master_keys(true)?;
    let (auth, commerce) = (directory.auth().await?, directory.commerce().await?);
    let metrics = metrics::new();
    auth.measure(metrics.storage(Store::Auth));
    commerce.measure(metrics.storage(Store::Commerce));
    let hashing = measured_password_hashing(&metrics)?;
    let sources = files::sources(&options)?;
    let environment = apply::Environment {
        hashing: hashing.clone(),
        derive_secret: ClientSecretKey::of(&master_keys.ring().current)?.secrets(),
        now: SystemClock.now(),
    };
    let declaration = apply::load(&sources, &files::variables(&origin))?;
    let report = apply::run(&declaration, &auth, &commerce, &environment).await?;
    for secret in &report.generated_secrets {
        eprintln!("new secret of client {}: {}", secret.client_id, secret.secret);
    }

    let recorder = page::Recorder::default();
    let started = parts::start(parts::Parts {
        auth: auth.clone(),
        commerce: commerce.clone(),
        master_keys,
        hashing,
        trusted_proxies: TrustedProxies::new(options.trusted_proxies.clone()),
        scheme: if origin.starts_with("https:") { "https" } else { "http" },
        recorder: recorder.clone(),
        metrics: Arc::clone(&metrics),
    })
    .await?;
    let demo_passwords = files::demo_passwords(&declaration);
    let page = page::DevPage { origin: origin.clone(), auth: auth.clone(), recorder, demo_passwords };
    let router = page::before(page, started.gateway.router.clone());
    let served = Served { tls, ..Served::new(bound.listeners, router) };
    let watched = Watched {
        stores: vec![(Store::Auth, auth.clone()), (Store::Commerce, commerce.clone())],
        guard: Some(started.gateway.guard.clone()),
        ..Watched::default()
    };
    let checks = |readiness: Readiness| {
        let readiness = readiness.with_database("auth database", &auth, &auth_store::MIGRATIONS);
        readiness.with_database("commerce database", &commerce, &commerce::MIGRATIONS)
    };
    let serving = management.start(vec![served], checks, metrics, watched);

    let told = async {
        ready::guest_call(&started.gateway.router, &origin).await.context("the shop did not answer its first guest")?;
        println!("linden ready at {origin}");
        if page::is_shown(&origin) {
            println!("requests, and why they were refused: {origin}/dev");
        }
        if let Some(whereabouts) = operators_at {
            println!("{whereabouts}");
        }
        if !options::is_public(&options) {
            eprint!("{}", files::sign_ins(&declaration));
        }
        signals.next().await;
        Ok(())
    };
    let told: Result<()> = told.await;
    serving.end(signals.next()).await;
    started.end().await;
    auth.close().await;
    commerce.close().await;
    drop(lock);
    told
}
