//! Cross-origin calls: the origins of a client's redirect URIs may read its answers, with credentials when it is
//! first-party. A preflight names no client, so it is answered for any enabled client's origin.

use std::sync::Arc;

use auth_core::client::Client;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::request::Call;
use crate::state::AppState;

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

/// Documents for everybody.
pub fn allow_everyone(mut response: Response) -> Response {
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

pub async fn preflight(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    headers: HeaderMap,
) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let Some(origin) = headers.get(header::ORIGIN) else { return response };
    let known = match origin.to_str() {
        Ok(text) => state.directory.any_client_has_origin(call.server.server.id, text).await.unwrap_or(false),
        Err(_) => false,
    };
    let answer = response.headers_mut();
    answer.append(header::VARY, HeaderValue::from_static("Origin"));
    if known {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answer.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type"));
        answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}
