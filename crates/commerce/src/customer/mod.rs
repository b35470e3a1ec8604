//! Customers and their accounts: companies that they are members of, with roles that count only there.

mod accounts;
mod customers;
mod policy;
mod profile;
mod routes;
pub(crate) mod store;

use axum::Router;
use telemetry::metrics::labels::CalledPart;

use crate::{Endpoint, Services};

/// The service, at paths without a prefix.
pub fn router(services: Services) -> Router {
    routes::routes().guarded(services, CalledPart::Customer)
}

/// Every URL of the service and what it demands.
pub fn endpoints() -> Vec<Endpoint> {
    routes::routes().endpoints
}
