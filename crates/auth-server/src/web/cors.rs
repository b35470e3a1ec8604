//! Cross-origin calls: the origins of a client's redirect URIs may read its answers, with credentials when it is
//! first-party. A preflight names no client, so it is answered for any enabled client's origin.

use auth_core::client::Client;
use axum::Extension;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::request::Call;

/// Lets a page of the client read the answer.
pub fn allow(client: &Client, headers: &HeaderMap, mut response: Response) -> Response {
    let Some(origin) = headers.get(header::ORIGIN) else { return response };
    if origin.to_str().is_ok_and(|origin| client.has_origin(origin)) {
        let answer = response.headers_mut();
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answer.append(header::VARY, HeaderValue::from_static("Origin"));
        if client.settings.first_party {
            answer.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
    response
}

/// Lets pages of any client read an answer to a request that named none: it tells of nobody.
pub fn allow_any_client(call: &Call, headers: &HeaderMap, mut response: Response) -> Response {
    if let Some(origin) = known_origin(call, headers) {
        let answer = response.headers_mut();
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        answer.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}

/// The request's origin, when an enabled client has pages there.
fn known_origin(call: &Call, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    call.server.client_origins.contains(origin.to_str().ok()?).then(|| origin.clone())
}

pub async fn preflight(Extension(call): Extension<Call>, headers: HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let answer = response.headers_mut();
    answer.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = known_origin(&call, &headers) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        answer.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type"));
        answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}
