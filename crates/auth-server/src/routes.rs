//! Every URL of an authorization server, below its base path.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, options, post};
use axum::{Extension, Router};

use crate::state::AppState;
use crate::web::entrance::Entrance;
use crate::web::request::Call;
use crate::web::{answer, cors};
use crate::{authorization, discovery, login, logout, not_offered, pages, session, token, user_info, user_operation};

/// Who may use an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody: it says nothing about anybody.
    Public,
    /// Whoever has the session cookie; others are told that nobody is signed in, or asked to sign in.
    Session,
    /// A form that must come from this browser.
    BrowserForm,
    /// An authenticated client.
    Client,
    /// The bearer of an access token.
    Bearer,
}

/// One line of the table; a test fails for every address that has no authorization test.
#[derive(Clone, Copy)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
    /// What it reads, of the query or of a form: a test sends each as no honest client would.
    parameters: &'static [&'static [&'static str]],
    handler: fn() -> MethodRouter<Arc<AppState>>,
}

const fn route(
    method: &'static str,
    path: &'static str,
    access: Access,
    parameters: &'static [&'static [&'static str]],
    handler: fn() -> MethodRouter<Arc<AppState>>,
) -> Route {
    Route { method, path, access, parameters, handler }
}

impl Route {
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.parameters.iter().copied().flatten().copied()
    }
}

const NOTHING: &[&[&str]] = &[];
const AUTHORIZE: &[&str] = &[
    "accountId",
    "acr_values",
    "claims",
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "display",
    "id_token_hint",
    "login_hint",
    "max_age",
    "nonce",
    "prompt",
    "redirect_uri",
    "registration",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "ui_locales",
];
/// Sealed by this server.
const SEALED: &[&str] = &["answer", "posted"];
/// How a client proves itself.
const CLIENT: &[&str] = &["client_id", "client_secret", "client_assertion", "client_assertion_type"];
const TOKEN: &[&str] = &["accountId", "code", "code_verifier", "grant_type", "purpose", "redirect_uri", "scope"];
const SIGN_OUT: &[&str] =
    &["client_id", "id_token_hint", "logout_hint", "post_logout_redirect_uri", "state", "ui_locales"];
const FORM: &[&str] = &["_csrf", "request"];

pub const ROUTES: &[Route] = &[
    route("GET", "/.well-known/openid-configuration", Access::Public, NOTHING, || get(discovery::show)),
    route("GET", "/.well-known/oauth-authorization-server", Access::Public, NOTHING, || get(discovery::show)),
    route("GET", "/oauth/jwks", Access::Public, NOTHING, || get(discovery::key_set)),
    route("GET", "/oauth/authorize", Access::Session, &[AUTHORIZE, SEALED], || get(authorization::authorize)),
    route("POST", "/oauth/authorize", Access::Session, &[AUTHORIZE], || post(authorization::authorize_by_post)),
    route("POST", "/oauth/par", Access::Client, &[AUTHORIZE, CLIENT], || post(authorization::push)),
    route("POST", "/oauth/token", Access::Client, &[TOKEN, CLIENT], || post(token::token)),
    route("GET", "/userinfo", Access::Bearer, NOTHING, || get(user_info::user_info)),
    route("POST", "/userinfo", Access::Bearer, &[&["access_token"]], || post(user_info::user_info)),
    route("GET", "/login", Access::Public, &[&["client_id", "redirect_uri", "request", "ui_locales"]], || {
        get(login::show)
    }),
    route("POST", "/login", Access::BrowserForm, &[FORM, &["password", "username"]], || post(login::submit)),
    route("GET", "/logout", Access::Session, &[SIGN_OUT], || get(logout::by_get)),
    route("POST", "/logout", Access::Session, &[SIGN_OUT, FORM], || post(logout::by_post)),
    route("GET", "/session", Access::Session, &[&["client_id"]], || get(session::show)),
    route("GET", "/user-operations", Access::Session, &[&["accountId", "client_id", "scope"]], || {
        get(user_operation::by_session)
    }),
    route("GET", "/user-operations/resource", Access::Bearer, &[&["client_id", "scope"]], || {
        get(user_operation::by_token)
    }),
    route("GET", "/assets/{name}", Access::Public, NOTHING, || get(asset)),
];

/// Addresses of the contract that answer `not_offered` until their half of the server exists.
pub const NOT_OFFERED_PAGES: &[&str] = &[
    "/register",
    "/password/forgot",
    "/password/reset",
    "/password/change",
    "/email/verify",
    "/account/sessions",
    "/account/email",
    "/account/consents",
    "/remember-me-continuation",
];

pub const NOT_OFFERED_ENDPOINTS: &[&str] = &[
    "/register/embedded/submit",
    "/embedded/login",
    "/oauth/revoke",
    "/oauth/introspect",
    "/passcode/retrieve",
    "/passcode/consume",
    "/user-attributes",
    "/roles/ids",
    "/permissions/ids",
    "/impersonation",
    "/impersonation/start",
    "/revocations",
];

/// Addresses that pages of other origins call.
const CROSS_ORIGIN: [&str; 6] =
    ["/oauth/token", "/oauth/par", "/userinfo", "/session", "/user-operations", "/user-operations/resource"];

pub(crate) fn router(state: Arc<AppState>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        for path in spellings(route.path) {
            router = router.route(&path, (route.handler)());
        }
    }
    for path in CROSS_ORIGIN.iter().flat_map(|path| spellings(path)) {
        router = router.route(&path, options(cors::preflight));
    }
    for path in NOT_OFFERED_PAGES {
        router = router.route(path, get(not_offered::hosted_page).post(not_offered::hosted_page));
    }
    for path in NOT_OFFERED_ENDPOINTS.iter().flat_map(|path| spellings(path)) {
        router = router.route(&path, get(not_offered::endpoint).post(not_offered::endpoint));
    }
    let routes = router
        .fallback(not_offered::unknown)
        .method_not_allowed_fallback(not_offered::method)
        .with_state(Arc::clone(&state));
    Router::new().fallback_service(Entrance { state, routes })
}

/// Everything under `/oauth/` answers under `/oauth2/` too.
fn spellings(path: &str) -> Vec<String> {
    match path.strip_prefix("/oauth/") {
        Some(rest) => vec![path.to_owned(), format!("/oauth2/{rest}")],
        None => vec![path.to_owned()],
    }
}

async fn asset(
    State(_): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(asset) = pages::assets::get(&name) else {
        return answer::error_page(&call, pages::ErrorKind::NotFound);
    };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = match known == Some(asset.etag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => asset.bytes.into_response(),
    };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    answer.insert(header::ETAG, HeaderValue::from_static(asset.etag));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}
