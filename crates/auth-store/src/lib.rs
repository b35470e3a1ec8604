//! What the authorization server keeps: an operation a use case, one text of SQL for both engines.
//!
//! One call is one transaction. Operations take the server's id first; rules that decide live in `auth-core`, and every
//! deciding statement repeats the state it was decided on.

use database::{Migration, Migrations};

pub const MIGRATIONS: Migrations = Migrations {
    name: "auth",
    sqlite: &[Migration { version: 1, name: "first", sql: include_str!("../migrations/sqlite/0001_first.sql") }],
    postgres: &[Migration { version: 1, name: "first", sql: include_str!("../migrations/postgres/0001_first.sql") }],
};
