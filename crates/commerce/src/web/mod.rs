//! What the endpoints of all three services have in common.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod failure;
pub(crate) mod paging;
pub(crate) mod parameters;
pub(crate) mod path_id;
pub mod routes;
mod service;
pub(crate) mod version;
