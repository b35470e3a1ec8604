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
pub mod rewrap;
pub mod role;
mod row;
pub mod seed;
pub mod server;
pub mod server_secret;
pub mod session;
pub mod signing_key;
pub mod sweep;
pub mod token;
pub mod user;
pub mod user_administration;

use database::{Migrations, Statement};

pub use database::{Database, Error};

pub const MIGRATIONS: Migrations = database::migrations! { "auth":
    1 "first" "0001_first";
    2 "imported passwords" "0002_imported_passwords";
    3 "identity" "0003_identity";
    4 "pushed authorization" "0004_pushed_authorization";
    5 "client assertion" "0005_client_assertion";
    6 "pushed by client" "0006_pushed_by_client";
    7 "lease" "0007_lease";
    8 "key rotation" "0008_key_rotation";
    9 "failures by age" "0009_failures_by_age";
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
        database::LEASE_STATEMENTS,
        login::STATEMENTS,
        pushed_authorization::STATEMENTS,
        rewrap::STATEMENTS,
        role::STATEMENTS,
        seed::STATEMENTS,
        server::STATEMENTS,
        server_secret::STATEMENTS,
        session::STATEMENTS,
        signing_key::STATEMENTS,
        sweep::STATEMENTS,
        token::STATEMENTS,
        user::STATEMENTS,
        user_administration::STATEMENTS,
    ]
    .concat()
}
