//! Commands beside serving. They work on a data directory, or on what a configuration names, whether a server serves from it or not: what they write raises
//! the generation, and a running server follows within a second.

pub mod answer;
pub mod apply;
mod audit;
pub mod client;
pub mod config;
mod data;
pub mod doctor;
pub mod export;
pub mod keys;
mod password;
pub mod seed;
mod server;
pub mod serving;
pub mod user;
