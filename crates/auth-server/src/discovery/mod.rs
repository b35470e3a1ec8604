//! Discovery (OpenID Connect Discovery 1.0 §3, RFC 8414 §2): names only what exists, and every member whose default is
//! not true of us. Written once for each configuration, sent as it is.

use auth_core::authorization::ResponseMode;
use auth_core::role::SecurityScope;
use auth_core::server::{ClaimPlace, Server};
use auth_core::session::ACR_VALUES;
use auth_protocol::scope::{EMAIL, OPENID, PHONE, PROFILE};
use axum::Extension;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use serde_json::json;

use crate::directory::ServerEntry;
use crate::web::headers;
use crate::web::request::Call;

const CLAIMS: [&str; 15] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "sid",
    "acr",
    "amr",
    "nonce",
    "at_hash",
    "name",
    "preferred_username",
    "email",
    "phone_number",
];

pub fn document(server: &Server, scopes: &[SecurityScope]) -> Bytes {
    let at = |endpoint: &str| format!("{}{endpoint}", server.issuer);
    let named = [OPENID, PROFILE, EMAIL, PHONE].into_iter().chain(scopes.iter().map(|scope| scope.name.as_str()));
    // Those of access tokens are for services, and no business of clients.
    let is_told = |places: &[ClaimPlace]| places.iter().any(|place| *place != ClaimPlace::AccessToken);
    let of_attributes = server.settings.claims.iter().filter(|mapping| is_told(&mapping.places));
    let of_attributes = of_attributes.map(|mapping| mapping.claim.as_str());
    let document = json!({
        "issuer": server.issuer,
        "authorization_endpoint": at("/oauth/authorize"),
        "pushed_authorization_request_endpoint": at("/oauth/par"),
        "require_pushed_authorization_requests": false,
        "token_endpoint": at("/oauth/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/oauth/jwks"),
        "end_session_endpoint": at("/logout"),
        "scopes_supported": named.collect::<Vec<_>>(),
        "response_types_supported": ["code"],
        "response_modes_supported": ResponseMode::EVERY.map(ResponseMode::name),
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
        "token_endpoint_auth_methods_supported":
            ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256", "EdDSA", "Ed25519"],
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": ACR_VALUES,
        "prompt_values_supported": ["none", "login"],
        "claims_supported": CLAIMS.into_iter().chain(of_attributes).collect::<Vec<_>>(),
        "ui_locales_supported": crate::pages::Locale::tags(),
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    });
    serde_json::to_vec(&document).unwrap_or_default().into()
}

/// A document with the headers that it is sent with, made once.
pub struct Document {
    headers: HeaderMap,
    body: Bytes,
}

impl Document {
    /// For everybody, for five minutes: shorter than a new key waits before it signs, long enough to spare requests.
    pub fn new(body: Bytes, promise_tls: bool) -> Self {
        let mut fixed = HeaderMap::new();
        fixed.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        fixed.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
        fixed.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers::fix(promise_tls, &mut fixed);
        // Each answer's own takes this one's place, and no room has to be made for it.
        fixed.insert(headers::REQUEST_ID, HeaderValue::from_static("-"));
        Self { headers: fixed, body }
    }

    fn answer(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        response.headers_mut().clone_from(&self.headers);
        response
    }
}

/// The answer to a GET of a path below the issuer's, when it is one of these documents: given before any route is
/// looked at.
pub fn answer(server: &ServerEntry, path: &str, request_id: &str) -> Option<Response> {
    let document = match path {
        "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server" => &server.discovery,
        "/oauth/jwks" | "/oauth2/jwks" => &server.key_set,
        _ => return None,
    };
    let mut response = document.answer();
    headers::name_request(request_id, response.headers_mut());
    Some(response)
}

/// What comes by a route all the same: HEAD.
pub async fn show(Extension(call): Extension<Call>) -> Response {
    call.server.discovery.answer()
}

pub async fn key_set(Extension(call): Extension<Call>) -> Response {
    call.server.key_set.answer()
}
