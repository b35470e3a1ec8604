//! Cross-site request forgery: a form counts only in the browser that it was shown in, for the request under way.
//!
//! 1. A page sets a random cookie, or keeps the one that is there.
//! 2. Its form carries an HMAC over the cookie and the sealed request.
//! 3. A submitted form is taken when the HMAC is right for a cookie that came with it, and the browser says that it was
//!    sent from here (`Sec-Fetch-Site: same-origin`, or the own `Origin` where that is absent).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::cookies;
use crate::directory::ServerEntry;
use crate::state::AppState;

/// The cookie of a browser to which a form is shown.
pub struct BrowserCookie {
    pub value: String,
    /// To be set when the browser had none.
    pub set: Option<HeaderValue>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsrfError {
    /// No cookie came back: the browser refuses them, or began elsewhere.
    NoCookie,
    /// The form was shown in another browser, or for another request.
    Mismatch,
    /// Sent by another site's page.
    CrossSite,
}

pub fn browser_cookie(state: &AppState, server: &ServerEntry, headers: &HeaderMap) -> BrowserCookie {
    let names = &server.cookies;
    if let Some(value) = cookies::values(headers, &names.csrf).into_iter().find(|value| is_well_formed(value)) {
        return BrowserCookie { value, set: None };
    }
    let value = URL_SAFE_NO_PAD.encode(state.random_bytes::<32>());
    let set = names.set(&names.csrf, &value);
    BrowserCookie { value, set }
}

/// Cookies that a form from this browser may have been shown under.
pub fn presented(server: &ServerEntry, headers: &HeaderMap) -> Vec<String> {
    let mut values = cookies::values(headers, &server.cookies.csrf);
    values.retain(|value| is_well_formed(value));
    values
}

fn is_well_formed(value: &str) -> bool {
    URL_SAFE_NO_PAD.decode(value).is_ok_and(|bytes| bytes.len() == 32)
}

/// What ties a sealed request to the browser.
pub fn browser_hash(cookie: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, cookie.as_bytes()))
}

pub fn token(server: &ServerEntry, cookie: &str, request: &str) -> String {
    URL_SAFE_NO_PAD.encode(hmac::sign(&server.keys.csrf, message(cookie, request).as_bytes()))
}

fn message(cookie: &str, request: &str) -> String {
    format!("{cookie}.{request}")
}

/// The cookie under which the form was shown.
pub fn check(server: &ServerEntry, headers: &HeaderMap, request: &str, token: &str) -> Result<String, CsrfError> {
    if !is_from_here(server, headers) {
        return Err(CsrfError::CrossSite);
    }
    let presented = presented(server, headers);
    if presented.is_empty() {
        return Err(CsrfError::NoCookie);
    }
    let token = URL_SAFE_NO_PAD.decode(token).map_err(|_| CsrfError::Mismatch)?;
    let matching = presented
        .into_iter()
        .find(|cookie| hmac::verify(&server.keys.csrf, message(cookie, request).as_bytes(), &token).is_ok());
    matching.ok_or(CsrfError::Mismatch)
}

fn is_from_here(server: &ServerEntry, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => text("origin").is_some_and(|origin| origin == server.origin),
    }
}
