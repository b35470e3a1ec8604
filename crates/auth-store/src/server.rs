//! Authorization servers and their issuers.

use auth_core::server::Server;
use auth_protocol::claims::UserType;
use auth_protocol::id::{ServerId, TenantId};
use database::{Database, Error, Row, params, statements};

use crate::row;

statements! {
    ALL = "SELECT server.server_id, server.tenant_id, server.name, server.friendly_name, issuer.issuer, \
                  server.user_type, server.settings \
           FROM server JOIN issuer ON issuer.server_id = server.server_id ORDER BY server.name";
}

/// All servers of the installation: a handful, written by operators.
pub async fn all(database: &Database) -> Result<Vec<Server>, Error> {
    database.read_rows(&ALL, params![]).await?.iter().map(read).collect()
}

fn read(found: &Row) -> Result<Server, Error> {
    Ok(Server {
        id: ServerId::from_bytes(found.get(0)?),
        tenant_id: TenantId::from_bytes(found.get(1)?),
        name: found.get(2)?,
        friendly_name: found.get(3)?,
        issuer: found.get(4)?,
        user_type: user_type(found, 5)?,
        settings: row::json(found, 6)?,
    })
}

pub(crate) fn user_type(found: &Row, column: usize) -> Result<UserType, Error> {
    match found.get::<String>(column)?.as_str() {
        "CUSTOMER" => Ok(UserType::Customer),
        "ADMIN" => Ok(UserType::Admin),
        other => Err(row::unreadable(column, other)),
    }
}
