//! Before an endpoint runs: which authorization server is asked, by whom, under which request id.
//!
//! 1. The host and the longest issuer path that the request's path starts with name the server; the base path is taken
//!    off, so that routes are written once for all servers.
//! 2. The well-known documents may stand before the issuer's path (RFC 8414 §3.1); they are moved behind it.
//! 3. Behind our own gateway its forwarding headers and request id count; otherwise none does (rule 10).

use std::sync::Arc;

use auth_protocol::id::RequestId;
use auth_store::audit::Origin;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::answer;
use crate::directory::ServerEntry;
use crate::pages::Locale;
use crate::state::{AppState, new_id};

/// What an endpoint knows of the request beside its parameters.
#[derive(Clone)]
pub struct Call {
    pub server: Arc<ServerEntry>,
    pub origin: Origin,
    pub locale: Locale,
}

impl Call {
    /// Where pages find their style sheet.
    pub fn assets(&self) -> String {
        self.server.path("/assets")
    }

    /// The page's language, with what the request itself asks for first.
    pub fn locale_for(&self, ui_locales: Option<&str>, headers: &HeaderMap) -> Locale {
        match ui_locales {
            Some(_) => Locale::negotiate(ui_locales, accept_language(headers)),
            None => self.locale,
        }
    }
}

fn accept_language(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()
}

/// A prefetch, or a HEAD, which axum gives to the handler of GET: a GET that changes state refuses both (rule 8).
pub fn is_speculative(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::HEAD || headers.contains_key("sec-purpose")
}

const WELL_KNOWN: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

pub async fn server_for(State(state): State<Arc<AppState>>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let origin = Origin { remote_address: remote_address(&state, headers), request_id: request_id(&state, headers) };
    let locale = Locale::negotiate(None, accept_language(headers));
    let host = host(&state, &request);
    let path = behind_issuer(request.uri().path());
    let Some((server, rest)) = state.directory.find(&host, &path) else {
        let unknown = answer::unknown_server(&origin, locale, headers);
        return super::headers::finish(&origin.request_id, false, unknown);
    };
    let Some(uri) = with_path(request.uri(), if rest.is_empty() { "/" } else { &rest }) else {
        let unknown = answer::unknown_server(&origin, locale, headers);
        return super::headers::finish(&origin.request_id, false, unknown);
    };
    *request.uri_mut() = uri;
    let call = Call { server, origin, locale };
    request.extensions_mut().insert(call.clone());
    let response = next.run(request).await;
    super::headers::finish(&call.origin.request_id, call.server.origin.starts_with("https:"), response)
}

/// `/.well-known/openid-configuration/auth` stands for `/auth/.well-known/openid-configuration`.
fn behind_issuer(path: &str) -> String {
    for document in WELL_KNOWN {
        if let Some(issuer_path) = path.strip_prefix(document) {
            return format!("{issuer_path}{document}");
        }
    }
    path.to_owned()
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    text.parse().ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn host(state: &AppState, request: &Request) -> String {
    let forwarded = text(request.headers(), "x-forwarded-host").filter(|_| state.behind_gateway);
    let named = forwarded.or_else(|| text(request.headers(), "host"));
    let named = named.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    named.unwrap_or_default().to_owned()
}

fn remote_address(state: &AppState, headers: &HeaderMap) -> String {
    let forwarded = text(headers, "x-forwarded-for").filter(|_| state.behind_gateway);
    forwarded.and_then(|all| all.rsplit(',').next()).map(str::trim).unwrap_or_default().to_owned()
}

fn request_id(state: &AppState, headers: &HeaderMap) -> String {
    let given = text(headers, "x-request-id").filter(|id| state.behind_gateway && id.len() <= 64);
    given.map_or_else(|| new_id!(state, RequestId).to_string(), str::to_owned)
}
