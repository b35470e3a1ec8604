//! The parts, each built in one place whether it runs alone (`linden auth`, `linden services`, `linden gateway`) or in one
//! process with the others (`linden dev`): what differs is how they reach each other, which is the [`gateway::upstream`]
//! client's to know.

mod auth;
mod client;
mod gateway;
mod issuers;
mod key_sets;
mod password_hashing;
mod peers;
mod secrets;
mod services;
mod stores;

pub use auth::AuthPart;
pub use client::client;
pub use gateway::{GatewayPart, RunningGateway};
pub use password_hashing::{measured_password_hashing, password_hashing};
pub use peers::Peers;
pub use secrets::{ClientSecretKey, Secrets};
pub use services::{RunningServices, ServiceName, ServicesPart};
pub use stores::{Store, open, postgres_options};

use auth_server::environment::{Clock, Random, SystemClock, SystemRandom};

fn epoch_seconds() -> i64 {
    SystemClock.now().seconds()
}

fn fill(bytes: &mut [u8]) {
    SystemRandom.fill(bytes);
}
