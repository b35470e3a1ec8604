//! Assertions that clients authenticated with: each is good once (RFC 7523 §3).

use auth_core::client::GoodAssertion;
use auth_protocol::id::ServerId;
use database::{Database, Error, params, statements};

statements! {
    USE = "INSERT INTO client_assertion (server_id, assertion_hash, expires_at) VALUES ($1, $2, $3) \
           ON CONFLICT DO NOTHING";
}

/// True for the one caller who uses it first. It is kept until it has expired, which is when nobody takes it any more.
pub async fn use_once(database: &Database, server: ServerId, assertion: &GoodAssertion) -> Result<bool, Error> {
    let values = params![server.bytes(), assertion.hash, assertion.expires_at.0];
    Ok(database.execute(&USE, values).await? == 1)
}
