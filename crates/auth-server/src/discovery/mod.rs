//! Discovery (OpenID Connect Discovery 1.0 §3, RFC 8414 §2): names only what exists, and every member whose default is
//! not true of us. Written once for each configuration, sent as it is.

use auth_core::role::SecurityScope;
use auth_core::server::Server;
use auth_protocol::scope::{EMAIL, OPENID, PHONE, PROFILE};
use axum::Extension;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use serde_json::json;

use crate::web::cors;
use crate::web::request::Call;

pub fn document(server: &Server, scopes: &[SecurityScope]) -> Bytes {
    let at = |endpoint: &str| format!("{}{endpoint}", server.issuer);
    let named = [OPENID, PROFILE, EMAIL, PHONE].into_iter().chain(scopes.iter().map(|scope| scope.name.as_str()));
    let document = json!({
        "issuer": server.issuer,
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/oauth/jwks"),
        "end_session_endpoint": at("/logout"),
        "scopes_supported": named.collect::<Vec<_>>(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login"],
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "sid", "acr", "amr", "nonce", "at_hash",
            "name", "preferred_username", "email", "phone_number"
        ],
        "ui_locales_supported": crate::pages::Locale::tags(),
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    });
    serde_json::to_vec(&document).unwrap_or_default().into()
}

pub async fn show(Extension(call): Extension<Call>) -> Response {
    cacheable_json(call.server.discovery.clone())
}

pub async fn key_set(Extension(call): Extension<Call>) -> Response {
    cacheable_json(call.server.keys.key_set.clone())
}

/// Five minutes: shorter than a new key waits before it signs, long enough to spare requests.
fn cacheable_json(document: Bytes) -> Response {
    let mut response = Response::new(Body::from(document));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    cors::allow_everyone(response)
}
