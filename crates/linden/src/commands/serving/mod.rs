//! `linden auth`, `linden gateway` and `linden services`: the parts apart, each from its section of the configuration.
//!
//! 1. Sockets are bound, so that a taken one is said at once; the databases opened and migrated.
//! 2. The part is built (`crate::parts`) and served; the line `linden PART ready at …` goes to stdout.
//! 3. Ctrl-C or SIGTERM: no new connections, what is under way finishes, the databases are closed.

pub mod auth;
pub mod gateway;
mod listener;
pub mod services;
