use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use auth_protocol::forwarding::TrustedProxies;
use auth_server::{Forwarding, FromGateway};
use clap::Args;
use telemetry::metrics::labels;

use super::listener::{Listener, tls, until_signalled};
use crate::config::{ConfigOptions, Configuration, DatabaseSection, DatabaseUrl};
use crate::data_directory::{DataDirectory, Lock};
use crate::log;
use crate::management::Management;
use crate::metrics::{self, Watched};
use crate::parts::{AuthPart, Store, measured_password_hashing, open};
use crate::serve::{NotReady, Readiness, Signals};

#[derive(Debug, Args)]
pub struct AuthOptions {
    #[command(flatten)]
    config: ConfigOptions,
}

pub async fn run(options: AuthOptions) -> Result<()> {
    let signals = Signals::expected()?;
    let configuration = options.config.load()?;
    let section = configuration.auth()?;
    log::set_up(&configuration.log);

    let master_keys = configuration.master_keys()?;
    let networks = section.trusted_proxies.iter().chain(section.gateways.iter()).chain(section.services.iter());
    let peers = TrustedProxies::new(networks.collect());
    let tls = tls(&configuration, section.tls.as_ref())?;
    let listener = Listener::bind(&section.listen.get_ref().addresses(), tls, &section.limits, peers).await?;
    let management = Management::bind(section.management.as_ref().map(|address| address.get_ref().0)).await?;
    let _lock = lock(&configuration, section.database.get_ref(), &listener)?;
    let database = open(&configuration, section.database.get_ref(), Store::Auth).await?;
    let metrics = metrics::new();
    database.measure(metrics.storage(labels::Store::Auth));
    let part = AuthPart {
        database: database.clone(),
        master_keys,
        hashing: measured_password_hashing(&metrics)?,
        forwarding: Forwarding {
            gateway: FromGateway::Networks(section.gateways.trusted()),
            proxies: section.trusted_proxies.trusted(),
        },
        metrics: Arc::clone(&metrics),
    };
    let server = part.start().await?;

    let ready =
        std::iter::once(format!("linden auth ready at {}", listener.origin()?)).chain(management.whereabouts()?);
    let public = vec![listener.served(server.router())];
    let has_keys = server.has_keys();
    let checks = |readiness: Readiness| {
        let readiness = readiness.with_database("auth database", &database, &auth_store::MIGRATIONS);
        readiness.with("keys", Duration::from_secs(1), move || {
            let missing = NotReady::new("are missing for an authorization server", "none is loaded");
            std::future::ready(if has_keys() { Ok(()) } else { Err(missing) })
        })
    };
    let watched = Watched { stores: vec![(labels::Store::Auth, database.clone())], ..Watched::default() };
    let serving = management.start(public, checks, metrics, watched);
    until_signalled(serving, ready, signals).await;
    server.end().await;
    database.close().await;
    Ok(())
}

/// On SQLite one authorization server serves at a time.
fn lock(configuration: &Configuration, database: &DatabaseSection, listener: &Listener) -> Result<Option<Lock>> {
    let DatabaseUrl::Sqlite(path) = configuration.database_url(database)? else { return Ok(None) };
    let path = configuration.path(&path);
    let beside = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut lock = DataDirectory::existing(beside)?.lock()?;
    lock.note_address(&listener.origin()?)?;
    Ok(Some(lock))
}
