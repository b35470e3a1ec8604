//! The sections, a documented struct each. What is written here about a key is part of the JSON Schema, and
//! `docs/configuration.md` tells the same; tests compare.

mod auth;
mod database;
mod gateway;
mod limits;
mod services;
mod tls;

pub use auth::AuthSection;
pub use database::{DatabaseSection, DatabaseUrl};
pub use gateway::{GatewaySection, Upstreams};
pub use limits::LimitsSection;
pub use services::ServicesSection;
pub use tls::TlsSection;
