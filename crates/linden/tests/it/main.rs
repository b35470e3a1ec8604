//! The program from outside: its commands, its files, and clients that others wrote.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what is wrong by failing")]

mod apply;
mod backup;
mod client_commands;
mod command;
mod configuration;
mod dev_page;
mod doctor;
mod doctor_running;
mod ending;
mod guide;
mod independent_clients;
mod key_commands;
mod logs;
mod metrics;
mod overload;
mod parts_apart;
mod program;
mod seed_command;
mod starting;
mod tenants;
mod user_commands;
