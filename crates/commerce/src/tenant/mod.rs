//! Tenants and their applications (storefronts): which one is a request for?
//!
//! Services and storefronts ask with a token, and see their own tenant's applications ([`router`]). The gateway must know
//! the application before it can have a token, so it asks on an internal address, and is told more ([`internal_router`]).

mod applications;
mod host;
mod internal;
mod model;
mod policy;
mod resolution;
mod routes;
pub(crate) mod store;

use axum::Router;
use telemetry::metrics::labels::CalledPart;

use crate::{Endpoint, Services};

pub(crate) use host::HostName;
pub use model::{Application, IdentifierType};
pub(crate) use resolution::{Candidate, ambiguous};

/// The service, at paths without a prefix.
pub fn router(services: Services) -> Router {
    routes::routes().guarded(services, CalledPart::Tenant)
}

/// `GET /internal/applications/resolve?host=&path=&application=&token=` answers an [`Application`] as JSON,
/// `GET /internal/hosts?host=` what tells the host's applications apart: `{ issuers, origins, contextPaths, takesParameter }`,
/// `GET /internal/generation` the number that rises when these answers change: `{ generation }`.
/// `GET /internal/issuers` every issuer whose tokens count.
/// Without a token: serve it where the gateway alone can reach it.
pub fn internal_router(services: Services) -> Router {
    routes::internal_routes().unguarded(services, CalledPart::TenantResolver)
}

/// Every URL of the service and what it demands.
pub fn endpoints() -> Vec<Endpoint> {
    routes::routes().endpoints
}
