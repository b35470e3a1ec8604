//! A request under way, sealed: it travels through the browser as one parameter, readable and changeable by nobody,
//! good for 30 minutes unless the server says otherwise, in the browser that began it only. So the sign-in pages store nothing.

use auth_core::authorization::AuthorizationRequest;
use auth_core::client::RedirectUri;
use auth_core::time::{Span, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::csrf;
use crate::authorization::ClientAnswer;
use crate::directory::ServerEntry;
use crate::environment::Random;
use crate::keys::Sealer;
use crate::state::AppState;

/// What goes on when the form is answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Pending {
    /// Sign in, then a code for the client.
    Authorization(Box<AuthorizationRequest>),
    /// Sign in, then back to a registered page of the client.
    SignIn { client_id: String, return_to: RedirectUri },
    /// An authorization that was posted, from whatever browser.
    Posted(Box<AuthorizationRequest>),
    /// Go to the client, with the answer to its authorization.
    Answer(ClientAnswer),
    /// Sign out, then to a registered page of the client, if one was named.
    SignOut { return_to: Option<String>, ui_locales: Option<String> },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sealed {
    pub pending: Pending,
    pub issued_at: Timestamp,
    browser: String,
}

impl Sealed {
    /// Whether it began in the browser that has this cookie.
    pub fn is_of(&self, cookie: &str) -> bool {
        csrf::browser_hash(cookie) == self.browser
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsealError {
    Broken,
    Expired,
    /// Began in another browser, or its cookie is gone.
    OtherBrowser,
}

pub fn seal(state: &AppState, server: &ServerEntry, pending: Pending, cookie: &str) -> Result<String, UnsealError> {
    let sealed = Sealed { pending, issued_at: state.now(), browser: csrf::browser_hash(cookie) };
    let plain = serde_json::to_vec(&sealed).map_err(|_| UnsealError::Broken)?;
    close(&server.keys.requests, &purpose(server), &plain, state.random.as_ref())
}

pub(crate) fn close(sealer: &Sealer, purpose: &str, plain: &[u8], random: &dyn Random) -> Result<String, UnsealError> {
    let bytes = sealer.seal(purpose.as_bytes(), plain, random).map_err(|_| UnsealError::Broken)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

pub(crate) fn open(sealer: &Sealer, purpose: &str, text: &str) -> Result<Sealed, UnsealError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| UnsealError::Broken)?;
    let plain = sealer.open(purpose.as_bytes(), &bytes).map_err(|_| UnsealError::Broken)?;
    serde_json::from_slice(&plain).map_err(|_| UnsealError::Broken)
}

/// `cookies` are those of the browser that shows the request.
pub fn unseal(state: &AppState, server: &ServerEntry, text: &str, cookies: &[String]) -> Result<Sealed, UnsealError> {
    let sealed = open(&server.keys.requests, &purpose(server), text)?;
    let good_for = Span::minutes(server.server.settings.limits.sign_in_minutes.into());
    if state.now().since(sealed.issued_at) > good_for {
        return Err(UnsealError::Expired);
    }
    if !cookies.iter().any(|cookie| sealed.is_of(cookie)) {
        return Err(UnsealError::OtherBrowser);
    }
    Ok(sealed)
}

fn purpose(server: &ServerEntry) -> String {
    format!("request under way at {}", server.server.id)
}
