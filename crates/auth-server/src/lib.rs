//! The authorization server over HTTP: routes, grants, pages, cookies, forms and background jobs.
//!
//! A request's way: `web::entrance` finds the authorization server by host and path and strips its base path;
//! `routes` picks the endpoint; the endpoint reads (`web::form`, `web::cookies`), lets `auth-core` decide and
//! `auth-store` keep, and answers through `web`. An endpoint's errors are an enum of its own with one mapping to the
//! wire; causes are logged, never sent.

mod authorization;
mod client_authentication;
mod directory;
mod discovery;
pub mod environment;
#[cfg(fuzzing)]
pub mod fuzzing;
mod jobs;
pub mod keys;
mod login;
mod logout;
mod not_offered;
pub mod pages;
pub mod password_hashing;
mod routes;
mod session;
mod state;
mod token;
mod user_info;
mod user_operation;
mod web;

pub use auth_protocol::forwarding::FromGateway;
pub use keys::{KeyError, MasterKey, MasterKeys, SealError, check_keys};
pub use routes::{Access, ROUTES, Route};
pub use state::{AuthServer, AuthServerConfig, StartError};
pub use web::forwarding::Forwarding;
