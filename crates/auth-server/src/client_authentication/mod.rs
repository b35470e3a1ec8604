//! Client authentication (RFC 6749 §2.3): `none` for public clients, `client_secret_basic`, `client_secret_post`,
//! `private_key_jwt`. One method a request; the client must be registered for it. Only an assertion costs a write.

mod assertion;
mod basic;

use std::sync::Arc;

use auth_core::authorization::Parameters;
use auth_core::client::{ASSERTION_TYPE, AuthenticationMethod, Client, InvalidAssertion};
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
    /// Unknown or disabled client, wrong secret or signature, method that it may not use: one answer for all.
    Refused,
    AssertionType,
    /// The client signed it, and must be told what is wrong with it.
    Assertion(InvalidAssertion),
    Store(Error),
}

struct Presented<'a> {
    client_id: String,
    credential: Credential<'a>,
}

enum Credential<'a> {
    None,
    BasicSecret(String),
    PostedSecret(&'a str),
    Assertion(&'a str),
}

impl Credential<'_> {
    fn method(&self) -> AuthenticationMethod {
        match self {
            Credential::None => AuthenticationMethod::None,
            Credential::BasicSecret(_) => AuthenticationMethod::ClientSecretBasic,
            Credential::PostedSecret(_) => AuthenticationMethod::ClientSecretPost,
            Credential::Assertion(_) => AuthenticationMethod::PrivateKeyJwt,
        }
    }
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
        .ok_or_else(|| refused(call, format!("there is no enabled client {}", presented.client_id)))?;
    if !client.settings.authentication_methods.contains(&presented.credential.method()) {
        return Err(refused(call, format!("{} is not registered for this way of authentication", presented.client_id)));
    }
    let is_proven = match presented.credential {
        Credential::None => true,
        Credential::BasicSecret(secret) => client.has_secret(&secret, state.now()),
        Credential::PostedSecret(secret) => client.has_secret(secret, state.now()),
        Credential::Assertion(assertion) => {
            assertion::verify(state, call, &client, assertion).await?;
            true
        }
    };
    match is_proven {
        true => Ok(client),
        false => Err(refused(call, format!("the secret is none of {}", presented.client_id))),
    }
}

fn refused(call: &Call, reason: String) -> AuthenticationError {
    call.because(reason);
    AuthenticationError::Refused
}

fn presented<'a>(parameters: &'a Parameters, headers: &HeaderMap) -> Result<Presented<'a>, AuthenticationError> {
    use AuthenticationError::Malformed;
    let in_body = parameters.get("client_id");
    let (secret, assertion) = (parameters.get("client_secret"), assertion::presented(parameters)?);
    let by_header = basic::has_authorization(headers);
    if [by_header, secret.is_some(), assertion.is_some()].into_iter().filter(|given| *given).count() > 1 {
        return Err(Malformed("authenticate in one way: by header, by client_secret or by client_assertion"));
    }
    if by_header {
        let (client_id, secret) =
            basic::credentials(headers).ok_or(Malformed("the Authorization header is no Basic credentials"))?;
        if in_body.is_some_and(|named| named != client_id) {
            return Err(Malformed("client_id is not the client of the Authorization header"));
        }
        return Ok(Presented { client_id, credential: Credential::BasicSecret(secret) });
    }
    if let Some(assertion) = assertion {
        let named = in_body.map(str::to_owned).or_else(|| assertion::claimed_client(assertion));
        let client_id = named.ok_or(AuthenticationError::Refused)?;
        return Ok(Presented { client_id, credential: Credential::Assertion(assertion) });
    }
    let client_id = in_body.ok_or(Malformed("client_id is missing"))?.to_owned();
    Ok(Presented { client_id, credential: secret.map_or(Credential::None, Credential::PostedSecret) })
}

pub(crate) fn refusal(headers: &HeaderMap, error: AuthenticationError) -> Response {
    match error {
        AuthenticationError::Malformed(detail) => answer::oauth_error(ErrorCode::InvalidRequest, detail),
        AuthenticationError::Store(error) => answer::storage_oauth_error(&error),
        AuthenticationError::AssertionType => {
            answer::oauth_error(ErrorCode::InvalidClient, format!("client_assertion_type must be {ASSERTION_TYPE}"))
        }
        AuthenticationError::Assertion(error) => answer::oauth_error(ErrorCode::InvalidClient, error.to_string()),
        AuthenticationError::Refused => {
            let mut response = answer::oauth_error(
                ErrorCode::InvalidClient,
                "the client is unknown, its secret or signature wrong, or this way of authentication not its own",
            );
            if basic::has_authorization(headers) {
                let challenge = HeaderValue::from_static("Basic realm=\"linden\", charset=\"UTF-8\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            response
        }
    }
}
