//! What is read off a request before an endpoint runs: which server is asked, by whom, under which request id.
//!
//! - The well-known documents may stand before the issuer's path (RFC 8414 §3.1); they are moved behind it.
//! - Forwarding headers and request ids count from those who are believed (`web::forwarding`, rule 10).

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use auth_core::time::Timestamp;
use auth_protocol::id::RequestId;
use auth_protocol::refused::Refused;
use auth_store::audit::Origin;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;

use crate::directory::ServerEntry;
use crate::environment::{Random, random_bytes};
use crate::pages::Locale;
use crate::state::AppState;

/// What an endpoint knows of the request beside its parameters.
#[derive(Clone)]
pub struct Call {
    pub server: Arc<ServerEntry>,
    pub origin: Origin,
    pub locale: Locale,
    reason: Arc<OnceLock<String>>,
}

impl Call {
    pub fn new(state: &AppState, server: Arc<ServerEntry>, request_id: String, request: &Request) -> Self {
        let origin = Origin { remote_address: remote_address(state, request), request_id };
        Self { server, origin, locale: locale(request.headers()), reason: Arc::default() }
    }

    /// Why it is about to be refused, for those who run the server, where the answer itself must not say so. The first
    /// that is told counts. It is no place for secrets.
    pub fn because(&self, reason: impl Into<String>) {
        self.reason.set(reason.into()).ok();
    }

    /// A refusal is logged, and goes on with the reason that was told.
    pub fn explain(&self, response: &mut Response) {
        let Some(refused) = response.extensions_mut().get_mut::<Refused>() else { return };
        if let Some(reason) = self.reason.get() {
            refused.reason.clone_from(reason);
        }
        tracing::debug!(code = refused.code, reason = refused.reason, "refused");
    }

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

    /// The same, its pages in the language that the request asks for.
    pub fn speaking(&self, ui_locales: Option<&str>, headers: &HeaderMap) -> Call {
        Call { locale: self.locale_for(ui_locales, headers), ..self.clone() }
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

/// `/.well-known/openid-configuration/auth` stands for `/auth/.well-known/openid-configuration`.
pub fn behind_issuer(path: &str) -> Cow<'_, str> {
    for document in WELL_KNOWN {
        if let Some(issuer_path) = path.strip_prefix(document) {
            return Cow::Owned(format!("{issuer_path}{document}"));
        }
    }
    Cow::Borrowed(path)
}

pub fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    text.parse().ok()
}

pub fn host<'a>(state: &'a AppState, request: &'a Request) -> &'a str {
    let named = state.forwarding.read(request).host();
    named.or_else(|| request.uri().authority().map(|authority| authority.as_str())).unwrap_or_default()
}

pub fn locale(headers: &HeaderMap) -> Locale {
    Locale::negotiate(None, accept_language(headers))
}

pub fn remote_address(state: &AppState, request: &Request) -> String {
    state.forwarding.read(request).remote_address()
}

pub fn request_id(state: &AppState, request: &Request) -> String {
    let given = state.forwarding.read(request).request_id();
    given.map_or_else(|| state.request_ids.next(state.now()).to_string(), str::to_owned)
}

/// Ids for requests that bring none. They tell requests apart and are no secrets, so that a number counted on from a
/// random start will do: randomness for each would cost more than the rest of a short request.
pub struct RequestIds {
    process: [u8; 6],
    count: AtomicU32,
}

impl RequestIds {
    pub fn new(random: &dyn Random) -> Self {
        Self { process: random_bytes(random), count: AtomicU32::new(u32::from_be_bytes(random_bytes(random))) }
    }

    fn next(&self, now: Timestamp) -> RequestId {
        let mut rest = [0; 10];
        rest[..6].copy_from_slice(&self.process);
        rest[6..].copy_from_slice(&self.count.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        RequestId::new(u64::try_from(now.millis()).unwrap_or_default(), rest)
    }
}
