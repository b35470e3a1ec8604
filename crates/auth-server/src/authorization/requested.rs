//! From parameters to a request in which nothing is left to doubt, for the authorization endpoint and for pushed requests.

use std::sync::Arc;

use auth_core::authorization::{AuthorizationRequest, Parameters, Rejection, validate};
use auth_core::client::{Client, RedirectUri};
use auth_protocol::oauth_error::ErrorCode;
use auth_protocol::scope::OPENID;
use axum::response::Response;

use super::id_token_hint::read_id_token_hint;
use crate::directory::ServerEntry;
use crate::pages::ErrorKind;
use crate::state::AppState;
use crate::web::answer;
use crate::web::request::Call;

/// The client that a request names; without one, a page.
pub async fn named_client(state: &AppState, call: &Call, client_id: &str) -> Result<Arc<Client>, Response> {
    let client = state.directory.client(call.server.server.id, client_id).await;
    client.map_err(|error| answer::storage_page(call, &error))?.ok_or_else(|| {
        call.because(format!("there is no enabled client {client_id:?}"));
        answer::error_page(call, ErrorKind::UnknownClient)
    })
}

/// Where the answer goes: the registered address that the request names, or, for a request that is not OpenID Connect's,
/// the client's default one (RFC 6749 §3.1.2.3, OpenID Connect Core §3.1.2.1).
pub fn redirect_target(client: &Client, parameters: &Parameters) -> Option<RedirectUri> {
    match parameters.get("redirect_uri") {
        Some(presented) => client.redirect_target(presented),
        None if parameters.get("scope").unwrap_or_default().split(' ').any(|name| name == OPENID) => None,
        None => client.redirect_target(client.settings.default_redirect_uri.as_ref()?.as_str()),
    }
}

/// All but client and redirect URI.
pub fn read(
    server: &ServerEntry,
    client: &Client,
    redirect_uri: &RedirectUri,
    parameters: &Parameters,
) -> Result<AuthorizationRequest, Rejection> {
    let hint = match parameters.get("id_token_hint") {
        None => None,
        Some(token) => {
            Some(read_id_token_hint(server, token).filter(|claims| claims.aud == client.client_id).ok_or_else(
                || Rejection::new(ErrorCode::InvalidRequest, "id_token_hint is no ID token of this client"),
            )?)
        }
    };
    validate(client, redirect_uri, hint.as_ref().map(|claims| claims.sub.as_str()), parameters)
}
