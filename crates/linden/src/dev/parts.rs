//! The parts in one process, each reached by HTTP under an internal name. What a part is built from is in [`crate::parts`].

use std::sync::Arc;

use anyhow::Result;
use auth_protocol::forwarding::TrustedProxies;
use auth_server::password_hashing::PasswordHashing;
use auth_server::{AuthServer, Forwarding, FromGateway, MasterKeys};
use database::Database;
use gateway::Upstreams;
use gateway::upstream::{Client, MemoryRegistry, Upstream};
use telemetry::metrics::Metrics;

use super::page::Recorder;
use crate::parts::{
    AuthPart, ClientSecretKey, GatewayPart, RunningGateway, RunningServices, ServiceName, ServicesPart,
};

const AUTH: &str = "auth.linden.internal";
const TENANT_RESOLVER: &str = "tenant-resolver.linden.internal";

pub struct Parts {
    pub auth: Database,
    pub commerce: Database,
    pub master_keys: MasterKeys,
    pub hashing: PasswordHashing,
    pub trusted_proxies: TrustedProxies,
    pub scheme: &'static str,
    pub metrics: Arc<Metrics>,
    /// Learns why a part refuses something.
    pub recorder: Recorder,
}

pub struct Started {
    pub gateway: RunningGateway,
    auth: AuthServer,
    services: RunningServices,
}

impl Started {
    /// Ends the background jobs, so that the next start goes on with them at once.
    pub async fn end(self) {
        tokio::join!(self.services.end(), self.auth.end());
    }
}

pub async fn start(parts: Parts) -> Result<Started> {
    let secrets = ClientSecretKey::of(&parts.master_keys.ring().current)?.secrets();
    let memory = MemoryRegistry::default();
    let client = Client::new(memory.clone())?;
    let recorded = |name, router| parts.recorder.of_part(name, router);

    let auth = AuthPart {
        database: parts.auth,
        master_keys: parts.master_keys,
        hashing: parts.hashing,
        forwarding: Forwarding { gateway: FromGateway::ThisProcess, ..Forwarding::default() },
        metrics: Arc::clone(&parts.metrics),
    };
    let auth = auth.start().await?;
    memory.register(AUTH, recorded("auth", auth.router()));

    let services = ServicesPart {
        database: parts.commerce,
        client: client.clone(),
        gateway: FromGateway::ThisProcess,
        metrics: Arc::clone(&parts.metrics),
        auth: Some(Upstream::at(AUTH)?),
    };
    let services = services.start().await?;
    memory.register(TENANT_RESOLVER, services.resolver());
    let mut reached = Vec::new();
    for service in ServiceName::ALL {
        let (name, at) = (service.name(), format!("{}.linden.internal", service.name()));
        memory.register(&at, recorded(name, services.router(service)));
        reached.push((name.to_owned(), Upstream::at(&at)?));
    }

    let gateway = GatewayPart {
        client,
        upstreams: Upstreams {
            auth: Upstream::at(AUTH)?,
            tenant_resolver: Upstream::at(TENANT_RESOLVER)?,
            services: reached.into_iter().collect(),
        },
        secrets,
        scheme: parts.scheme,
        trusted_proxies: parts.trusted_proxies,
        metrics: parts.metrics,
    };
    let gateway = gateway.start_with(services.guard.clone());
    Ok(Started { gateway, auth, services })
}
