use std::sync::Arc;

use anyhow::Result;
use clap::Args;

use super::listener::{Listener, tls, until_signalled};
use crate::config::ConfigOptions;
use crate::log;
use crate::management::Management;
use crate::metrics::{self, Watched};
use crate::parts::{GatewayPart, client};
use crate::serve::Signals;

#[derive(Debug, Args)]
pub struct GatewayOptions {
    #[command(flatten)]
    config: ConfigOptions,
}

pub async fn run(options: GatewayOptions) -> Result<()> {
    let mut signals = Signals::expected()?;
    let configuration = options.config.load()?;
    let section = configuration.gateway()?;
    log::set_up(&configuration.log);

    let tls = tls(&configuration, section.tls.as_ref())?;
    let (addresses, peers) = (section.listen.get_ref().addresses(), section.trusted_proxies.trusted());
    let listener = Listener::bind(&addresses, tls, &section.limits, peers.clone()).await?;
    let management = Management::bind(section.management.as_ref().map(|address| address.get_ref().0)).await?;
    let metrics = metrics::new();
    let upstreams = section.upstreams.get_ref();
    let part = GatewayPart {
        client: client(&configuration, upstreams.certificate_authority.as_ref())?,
        upstreams: upstreams.upstreams()?,
        secrets: configuration.client_secret_key()?.secrets(),
        scheme: section.public_scheme.get_ref().name(),
        trusted_proxies: peers,
        metrics: Arc::clone(&metrics),
    };
    let gateway = tokio::select! {
        gateway = part.start() => gateway,
        () = signals.next() => return Ok(()),
    };

    let ready =
        std::iter::once(format!("linden gateway ready at {}", listener.origin()?)).chain(management.whereabouts()?);
    let public = vec![listener.served(gateway.router.clone())];
    let watched = Watched { guard: Some(gateway.guard.clone()), ..Watched::default() };
    let serving = management.start(public, |readiness| readiness, metrics, watched);
    until_signalled(serving, ready, signals).await;
    Ok(())
}
