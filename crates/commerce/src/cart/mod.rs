//! Item lists: a customer's own, private ones, and the shop's public ones.
//!
//! A customer's list is seen and changed by that customer alone. A public list belongs to nobody: whoever may read item
//! lists at all reads it, guests included, and only a declaration ([`crate::apply`]) changes it.

mod item_changes;
mod item_list;
mod items;
mod lists;
mod policy;
pub mod query;
mod routes;
pub(crate) mod store;
mod wanted;
mod wrong_fields;

use axum::Router;
use telemetry::metrics::labels::CalledPart;

use crate::{Endpoint, Services};

pub use item_list::{ListName, WrongValue};
pub(crate) use item_list::{MOST_CHANGES, MOST_ITEMS, MOST_LISTS, ProductId, ProductName, Quantity};

/// The service, at paths without a prefix.
pub fn router(services: Services) -> Router {
    routes::routes().guarded(services, CalledPart::Cart)
}

/// Every URL of the service and what it demands.
pub fn endpoints() -> Vec<Endpoint> {
    routes::routes().endpoints
}
