use std::sync::Arc;

use anyhow::Result;
use auth_protocol::forwarding::FromGateway;
use clap::Args;
use telemetry::metrics::labels;

use super::listener::{Listener, tls, until_signalled};
use crate::config::ConfigOptions;
use crate::log;
use crate::management::Management;
use crate::metrics::{self, Watched};
use crate::parts::{Peers, ServiceName, ServicesPart, Store, client, open};
use crate::serve::{Readiness, Signals};

#[derive(Debug, Args)]
pub struct ServicesOptions {
    /// Which services run; all when none is named
    #[arg(value_name = "SERVICE")]
    names: Vec<ServiceName>,
    #[command(flatten)]
    config: ConfigOptions,
}

pub async fn run(options: ServicesOptions) -> Result<()> {
    let signals = Signals::expected()?;
    let configuration = options.config.load()?;
    let section = configuration.services()?;
    log::set_up(&configuration.log);

    let names = if options.names.is_empty() { ServiceName::ALL.to_vec() } else { options.names };
    let tls = tls(&configuration, section.tls.as_ref())?;
    let (addresses, peers) = (section.listen.get_ref().addresses(), section.gateways.trusted());
    let listener = Listener::bind(&addresses, tls.clone(), &section.limits, peers.clone()).await?;
    let resolver = match section.resolver.as_ref().filter(|_| names.contains(&ServiceName::Tenant)) {
        Some(address) => Some(Listener::bind(&[address.get_ref().0], tls, &section.limits, peers.clone()).await?),
        None => None,
    };
    let management = Management::bind(section.management.as_ref().map(|address| address.get_ref().0)).await?;
    let database = open(&configuration, section.database.get_ref(), Store::Commerce).await?;
    let metrics = metrics::new();
    database.measure(metrics.storage(labels::Store::Commerce));
    let part = ServicesPart {
        database: database.clone(),
        client: client(&configuration, section.certificate_authority.as_ref())?,
        gateway: FromGateway::Networks(peers.clone()),
        metrics: Arc::clone(&metrics),
        auth: section.auth.as_ref().map(|auth| auth.get_ref().upstream()).transpose()?,
    };
    let services = part.start().await?;

    let mut ready = vec![format!("linden services ready at {}", listener.origin()?)];
    let mut public = vec![listener.served(services.routers(&names))];
    if let Some(resolver) = resolver {
        ready.push(format!("linden tenant resolver ready at {}", resolver.origin()?));
        // Whatever the connection is, it demands no token: gateways alone may ask.
        public.push(resolver.served(Peers::only(peers).before(services.resolver())));
    }
    ready.extend(management.whereabouts()?);
    let checks = |readiness: Readiness| readiness.with_database("commerce database", &database, &commerce::MIGRATIONS);
    let stores = vec![(labels::Store::Commerce, database.clone())];
    let watched = Watched { stores, guard: Some(services.guard.clone()), ..Watched::default() };
    let serving = management.start(public, checks, metrics, watched);
    until_signalled(serving, ready, signals).await;
    services.end().await;
    database.close().await;
    Ok(())
}
