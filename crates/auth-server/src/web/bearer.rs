//! Who calls with an access token of ours (RFC 6750), for the endpoints of this server that take one.
//!
//! 1. The token comes in one place: the Authorization header, or a form's `access_token` (§2.2). Never in the query (§2.3):
//!    addresses are kept in histories and logs.
//! 2. Signature, type, issuer, audience and times must be right, and the client enabled.
//! 3. Its grant and its session must still stand and its user be enabled: these answers are about the user as they are now.

use std::sync::Arc;

use auth_core::authorization::{Parameters, RequestedClaims};
use auth_core::client::Client;
use auth_core::session::SessionState;
use auth_core::user::User;
use auth_protocol::claims::AccessTokenClaims;
use auth_protocol::jws::ACCESS_TOKEN;
use auth_protocol::oauth_error::ErrorCode;
use auth_store::Error;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::request::Call;
use crate::directory::ServerEntry;
use crate::state::AppState;

/// A user who is there, by a token of an enabled client.
pub struct Bearer {
    pub claims: AccessTokenClaims,
    pub client: Arc<Client>,
    pub user: User,
    /// By the token's grant.
    pub requested: RequestedClaims,
}

pub enum BearerError {
    /// No token at all: no error code then (§3.1).
    Missing,
    /// In the wrong place, or in two.
    Malformed(&'static str),
    /// Not valid here, or not any more.
    Token,
    /// It was not granted this scope.
    Scope(&'static str),
    Store(Error),
}

impl From<Error> for BearerError {
    fn from(error: Error) -> Self {
        BearerError::Store(error)
    }
}

impl BearerError {
    pub fn code(&self) -> ErrorCode {
        match self {
            BearerError::Missing | BearerError::Token => ErrorCode::InvalidToken,
            BearerError::Malformed(_) => ErrorCode::InvalidRequest,
            BearerError::Scope(_) => ErrorCode::InsufficientScope,
            BearerError::Store(_) => ErrorCode::TemporarilyUnavailable,
        }
    }

    /// Of an answer that is no OAuth error (§3.1).
    pub fn status(&self) -> u16 {
        match self {
            BearerError::Missing | BearerError::Token => 401,
            BearerError::Malformed(_) => 400,
            BearerError::Scope(_) => 403,
            BearerError::Store(_) => 503,
        }
    }

    pub fn description(&self) -> String {
        match self {
            BearerError::Missing => "send an access token as a Bearer".to_owned(),
            BearerError::Malformed(what) => (*what).to_owned(),
            BearerError::Token => "the access token is not valid here".to_owned(),
            BearerError::Scope(scope) => format!("the access token was not granted the scope {scope}"),
            BearerError::Store(_) => "try again in a moment".to_owned(),
        }
    }

    /// `WWW-Authenticate` on the answer (§3).
    pub fn challenge(&self, mut response: Response) -> Response {
        let realm = "Bearer realm=\"linden\"";
        let value = match self {
            BearerError::Missing => realm.to_owned(),
            BearerError::Scope(scope) => format!("{realm}, error=\"{}\", scope=\"{scope}\"", self.code().name()),
            _ => format!("{realm}, error=\"{}\"", self.code().name()),
        };
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        response
    }
}

/// Steps 1 to 3. `form` are the parameters of a form body, where there was one.
pub async fn authenticate(
    state: &AppState,
    call: &Call,
    headers: &HeaderMap,
    query: &Parameters,
    form: Option<&Parameters>,
) -> Result<Bearer, BearerError> {
    let token = presented(headers, query, form)?;
    let claims = verified(state, &call.server, token).ok_or(BearerError::Token)?;
    let client = state.directory.client(call.server.server.id, &claims.client_id).await?.ok_or(BearerError::Token)?;
    let (user, requested) = live_user(state, call, &claims).await?.ok_or(BearerError::Token)?;
    Ok(Bearer { claims, client, user, requested })
}

/// Step 1.
fn presented<'a>(
    headers: &'a HeaderMap,
    query: &Parameters,
    form: Option<&'a Parameters>,
) -> Result<&'a str, BearerError> {
    if query.get("access_token").is_some() {
        return Err(BearerError::Malformed("an access token never belongs in an address"));
    }
    let in_form = form.and_then(|form| form.get("access_token"));
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    match (all.next(), all.next(), in_form) {
        (None, _, Some(token)) => Ok(token),
        (None, _, None) => Err(BearerError::Missing),
        (Some(header), None, None) => in_header(header),
        (Some(_), _, _) => Err(BearerError::Malformed("send one access token, in one place")),
    }
}

fn in_header(header: &HeaderValue) -> Result<&str, BearerError> {
    let text = header.to_str().map_err(|_| BearerError::Token)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(BearerError::Missing) }
}

/// Step 2.
fn verified(state: &AppState, server: &ServerEntry, token: &str) -> Option<AccessTokenClaims> {
    let claims: AccessTokenClaims = server.keys.verified(ACCESS_TOKEN, token)?;
    let issuer = &server.server.issuer;
    let ours = claims.iss == *issuer && claims.aud.contains(issuer);
    (ours && state.now().seconds() < claims.exp).then_some(claims)
}

/// Step 3.
async fn live_user(
    state: &AppState,
    call: &Call,
    claims: &AccessTokenClaims,
) -> Result<Option<(User, RequestedClaims)>, Error> {
    let (database, server) = (&state.database, call.server.server.id);
    let (Some(session), Some(grant), Some(user)) = (claims.sid, claims.gid, claims.identity.user_id) else {
        return Ok(None);
    };
    let session = auth_store::session::find(database, server, session).await?;
    if session.is_none_or(|session| session.times.state(state.now()) == SessionState::Ended) {
        return Ok(None);
    }
    let Some(requested) = auth_store::token::claims_of_grant(database, server, grant).await? else { return Ok(None) };
    let user = auth_store::user::find(database, server, user).await?.filter(|user| user.enabled);
    Ok(user.map(|user| (user, requested)))
}
