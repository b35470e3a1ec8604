use database::{Migration, Migrations};

/// The schema of the three services. They share a database; the authorization server has its own.
pub const MIGRATIONS: Migrations = Migrations {
    name: "commerce",
    sqlite: &[Migration { version: 1, name: "first", sql: include_str!("../migrations/sqlite/0001_first.sql") }],
    postgres: &[Migration { version: 1, name: "first", sql: include_str!("../migrations/postgres/0001_first.sql") }],
};
