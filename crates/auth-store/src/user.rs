//! Users, found by canonical name or by id.

use auth_core::password::{HashKind, SlowestHashes};
use auth_core::user::{Identifier, User};
use auth_protocol::id::{CustomerContextId, CustomerId, ServerId, UserId};
use database::{Database, Error, Row, Transaction, params, statements};

use crate::row;
use crate::server::user_type;

statements! {
    pub(crate) BY_ID = "SELECT user_id, user_type, username, email, full_name, phone, customer_id, customer_context_id, roles, \
                    permissions, enabled, attributes \
             FROM users WHERE server_id = $1 AND user_id = $2";
    BY_USERNAME = "SELECT user_id, user_type, username, email, full_name, phone, customer_id, customer_context_id, \
                          roles, permissions, enabled, attributes, password_hash, imported_argon2id_blocks, imported_bcrypt_cost \
                   FROM users WHERE server_id = $1 AND username_canonical = $2";
    BY_EMAIL = "SELECT user_id, user_type, username, email, full_name, phone, customer_id, customer_context_id, roles, \
                       permissions, enabled, attributes, password_hash, imported_argon2id_blocks, imported_bcrypt_cost \
                FROM users WHERE server_id = $1 AND email_canonical = $2";
    SLOWEST_ARGON2ID = "SELECT password_hash FROM users WHERE server_id = $1 AND imported_argon2id_blocks > 0 \
                        ORDER BY imported_argon2id_blocks DESC LIMIT 1";
    SLOWEST_BCRYPT = "SELECT password_hash FROM users WHERE server_id = $1 AND imported_bcrypt_cost > 0 \
                      ORDER BY imported_bcrypt_cost DESC LIMIT 1";
    REPLACE_PASSWORD = "UPDATE users SET password_hash = $4, imported_argon2id_blocks = 0, imported_bcrypt_cost = 0 \
                        WHERE server_id = $1 AND user_id = $2 AND password_hash = $3";
}

/// A stored password hash in PHC string form. `Debug` shows nothing.
#[derive(Clone)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// What a password is compared with.
#[derive(Debug, Clone)]
pub struct StoredPassword {
    pub hash: PasswordHash,
    /// Made elsewhere, and replaced at the next sign-in.
    pub is_imported: bool,
}

/// A hash from elsewhere, and ours that takes its place.
#[derive(Debug, Clone)]
pub struct PasswordUpgrade {
    pub from: PasswordHash,
    pub to: PasswordHash,
}

pub async fn find(database: &Database, server: ServerId, user: UserId) -> Result<Option<User>, Error> {
    database.read_optional(&BY_ID, params![server.bytes(), user.bytes()]).await?.map(|found| read(&found)).transpose()
}

/// Who signs in with this name, with the hash to compare, if a password was ever set.
pub async fn find_for_sign_in(
    database: &Database,
    server: ServerId,
    identifier: &Identifier,
) -> Result<Option<(User, Option<StoredPassword>)>, Error> {
    let mut found = None;
    if identifier.is_email {
        found = database.read_optional(&BY_EMAIL, params![server.bytes(), identifier.canonical.as_str()]).await?;
    }
    if found.is_none() {
        found = database.read_optional(&BY_USERNAME, params![server.bytes(), identifier.canonical.as_str()]).await?;
    }
    found.map(|found| Ok((read(&found)?, password(&found)?))).transpose()
}

/// The slowest of the hashes from elsewhere that lie on a server: everybody's sign-in is as slow (rule 7).
pub async fn slowest_hashes(database: &Database, server: ServerId) -> Result<SlowestHashes, Error> {
    let mut slowest = SlowestHashes::default();
    for statement in [&SLOWEST_ARGON2ID, &SLOWEST_BCRYPT] {
        let Some(found) = database.read_optional(statement, params![server.bytes()]).await? else { continue };
        match found.get::<Option<String>>(0)?.map(|hash| HashKind::of(&hash)) {
            Some(Ok(kind @ HashKind::Argon2id { memory_kib, .. })) => {
                (slowest.argon2id_blocks, slowest.argon2id_memory_kib) = (kind.argon2id_blocks(), memory_kib);
            }
            Some(Ok(HashKind::Bcrypt { cost })) => slowest.bcrypt_cost = cost,
            Some(Err(_)) | None => {}
        }
    }
    Ok(slowest)
}

/// Another hash of the same password, unless it was changed meanwhile.
pub(crate) async fn replace_password(
    transaction: &mut Transaction,
    server: ServerId,
    user: UserId,
    upgrade: &PasswordUpgrade,
) -> Result<(), Error> {
    let values = params![server.bytes(), user.bytes(), &upgrade.from.0, &upgrade.to.0];
    transaction.execute(&REPLACE_PASSWORD, values).await.map(|_| ())
}

pub(crate) fn password(found: &Row) -> Result<Option<StoredPassword>, Error> {
    let is_imported = found.get::<i64>(13)? > 0 || found.get::<i64>(14)? > 0;
    let hash = found.get::<Option<String>>(12)?.map(PasswordHash);
    Ok(hash.map(|hash| StoredPassword { hash, is_imported }))
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
        attributes: row::json(found, 11)?,
    })
}
