//! What a sign-out asks for, read and checked before anything ends.

use std::sync::Arc;

use auth_core::authorization::Parameters;
use auth_core::client::Client;
use auth_core::logout::{OtherClient, asking_client};
use auth_protocol::claims::IdTokenClaims;
use auth_store::Error;
use axum::response::Response;

use crate::authorization::read_id_token_hint;
use crate::directory::ServerEntry;
use crate::pages::ErrorKind;
use crate::state::AppState;
use crate::web::answer;
use crate::web::request::Call;

pub(super) struct LogoutRequest {
    /// An ID token of ours.
    pub hint: Option<IdTokenClaims>,
    /// Where to go afterwards, `state` added.
    pub return_to: Option<String>,
    /// Where whoever stays signed in goes back to: the asking client's home.
    pub home: Option<String>,
}

pub(super) enum Refusal {
    OtherClient(OtherClient),
    UnknownClient,
    /// Nobody says whose address it is.
    ClientMissing,
    Unregistered,
    Store(Error),
}

impl Refusal {
    pub(super) fn page(&self, call: &Call) -> Response {
        match self {
            Refusal::OtherClient(why) => answer::error_page(call, ErrorKind::BadRequest { detail: &why.to_string() }),
            Refusal::UnknownClient => answer::error_page(call, ErrorKind::UnknownClient),
            Refusal::ClientMissing => {
                let detail = "post_logout_redirect_uri needs id_token_hint or client_id beside it";
                answer::error_page(call, ErrorKind::BadRequest { detail })
            }
            Refusal::Unregistered => answer::error_page(call, ErrorKind::UnregisteredRedirectUri),
            Refusal::Store(error) => answer::storage_page(call, error),
        }
    }
}

pub(super) async fn read(state: &AppState, call: &Call, parameters: &Parameters) -> Result<LogoutRequest, Refusal> {
    let hint = hint(&call.server, parameters);
    let named = parameters.get("client_id");
    let asking = asking_client(named, hint.as_ref().map(|claims| claims.aud.as_str())).map_err(Refusal::OtherClient)?;
    let client = match asking {
        Some(client_id) => state.directory.client(call.server.server.id, client_id).await.map_err(Refusal::Store)?,
        None => None,
    };
    // Whoever is signed in by way of a client that is gone may sign out all the same.
    if client.is_none() && named.is_some() {
        return Err(Refusal::UnknownClient);
    }
    let home = client.as_ref().and_then(|client| client.home()).map(|home| home.with_query(&[]));
    let return_to = match parameters.get("post_logout_redirect_uri") {
        Some(_) if asking.is_none() => return Err(Refusal::ClientMissing),
        Some(presented) => Some(return_address(client, presented, parameters.get("state"))?),
        None => None,
    };
    Ok(LogoutRequest { hint, return_to, home })
}

fn return_address(client: Option<Arc<Client>>, presented: &str, state: Option<&str>) -> Result<String, Refusal> {
    let client = client.ok_or(Refusal::UnknownClient)?;
    let registered = client.post_logout_target(presented).ok_or(Refusal::Unregistered)?;
    let state: Vec<(&str, &str)> = state.map(|state| ("state", state)).into_iter().collect();
    Ok(registered.with_query(&state))
}

/// What is no ID token of ours is as good as none.
pub(super) fn hint(server: &ServerEntry, parameters: &Parameters) -> Option<IdTokenClaims> {
    read_id_token_hint(server, parameters.get("id_token_hint")?)
}
