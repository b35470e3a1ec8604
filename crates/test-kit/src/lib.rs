//! What tests of several crates need; for development only.
//!
//! * [`postgres::Cluster`]: a PostgreSQL of the test process's own, and a fresh database for each test; [`postgres::Server`]:
//!   one of a test's own that can be stopped, frozen, killed and followed by a standby.
//! * [`authority::Authority`]: certificates, good ones and bad ones.
//! * [`process::Process`]: a program that serves, to be killed, frozen and thawed.
//! * [`installation::Installation`]: all the processes that serve a shop.
//! * [`lossy_line::LossyLine`], [`mounted::Mounted`]: answers that are lost, disks that are full.
//! * [`browser::Browser`]: signs in as people do, on plain HTTP and by TLS.
//! * [`one_owner::OneOwner`]: that a statement keeps to one owner's rows.
//! * [`secrets`]: what browsers sent and got that must not be in a log.

pub mod authority;
pub mod browser;
pub mod installation;
pub mod lossy_line;
pub mod mounted;
pub mod one_owner;
pub mod port;
pub mod postgres;
pub mod process;
pub mod secrets;
