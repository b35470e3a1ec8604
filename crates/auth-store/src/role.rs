//! Roles and security scopes of a server: what operators wrote, small enough to be read whole.

use auth_core::role::{Role, SecurityScope};
use auth_protocol::id::ServerId;
use database::{Database, Error, params, statements};

use crate::row;

statements! {
    ROLES = "SELECT name, permissions FROM role WHERE server_id = $1 ORDER BY name";
    SCOPES = "SELECT name, open, permissions, permission_roots FROM scope WHERE server_id = $1 ORDER BY name";
}

pub async fn roles(database: &Database, server: ServerId) -> Result<Vec<Role>, Error> {
    let rows = database.read_rows(&ROLES, params![server.bytes()]).await?;
    rows.iter().map(|found| Ok(Role { name: found.get(0)?, permissions: row::json(found, 1)? })).collect()
}

pub async fn scopes(database: &Database, server: ServerId) -> Result<Vec<SecurityScope>, Error> {
    let rows = database.read_rows(&SCOPES, params![server.bytes()]).await?;
    rows.iter()
        .map(|found| {
            Ok(SecurityScope {
                name: found.get(0)?,
                open: found.get(1)?,
                permissions: row::json(found, 2)?,
                permission_roots: row::json(found, 3)?,
            })
        })
        .collect()
}
