//! What the authorization server keeps: an operation a use case, one text of SQL for both engines.
//!
//! One call is one transaction. Operations take the server's id first; rules that decide live in `auth-core`, and every
//! deciding statement repeats the state it was decided on, so that it holds with any number of nodes.

pub mod account;
pub mod apply;
pub mod audit;
pub mod authorization;
pub mod client;
pub mod client_administration;
pub mod client_assertion;
pub mod client_secret;
pub mod export;
pub mod generation;
pub mod login;
pub mod logout;
pub mod pushed_authorization;
pub mod role;
mod row;
pub mod server;
pub mod session;
pub mod signing_key;
pub mod sweep;
pub mod token;
pub mod user;
pub mod user_administration;

use database::{Migration, Migrations, Statement};

pub use database::{Database, Error};

pub const MIGRATIONS: Migrations = Migrations {
    name: "auth",
    sqlite: &[
        Migration { version: 1, name: "first", sql: include_str!("../migrations/sqlite/0001_first.sql") },
        Migration {
            version: 2,
            name: "imported passwords",
            sql: include_str!("../migrations/sqlite/0002_imported_passwords.sql"),
        },
        Migration { version: 3, name: "identity", sql: include_str!("../migrations/sqlite/0003_identity.sql") },
        Migration {
            version: 4,
            name: "pushed authorization",
            sql: include_str!("../migrations/sqlite/0004_pushed_authorization.sql"),
        },
        Migration {
            version: 5,
            name: "client assertion",
            sql: include_str!("../migrations/sqlite/0005_client_assertion.sql"),
        },
        Migration {
            version: 6,
            name: "pushed by client",
            sql: include_str!("../migrations/sqlite/0006_pushed_by_client.sql"),
        },
    ],
    postgres: &[
        Migration { version: 1, name: "first", sql: include_str!("../migrations/postgres/0001_first.sql") },
        Migration {
            version: 2,
            name: "imported passwords",
            sql: include_str!("../migrations/postgres/0002_imported_passwords.sql"),
        },
        Migration { version: 3, name: "identity", sql: include_str!("../migrations/postgres/0003_identity.sql") },
        Migration {
            version: 4,
            name: "pushed authorization",
            sql: include_str!("../migrations/postgres/0004_pushed_authorization.sql"),
        },
        Migration {
            version: 5,
            name: "client assertion",
            sql: include_str!("../migrations/postgres/0005_client_assertion.sql"),
        },
        Migration {
            version: 6,
            name: "pushed by client",
            sql: include_str!("../migrations/postgres/0006_pushed_by_client.sql"),
        },
    ],
};

/// Every statement of this crate, for the test that prepares each on both engines.
pub fn statements() -> Vec<&'static Statement> {
    [
        account::STATEMENTS,
        &apply::statements(),
        audit::STATEMENTS,
        authorization::STATEMENTS,
        client::STATEMENTS,
        client_administration::STATEMENTS,
        client_assertion::STATEMENTS,
        client_secret::STATEMENTS,
        export::STATEMENTS,
        generation::STATEMENTS,
        login::STATEMENTS,
        pushed_authorization::STATEMENTS,
        role::STATEMENTS,
        server::STATEMENTS,
        session::STATEMENTS,
        signing_key::STATEMENTS,
        sweep::STATEMENTS,
        token::STATEMENTS,
        user::STATEMENTS,
        user_administration::STATEMENTS,
    ]
    .concat()
}
