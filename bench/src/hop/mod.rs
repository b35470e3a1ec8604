//! The gateway's hop, and its floor: a bare proxy on the same HTTP stack.
//!
//! 1. `upstream` is what both forward to: one JSON answer for every service, and the few internal answers that a gateway
//!    asks for (application, guest token, key set).
//! 2. `gateway` is Linden's, with its phases, limits and log.
//! 3. `proxy` sends the same request on with hyper's client, and nothing else; with `--verify` it checks the signature and
//!    the age of each token first.

mod gateway;
mod proxy;
mod token;
mod upstream;

pub use gateway::{GatewayOptions, run as gateway};
pub use proxy::{ProxyOptions, run as proxy};
pub use token::Shopper;
pub use upstream::{UpstreamOptions, run as upstream};

/// What the load generator asks for.
pub const PATH: &str = "/api/cart/item-lists";
