use auth_core::server::Server;
use auth_core::session::{Session, SessionState};
use auth_core::time::Timestamp;
use auth_store::Error;
use auth_store::user_administration::{self, UserPage};
use serde::Serialize;

use super::DevPage;
use super::recorder::Recorded;
use crate::commands::answer::moment;

/// Of users, and of sessions, so many are shown of each server.
const MOST: u16 = 20;

/// All that `/dev` tells.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    pub origin: String,
    pub requests: Vec<Recorded>,
    pub servers: Vec<ServerState>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerState {
    pub name: String,
    pub issuer: String,
    pub users: Vec<UserState>,
    pub clients: Vec<ClientState>,
    pub sessions: Vec<SessionView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserState {
    pub username: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub roles: Vec<String>,
    pub enabled: bool,
    /// As the demo declares it; whoever changed it since knows better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demo_password: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientState {
    pub client_id: String,
    pub name: String,
    pub grant_types: Vec<&'static str>,
    pub scopes: Vec<String>,
    pub redirect_uris: Vec<String>,
}

/// Nothing here opens a session.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    pub username: String,
    pub state: &'static str,
    pub began_at: String,
    pub ends_at: String,
}

pub async fn gather(page: &DevPage, now: Timestamp) -> Result<State, Error> {
    let known = auth_store::apply::known(&page.auth, &[]).await?;
    let mut servers = Vec::new();
    for server in &known.servers {
        let clients = known.clients.get(&server.id).into_iter().flatten().map(|client| ClientState {
            client_id: client.client_id.clone(),
            name: client.settings.friendly_name.clone(),
            grant_types: client.settings.grant_types.iter().map(|grant| grant.name()).collect(),
            scopes: client.settings.scopes.clone(),
            redirect_uris: client.settings.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect(),
        });
        servers.push(ServerState {
            name: server.name.clone(),
            issuer: server.issuer.clone(),
            users: users(page, server).await?,
            clients: clients.collect(),
            sessions: sessions(page, server, now).await?,
        });
    }
    Ok(State { origin: page.origin.clone(), requests: page.recorder.requests(), servers })
}

async fn users(page: &DevPage, server: &Server) -> Result<Vec<UserState>, Error> {
    let first = UserPage { limit: MOST, ..UserPage::default() };
    let listed = user_administration::list(&page.auth, server.id, &first).await?;
    let users = listed.into_iter().map(|listed| {
        let password = page.demo_passwords.iter().find(|(username, _)| *username == listed.user.username);
        UserState {
            demo_password: password.map(|(_, password)| password.clone()),
            username: listed.user.username,
            name: listed.user.full_name,
            email: listed.user.email,
            roles: listed.user.roles,
            enabled: listed.user.enabled,
        }
    });
    Ok(users.collect())
}

async fn sessions(page: &DevPage, server: &Server, now: Timestamp) -> Result<Vec<SessionView>, Error> {
    let mut sessions = Vec::new();
    for session in auth_store::session::latest(&page.auth, server.id, MOST).await? {
        let user = auth_store::user::find(&page.auth, server.id, session.user_id).await?;
        sessions.push(SessionView {
            username: user.map_or_else(|| "a user who is gone".to_owned(), |user| user.username),
            state: state(&session, now),
            began_at: moment(session.authenticated_at),
            ends_at: moment(session.times.inactivity_at.min(session.times.hard_end_at)),
        });
    }
    Ok(sessions)
}

fn state(session: &Session, now: Timestamp) -> &'static str {
    match session.times.state(now) {
        SessionState::Ended => "ended",
        _ => "signed in",
    }
}
