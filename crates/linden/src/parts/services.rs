use std::sync::Arc;

use anyhow::Result;
use auth_protocol::forwarding::FromGateway;
use auth_server::environment::{Clock, SystemClock};
use axum::Router;
use clap::ValueEnum;
use commerce::Services;
use database::Database;
use gateway::upstream::{Client, Upstream};
use resource_guard::Guard;
use telemetry::metrics::Metrics;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::fill;
use super::issuers::{self, IssuerSource};
use super::key_sets::KeySets;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ServiceName {
    Tenant,
    Customer,
    Cart,
}

impl ServiceName {
    pub const ALL: [ServiceName; 3] = [ServiceName::Tenant, ServiceName::Customer, ServiceName::Cart];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Customer => "customer",
            Self::Cart => "cart",
        }
    }
}

/// What the services are built from.
pub struct ServicesPart {
    pub database: Database,
    pub client: Client,
    /// Whose word counts on who asks, and under which id.
    pub gateway: FromGateway,
    pub metrics: Arc<Metrics>,
    /// Where authorization servers are asked for keys, when not at their public address.
    pub auth: Option<Upstream>,
}

/// Dropping it stops the background jobs; [`RunningServices::end`] lets other nodes go on with them at once.
pub struct RunningServices {
    services: Services,
    pub guard: Guard,
    jobs: AbortOnDropHandle<()>,
    ending: CancellationToken,
    _following: AbortOnDropHandle<()>,
}

impl ServicesPart {
    pub async fn start(self) -> Result<RunningServices> {
        let source = IssuerSource::Database(self.database.clone());
        let issuers = source.read().await?;
        let keys = KeySets { client: self.client, auth: self.auth };
        let (guard, following) = issuers::guard(source, issuers, keys, Arc::clone(&self.metrics));
        let services = Services {
            database: self.database,
            guard: guard.clone(),
            clock: Arc::new(|| SystemClock.now().0),
            random: Arc::new(fill),
            gateway: Arc::new(self.gateway),
            metrics: self.metrics,
        };
        let ending = CancellationToken::new();
        let jobs = commerce::jobs::run(services.clone(), ending.clone().cancelled_owned());
        let jobs = AbortOnDropHandle::new(tokio::spawn(jobs));
        Ok(RunningServices { services, guard, jobs, ending, _following: following })
    }
}

impl RunningServices {
    pub async fn end(self) {
        self.ending.cancel();
        self.jobs.await.ok();
    }

    pub fn router(&self, service: ServiceName) -> Router {
        let services = self.services.clone();
        match service {
            ServiceName::Tenant => commerce::tenant::router(services),
            ServiceName::Customer => commerce::customer::router(services),
            ServiceName::Cart => commerce::cart::router(services),
        }
    }

    /// Each below its name.
    pub fn routers(&self, names: &[ServiceName]) -> Router {
        names
            .iter()
            .fold(Router::new(), |router, name| router.nest_service(&format!("/{}", name.name()), self.router(*name)))
    }

    /// For gateways alone.
    pub fn resolver(&self) -> Router {
        commerce::tenant::internal_router(self.services.clone())
    }
}
