//! What tests of several crates need; for development only.
//!
//! * [`postgres::Cluster`]: a PostgreSQL of the test process's own, and a fresh database for each test; [`postgres::Server`]:
//!   one of a test's own that can be stopped, frozen, killed and followed by a standby.
//! * [`authority::Authority`]: certificates, good ones and bad ones.

pub mod authority;
pub mod postgres;
