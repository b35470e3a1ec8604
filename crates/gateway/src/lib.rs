//! The shop's single origin. A request goes through named phases:
//!
//! 1. `phases::address`: paths that mean two things are refused, one host is read; the request gets an id of ours.
//! 2. `phases::strip`: what only the gateway may set is taken off, and Linden's cookies where they do not belong.
//! 3. `phases::resolve_application`: the host decides the application, header, parameter and path may choose among its
//!    own; what is found is remembered until something changes.
//! 4. `routes`: to the authorization server, a service, or the storefront's files.
//! 5. `phases::context`: a service is told tenant, application, customer context and account.
//! 6. `phases::guest_token`: who brings no authorization calls with the application's own token; a bad bearer token is
//!    never replaced.
//! 7. `phases::forward`: streams both ways, with limits on size and time.
//! 8. `phases::respond`: errors are problem details; headers and CORS are added.
//!
//! It knows nothing of users and passwords; it reaches the other parts by HTTP alone ([`upstream`]).

mod application;
mod config;
#[cfg(fuzzing)]
pub mod fuzzing;
mod gateway;
mod phases;
mod refusal;
mod request_ids;
pub mod routes;
mod storefront;
pub mod upstream;

pub use application::Application;
pub use config::{AccountReader, FileSource, GatewayConfig, Limits, ServedFile, Upstreams};
pub use gateway::Gateway;
