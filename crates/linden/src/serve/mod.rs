//! Listening: an accept loop of our own, because limits belong to it.
//!
//! 1. Sockets are bound before anything else is built, so that the port is known and a taken one is said at once.
//! 2. At most so many connections at a time; beyond that accepting waits.
//! 3. Each connection speaks HTTP/1.1 or, when TLS agreed on it, HTTP/2; a head must arrive within a time and a size.
//! 4. A connection on which nothing happens ends, whoever is to blame.
//! 5. At the end no new connections are taken, those that work finish, and after a grace time the rest is cut.

mod bind;
mod connection;
mod run;
mod timed;
mod tls;

#[cfg(test)]
mod tests;

pub use bind::bind;
pub use run::{Limits, run};
pub use tls::acceptor;
