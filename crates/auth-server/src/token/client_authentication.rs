//! Client authentication (RFC 6749 §2.3): `none` for public clients, `client_secret_basic`, `client_secret_post`.
//! One method a request; the client must be registered for it.

use std::sync::Arc;

use auth_core::authorization::Parameters;
use auth_core::client::{AuthenticationMethod, Client};
use auth_protocol::oauth_error::ErrorCode;
use auth_store::Error;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use crate::authorization::secret_hash;
use crate::state::AppState;
use crate::web::answer;
use crate::web::request::Call;

#[derive(Debug)]
pub(super) enum AuthenticationError {
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

pub(super) async fn authenticate(
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
    if let Some(secret) = presented.secret {
        let hash = secret_hash(&secret);
        let known = client.secret_hashes.iter().filter(|known| bool::from(known.ct_eq(&hash))).count();
        if known == 0 {
            return Err(AuthenticationError::Refused);
        }
    }
    Ok(client)
}

fn presented(parameters: &Parameters, headers: &HeaderMap) -> Result<Presented, AuthenticationError> {
    let (in_body, secret) = (parameters.get("client_id"), parameters.get("client_secret"));
    if has_authorization(headers) {
        if secret.is_some() {
            return Err(AuthenticationError::Malformed("authenticate by header or by body, not by both"));
        }
        let (client_id, secret) =
            basic(headers).ok_or(AuthenticationError::Malformed("the Authorization header is no Basic credentials"))?;
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

fn has_authorization(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

/// Both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (value, None) = (all.next()?.to_str().ok()?, all.next()) else { return None };
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    let mut pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

pub(super) fn refusal(call: &Call, headers: &HeaderMap, error: AuthenticationError) -> Response {
    match error {
        AuthenticationError::Malformed(detail) => answer::oauth_error(ErrorCode::InvalidRequest, detail),
        AuthenticationError::Store(error) => answer::storage_oauth_error(call, &error),
        AuthenticationError::Refused => {
            let mut response = answer::oauth_error(
                ErrorCode::InvalidClient,
                "the client is unknown, its secret wrong, or this way of authentication not its own",
            );
            if has_authorization(headers) {
                let challenge = HeaderValue::from_static("Basic realm=\"linden\", charset=\"UTF-8\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn basic_credentials_are_form_encoded() {
        let encoded = STANDARD.encode("shop%2Done:a%20b%3A%2Bc");
        let read = basic(&headers(&[&format!("bAsIc {encoded}")]));
        assert_eq!(read, Some(("shop-one".to_owned(), "a b:+c".to_owned())));
        for broken in ["Bearer abc", "Basic", "Basic !!!", &format!("Basic {}", STANDARD.encode("nocolon"))] {
            assert_eq!(basic(&headers(&[broken])), None, "{broken}");
        }
        let twice = format!("Basic {encoded}");
        assert_eq!(basic(&headers(&[&twice, &twice])), None);
    }
}
