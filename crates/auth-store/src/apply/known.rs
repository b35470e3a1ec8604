//! What is there already, for the check of a declaration that refers to it.

use std::collections::HashMap;

use auth_core::client::ClientSettings;
use auth_core::role::{Role, SecurityScope};
use auth_core::server::Server;
use auth_protocol::id::{CustomerId, ServerId, UserId};
use database::{Database, Error, params, statements};

use crate::{role, row, server};

statements! {
    CLIENTS = "SELECT client_id, settings FROM client WHERE server_id = $1 ORDER BY client_id";
    USER = "SELECT user_id, customer_id FROM users WHERE server_id = $1 AND username_canonical = $2";
}

#[derive(Debug, Clone, Default)]
pub struct Known {
    pub servers: Vec<Server>,
    pub scopes: HashMap<ServerId, Vec<SecurityScope>>,
    pub roles: HashMap<ServerId, Vec<Role>>,
    pub clients: HashMap<ServerId, Vec<KnownClient>>,
    /// Those that were asked for and are there, by canonical user name.
    pub users: HashMap<(ServerId, String), KnownUser>,
}

#[derive(Debug, Clone)]
pub struct KnownClient {
    pub client_id: String,
    pub settings: ClientSettings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownUser {
    pub user_id: UserId,
    pub customer_id: Option<CustomerId>,
}

/// Everything that operators wrote, and of the users those with these canonical names.
pub async fn known(database: &Database, users: &[(ServerId, String)]) -> Result<Known, Error> {
    let mut known = Known { servers: server::all(database).await?, ..Known::default() };
    for server in known.servers.iter().map(|server| server.id) {
        known.scopes.insert(server, role::scopes(database, server).await?);
        known.roles.insert(server, role::roles(database, server).await?);
        let clients = database.read_rows(&CLIENTS, params![server.bytes()]).await?;
        let clients = clients
            .iter()
            .map(|found| Ok(KnownClient { client_id: found.get(0)?, settings: row::json(found, 1)? }))
            .collect::<Result<_, Error>>()?;
        known.clients.insert(server, clients);
    }
    for (server, username) in users {
        if let Some(found) = database.read_optional(&USER, params![server.bytes(), username]).await? {
            let customer_id = found.get::<Option<[u8; 16]>>(1)?.map(CustomerId::from_bytes);
            let user = KnownUser { user_id: UserId::from_bytes(found.get(0)?), customer_id };
            known.users.insert((*server, username.clone()), user);
        }
    }
    Ok(known)
}
