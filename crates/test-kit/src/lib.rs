//! What tests of several crates need; for development only.
//!
//! * [`postgres::Cluster`]: a PostgreSQL of the test process's own, and a fresh database for each test.

pub mod postgres;
