//! Client authentication (RFC 6749 §2.3): `none` for public clients, `client_secret_basic`, `client_secret_post`.
//! One method a request; the client must be registered for it.

mod basic;

use std::sync::Arc;

use auth_core::authorization::Parameters;
use auth_core::client::{AuthenticationMethod, Client};
use auth_protocol::oauth_error::ErrorCode;
use auth_store::Error;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::state::AppState;
use crate::web::answer;
use crate::web::request::Call;

#[derive(Debug)]
pub(crate) enum AuthenticationError {
    /// Two methods at once, or a malformed header.
    Malformed(&'static str),
    /// Unknown or disabled client, wrong secret, method that it may not use: one answer for all.
    Refused,
    Store(Error),
}

struct Presented {
    client_id: String,
    secret: Option<String>,
    method: AuthenticationMethod,
}

pub(crate) async fn authenticate(
    state: &AppState,
    call: &Call,
    parameters: &Parameters,
    headers: &HeaderMap,
) -> Result<Arc<Client>, AuthenticationError> {
    let presented = presented(parameters, headers)?;
    let client = state
        .directory
        .client(call.server.server.id, &presented.client_id)
        .await
        .map_err(AuthenticationError::Store)?
        .ok_or(AuthenticationError::Refused)?;
    if !client.settings.authentication_methods.contains(&presented.method) {
        return Err(AuthenticationError::Refused);
    }
    if presented.secret.is_some_and(|secret| !client.has_secret(&secret, state.now())) {
        return Err(AuthenticationError::Refused);
    }
    Ok(client)
}

fn presented(parameters: &Parameters, headers: &HeaderMap) -> Result<Presented, AuthenticationError> {
    let (in_body, secret) = (parameters.get("client_id"), parameters.get("client_secret"));
    if basic::has_authorization(headers) {
        if secret.is_some() {
            return Err(AuthenticationError::Malformed("authenticate by header or by body, not by both"));
        }
        let (client_id, secret) = basic::credentials(headers)
            .ok_or(AuthenticationError::Malformed("the Authorization header is no Basic credentials"))?;
        if in_body.is_some_and(|named| named != client_id) {
            return Err(AuthenticationError::Malformed("client_id is not the client of the Authorization header"));
        }
        return Ok(Presented { client_id, secret: Some(secret), method: AuthenticationMethod::ClientSecretBasic });
    }
    let client_id = in_body.ok_or(AuthenticationError::Malformed("client_id is missing"))?.to_owned();
    let method = match secret {
        Some(_) => AuthenticationMethod::ClientSecretPost,
        None => AuthenticationMethod::None,
    };
    Ok(Presented { client_id, secret: secret.map(str::to_owned), method })
}

pub(crate) fn refusal(call: &Call, headers: &HeaderMap, error: AuthenticationError) -> Response {
    match error {
        AuthenticationError::Malformed(detail) => answer::oauth_error(ErrorCode::InvalidRequest, detail),
        AuthenticationError::Store(error) => answer::storage_oauth_error(call, &error),
        AuthenticationError::Refused => {
            let mut response = answer::oauth_error(
                ErrorCode::InvalidClient,
                "the client is unknown, its secret wrong, or this way of authentication not its own",
            );
            if basic::has_authorization(headers) {
                let challenge = HeaderValue::from_static("Basic realm=\"linden\", charset=\"UTF-8\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            response
        }
    }
}
