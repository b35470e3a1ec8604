//! Pushed authorization requests (RFC 9126).
//!
//! 1. The client is authenticated as at the token endpoint; the request is checked as at the authorization endpoint, and
//!    what is wrong with it is told here.
//! 2. It is kept under the hash of a random reference, for a minute; a client that has too many waiting is told to come
//!    again.
//! 3. The browser brings client and reference to the authorization endpoint; what else it brings there does not count
//!    (RFC 9126 §4). One conditional write redeems the reference; from then on the request travels sealed, as others do,
//!    so that the sign-in page may be loaded again.
//! 4. A reference that is unknown or another client's is told on a page. One that was used or came too late leads to its
//!    redirect URI, which is known, so that the client can begin again.

use std::sync::Arc;

use auth_core::authorization::{AuthorizationRequest, Parameters, Rejection};
use auth_core::client::{Client, secret_hash};
use auth_core::time::Span;
use auth_protocol::oauth_error::ErrorCode;
use auth_store::pushed_authorization::{self, Reference};
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::client_answer::ClientAnswer;
use super::requested::{self, named_client, redirect_target};
use crate::pages::ErrorKind;
use crate::state::AppState;
use crate::token;
use crate::web::request::Call;
use crate::web::{answer, cors};

/// RFC 9126 §2.2.
const REFERENCE: &str = "urn:ietf:params:oauth:request_uri:";
const GOOD_FOR_SECONDS: i64 = 60;

#[derive(Serialize)]
struct Pushed {
    request_uri: String,
    expires_in: i64,
}

pub async fn push(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let (client, parameters) = match token::authenticated(&state, &call, query.as_deref(), &headers, request).await {
        Ok(authenticated) => authenticated,
        Err(refusal) => return cors::allow_any_client(&call, &headers, refusal),
    };
    let answered = match checked(&call, &client, &parameters) {
        Ok(request) => keep(&state, &call, &request).await,
        Err(rejection) => answer::oauth_error(rejection.error, rejection.description),
    };
    cors::allow(&client, &headers, answered)
}

/// Step 1.
fn checked(call: &Call, client: &Client, parameters: &Parameters) -> Result<AuthorizationRequest, Rejection> {
    let invalid = |description: &str| Rejection::new(ErrorCode::InvalidRequest, description);
    if parameters.get("request_uri").is_some() {
        return Err(invalid("request_uri is what this endpoint gives: it cannot be pushed"));
    }
    let redirect_uri = redirect_target(client, parameters)
        .ok_or_else(|| invalid("redirect_uri is missing, or not registered for this client"))?;
    requested::read(&call.server, client, &redirect_uri, parameters)
}

/// Step 2.
async fn keep(state: &AppState, call: &Call, request: &AuthorizationRequest) -> Response {
    let secret = URL_SAFE_NO_PAD.encode(state.random_bytes::<32>());
    let (server, now) = (call.server.server.id, state.now());
    let expires_at = now + Span::seconds(GOOD_FOR_SECONDS);
    let kept = pushed_authorization::push(&state.database, server, secret_hash(&secret), request, expires_at, now);
    match kept.await {
        Ok(true) => {
            let pushed = Pushed { request_uri: format!("{REFERENCE}{secret}"), expires_in: GOOD_FOR_SECONDS };
            (StatusCode::CREATED, Json(pushed)).into_response()
        }
        Ok(false) => {
            tracing::warn!(client_id = request.client_id, "too many pushed requests wait");
            let description = "too many pushed requests of this client wait for their browsers: try again in a minute";
            let mut response = answer::oauth_error(ErrorCode::TemporarilyUnavailable, description);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(GOOD_FOR_SECONDS));
            response
        }
        Err(error) => answer::storage_oauth_error(&error),
    }
}

/// A request that comes by a reference of ours.
pub fn secret_of_reference(parameters: &Parameters) -> Option<&str> {
    parameters.get("request_uri")?.strip_prefix(REFERENCE)
}

/// Step 3; what is answered when there is no request, otherwise.
pub async fn redeemed(
    state: &AppState,
    call: &Call,
    parameters: &Parameters,
    secret: &str,
) -> Result<(Arc<Client>, AuthorizationRequest), Response> {
    if parameters.get("request").is_some() {
        let detail = "request and request_uri exclude each other";
        return Err(answer::error_page(call, ErrorKind::BadRequest { detail }));
    }
    let client = named_client(state, call, parameters.get("client_id").unwrap_or_default()).await?;
    let (database, server) = (&state.database, call.server.server.id);
    let reference = Reference { hash: secret_hash(secret), client_id: client.client_id.clone() };
    let found = pushed_authorization::find(database, server, &reference).await;
    let found = found.map_err(|error| answer::storage_page(call, &error))?.ok_or_else(|| {
        let detail = "invalid_request_uri: it is unknown, or another client's";
        answer::error_page(call, ErrorKind::BadRequest { detail })
    })?;
    let request = found.request;
    // The address may have been taken from the client meanwhile.
    if client.redirect_target(request.redirect_uri.as_str()).is_none() {
        return Err(answer::error_page(call, ErrorKind::UnregisteredRedirectUri));
    }
    match pushed_authorization::redeem(database, server, &reference, state.now()).await {
        Ok(true) => Ok((client, request)),
        Ok(false) => {
            let rejection =
                Rejection::new(ErrorCode::InvalidRequestUri, "request_uri was used already, or has expired");
            Err(ClientAnswer::error(&call.server, request.return_address(), &rejection).response(call))
        }
        Err(error) => Err(super::storage_failed(call, &request, &error)),
    }
}
