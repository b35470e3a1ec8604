//! What is there, as the declaration that would make it: for `linden export`. Keys, sessions, codes and what was counted
//! or audited are no part of it.

use auth_core::client::KeptSecret;
use auth_core::password::HashKind;
use auth_core::server::Server;
use auth_core::time::Timestamp;
use auth_protocol::id::ServerId;
use database::{Database, Error, Row, params, statements};

use crate::apply::{ClientEntry, Declaration, DeclaredSecret, NewPassword, RoleEntry, ScopeEntry, UserEntry};
use crate::{role, row, server, user};

statements! {
    CLIENTS = "SELECT client_id, settings, enabled FROM client WHERE server_id = $1 ORDER BY client_id";
    SECRETS = "SELECT secret_hash, expires_at FROM client_secret \
               WHERE server_id = $1 AND client_id = $2 AND (expires_at IS NULL OR expires_at > $3) \
               ORDER BY secret_hash";
    USERS = "SELECT user_id, user_type, username, email, full_name, phone, customer_id, customer_context_id, roles, \
                    permissions, enabled, attributes, password_hash, imported_argon2id_blocks, imported_bcrypt_cost, \
                    username_canonical, email_canonical \
             FROM users WHERE server_id = $1 AND username_canonical > $2 ORDER BY username_canonical LIMIT 500";
}

/// Everything that operators declare. Users are read in pages, so those who are added meanwhile may be in it or not.
pub async fn declaration(database: &Database, now: Timestamp) -> Result<Declaration, Error> {
    let mut declaration = Declaration { servers: server::all(database).await?, ..Declaration::default() };
    for server in declaration.servers.clone() {
        let scopes = role::scopes(database, server.id).await?.into_iter();
        declaration.scopes.extend(scopes.map(|scope| ScopeEntry { server_id: server.id, scope }));
        let roles = role::roles(database, server.id).await?.into_iter();
        declaration.roles.extend(roles.map(|role| RoleEntry { server_id: server.id, role }));
        declaration.clients.extend(clients(database, server.id, now).await?);
        declaration.users.extend(users(database, &server).await?);
    }
    Ok(declaration)
}

/// A server's, with the secrets that count.
pub async fn clients(database: &Database, server: ServerId, now: Timestamp) -> Result<Vec<ClientEntry>, Error> {
    let mut clients = Vec::new();
    for found in database.read_rows(&CLIENTS, params![server.bytes()]).await? {
        let client_id: String = found.get(0)?;
        let secrets = database.read_rows(&SECRETS, params![server.bytes(), &client_id, now.0]).await?;
        let secrets = secrets.iter().map(kept).collect::<Result<Vec<KeptSecret>, Error>>()?;
        clients.push(ClientEntry {
            server_id: server,
            client_id,
            settings: row::json(&found, 1)?,
            enabled: found.get(2)?,
            secret: if secrets.is_empty() { DeclaredSecret::None } else { DeclaredSecret::Are(secrets) },
        });
    }
    Ok(clients)
}

fn kept(found: &Row) -> Result<KeptSecret, Error> {
    Ok(KeptSecret { hash: found.get(0)?, expires_at: row::optional_time(found, 1)? })
}

async fn users(database: &Database, server: &Server) -> Result<Vec<UserEntry>, Error> {
    let mut users: Vec<UserEntry> = Vec::new();
    loop {
        let after = users.last().map_or("", |user| &user.username_canonical);
        let page = database.read_rows(&USERS, params![server.id.bytes(), after]).await?;
        if page.is_empty() {
            return Ok(users);
        }
        for found in &page {
            users.push(user(found, server.id)?);
        }
    }
}

fn user(found: &Row, server: ServerId) -> Result<UserEntry, Error> {
    let user = user::read(found)?;
    let password = user::password(found)?.map(|stored| match HashKind::of(&stored.hash.0) {
        Ok(kind) if stored.is_imported => NewPassword::Imported(stored.hash, kind),
        _ => NewPassword::Hash(stored.hash),
    });
    Ok(UserEntry {
        server_id: server,
        username: user.username,
        username_canonical: found.get(15)?,
        email: user.email,
        email_canonical: found.get(16)?,
        full_name: user.full_name,
        phone: user.phone,
        customer_context_id: user.customer_context_id,
        roles: user.roles,
        permissions: user.permissions,
        enabled: user.enabled,
        attributes: Some(user.attributes),
        user_type: user.user_type,
        new_id: user.id,
        new_customer_id: user.customer_id,
        new_password: password.unwrap_or(NewPassword::None),
    })
}
