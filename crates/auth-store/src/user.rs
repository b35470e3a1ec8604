//! Users, found by canonical name or by id.

use auth_core::user::{Identifier, User};
use auth_protocol::id::{CustomerContextId, CustomerId, ServerId, UserId};
use database::{Database, Error, Row, params, statements};

use crate::row;
use crate::server::user_type;

statements! {
    pub(crate) BY_ID = "SELECT user_id, user_type, username, email, full_name, phone, customer_id, customer_context_id, roles, \
                    permissions, enabled \
             FROM users WHERE server_id = $1 AND user_id = $2";
    BY_USERNAME = "SELECT user_id, user_type, username, email, full_name, phone, customer_id, customer_context_id, \
                          roles, permissions, enabled, password_hash \
                   FROM users WHERE server_id = $1 AND username_canonical = $2";
    BY_EMAIL = "SELECT user_id, user_type, username, email, full_name, phone, customer_id, customer_context_id, roles, \
                       permissions, enabled, password_hash \
                FROM users WHERE server_id = $1 AND email_canonical = $2";
}

/// A stored password hash in PHC string form. `Debug` shows nothing.
#[derive(Clone)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

pub async fn find(database: &Database, server: ServerId, user: UserId) -> Result<Option<User>, Error> {
    database.read_optional(&BY_ID, params![server.bytes(), user.bytes()]).await?.map(|found| read(&found)).transpose()
}

/// Who signs in with this name, with the hash to compare, if a password was ever set.
pub async fn find_for_sign_in(
    database: &Database,
    server: ServerId,
    identifier: &Identifier,
) -> Result<Option<(User, Option<PasswordHash>)>, Error> {
    let mut found = None;
    if identifier.is_email {
        found = database.read_optional(&BY_EMAIL, params![server.bytes(), identifier.canonical.as_str()]).await?;
    }
    if found.is_none() {
        found = database.read_optional(&BY_USERNAME, params![server.bytes(), identifier.canonical.as_str()]).await?;
    }
    found.map(|found| Ok((read(&found)?, found.get::<Option<String>>(11)?.map(PasswordHash)))).transpose()
}

pub(crate) fn read(found: &Row) -> Result<User, Error> {
    Ok(User {
        id: UserId::from_bytes(found.get(0)?),
        user_type: user_type(found, 1)?,
        username: found.get(2)?,
        email: found.get(3)?,
        full_name: found.get(4)?,
        phone: found.get(5)?,
        customer_id: found.get::<Option<[u8; 16]>>(6)?.map(CustomerId::from_bytes),
        customer_context_id: found.get::<Option<[u8; 16]>>(7)?.map(CustomerContextId::from_bytes),
        roles: row::json(found, 8)?,
        permissions: row::json(found, 9)?,
        enabled: found.get(10)?,
    })
}
