//! The tenant, customer and cart services: small, real, and the example of how `resource-guard` secures a service.
//!
//! A request goes through these steps, in each service alike:
//!
//! 1. `web/service.rs`: a request id, then the guard: who calls? (`routes.rs` of the service lists every URL with what it
//!    demands.)
//! 2. The endpoint reads its input into types that cannot hold a wrong value (`web/`, and the rules of the service).
//! 3. A policy of the service's `policy.rs` gives a permit.
//! 4. The store takes the permit, and finds tenant and owner in it.
//!
//! The services share one database and may each run alone. What declares their data is in [`apply`].

pub mod apply;
mod audit;
pub mod cart;
pub mod customer;
pub mod export;
mod generation;
pub mod jobs;
mod migrations;
mod row;
#[cfg(test)]
mod schema_rules;
mod services;
pub mod tenant;
mod text;
pub mod trusted_issuer;
mod web;

pub use audit::retention::sweep;
pub use generation::generation;
pub use migrations::MIGRATIONS;
pub use services::{Clock, Random, Services};
pub use text::WrongText;
pub use web::routes::Endpoint;

/// Every statement, for the test that prepares them on both engines.
#[cfg(test)]
fn statements() -> Vec<&'static database::Statement> {
    [
        &audit::statements(),
        export::STATEMENTS,
        generation::STATEMENTS,
        database::LEASE_STATEMENTS,
        tenant::store::STATEMENTS,
        trusted_issuer::STATEMENTS,
        customer::store::STATEMENTS,
        &cart::store::statements(),
        &apply::statements(),
    ]
    .concat()
}
