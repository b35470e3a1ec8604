//! What the store promises, on SQLite and on PostgreSQL by one text: the schema, each operation, and the races.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what is wrong by failing")]

mod apply;
mod attributes;
mod authorization;
mod client_administration;
mod client_assertion;
mod client_secret;
mod configuration;
mod engines;
mod login;
mod logout;
mod pushed_authorization;
mod races;
mod rewrap;
mod schema;
mod seed;
mod seeding;
mod session;
mod signing_key;
mod statements;
mod sweep;
mod sweep_plans;
mod token;
mod user_administration;
