//! The token endpoint (RFC 6749 §3.2).
//!
//! 1. Parameters come in a form body; a secret, code or token in the query is refused.
//! 2. The client is authenticated here, for every grant: no grant can forget it.
//! 3. The grant decides and answers with what it issues.
//! 4. The answer goes out with the client's CORS headers.

mod authorization_code;
mod client_credentials;
mod issue;

pub use issue::{held_permissions, subject_claims};

use std::sync::Arc;

use auth_core::authorization::Parameters;
use auth_core::client::{Client, GrantType};
use auth_protocol::oauth_error::ErrorCode;
use auth_protocol::refused::Refused;
use auth_store::Error;
use axum::Extension;
use axum::extract::{RawQuery, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use telemetry::metrics::labels::{TokenGrant, TokenOutcome};

use crate::client_authentication;
use crate::keys::KeyError;
use crate::state::AppState;
use crate::web::request::Call;
use crate::web::{answer, cors, form};

/// Why no token is issued; one mapping to the wire.
#[derive(Debug)]
pub(crate) enum TokenError {
    Invalid(ErrorCode, &'static str),
    Store(Error),
    Keys(KeyError),
}

impl From<Error> for TokenError {
    fn from(error: Error) -> Self {
        TokenError::Store(error)
    }
}

impl From<KeyError> for TokenError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => TokenError::Store(error),
            other => TokenError::Keys(other),
        }
    }
}

/// What a grant is given: an authenticated client and its request.
struct TokenRequest<'a> {
    state: &'a AppState,
    call: &'a Call,
    client: &'a Client,
    parameters: &'a Parameters,
}

const NEVER_IN_QUERY: [&str; 7] =
    ["client_secret", "code", "code_verifier", "refresh_token", "token", "password", "client_assertion"];

pub async fn token(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let (client, parameters) = match authenticated(&state, &call, query.as_deref(), &headers, request).await {
        Ok(authenticated) => authenticated,
        Err(refusal) => {
            state.metrics.token_requests.add((TokenGrant::Unknown, outcome(&refusal)));
            return cors::allow_any_client(&call, &headers, refusal);
        }
    };
    let asked = TokenRequest { state: &state, call: &call, client: &client, parameters: &parameters };
    let answered = grant(&asked).await.unwrap_or_else(refusal);
    let grant = TokenGrant::named(parameters.get("grant_type"));
    state.metrics.token_requests.add((grant, outcome(&answered)));
    cors::allow(&client, &headers, answered)
}

fn outcome(answered: &Response) -> TokenOutcome {
    match answered.extensions().get::<Refused>() {
        Some(refused) => TokenOutcome::refused(&refused.code),
        None => TokenOutcome::Issued,
    }
}

/// Steps 1 and 2, for every endpoint that clients call.
pub async fn authenticated(
    state: &AppState,
    call: &Call,
    query: Option<&str>,
    headers: &HeaderMap,
    request: Request,
) -> Result<(Arc<Client>, Parameters), Response> {
    if form::query(query).map_or(true, |query| NEVER_IN_QUERY.iter().any(|name| query.get(name).is_some())) {
        let description = "send parameters in the form body, not in the query";
        return Err(answer::oauth_error(ErrorCode::InvalidRequest, description));
    }
    let parameters = form::body(request, &call.server.server.settings.limits)
        .await
        .map_err(|error| answer::form_oauth_error(&error))?;
    let client = client_authentication::authenticate(state, call, &parameters, headers).await;
    let client = client.map_err(|error| client_authentication::refusal(headers, error))?;
    Ok((client, parameters))
}

/// Step 3.
async fn grant(asked: &TokenRequest<'_>) -> Result<Response, TokenError> {
    let Some(named) = asked.parameters.get("grant_type") else {
        return Err(TokenError::Invalid(ErrorCode::InvalidRequest, "grant_type is missing"));
    };
    let Some(grant_type) = GrantType::EVERY.into_iter().find(|known| known.name() == named) else {
        return Err(TokenError::Invalid(ErrorCode::UnsupportedGrantType, "this grant_type is not offered"));
    };
    if !asked.client.may_use(grant_type) {
        return Err(TokenError::Invalid(ErrorCode::UnauthorizedClient, "this client may not use this grant_type"));
    }
    let issued = match grant_type {
        GrantType::AuthorizationCode => authorization_code::redeem(asked).await?,
        GrantType::ClientCredentials => client_credentials::issue(asked).await?,
    };
    Ok(answer::json(&issued))
}

fn refusal(error: TokenError) -> Response {
    match error {
        TokenError::Invalid(code, description) => answer::oauth_error(code, description),
        TokenError::Store(error) => answer::storage_oauth_error(&error),
        TokenError::Keys(error) => {
            tracing::error!(?error, "no token could be signed");
            answer::oauth_error(ErrorCode::ServerError, "the server failed; the request id is in the headers")
        }
    }
}
