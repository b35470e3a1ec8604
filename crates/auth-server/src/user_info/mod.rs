//! User info (OpenID Connect Core §5.3), for an access token that names this server as an audience.
//!
//! Beside the token's signature and times, its grant and its session must still stand and its user be enabled.

use std::sync::Arc;

use auth_core::session::SessionState;
use auth_core::token::profile;
use auth_core::user::{Membership, User};
use auth_protocol::claims::{AccessTokenClaims, IdentityClaims, ProfileClaims};
use auth_protocol::jws::{ACCESS_TOKEN, Header};
use auth_protocol::oauth_error::ErrorCode;
use auth_store::Error;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Serialize;

use crate::directory::ServerEntry;
use crate::state::AppState;
use crate::token::subject_claims;
use crate::web::request::Call;
use crate::web::{answer, cors};

#[derive(Debug, Serialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    profile: ProfileClaims,
    #[serde(flatten)]
    identity: Option<IdentityClaims>,
}

enum UserInfoError {
    /// No bearer token at all: no error code then (RFC 6750 §3.1).
    Missing,
    Token,
    Store(Error),
}

impl From<Error> for UserInfoError {
    fn from(error: Error) -> Self {
        UserInfoError::Store(error)
    }
}

pub async fn user_info(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    headers: HeaderMap,
) -> Response {
    match answer_for(&state, &call, &headers).await {
        Ok(response) => response,
        Err(UserInfoError::Store(error)) => answer::storage_oauth_error(&call, &error),
        Err(UserInfoError::Missing) => {
            let refused = answer::oauth_error(ErrorCode::InvalidToken, "send an access token as a Bearer");
            let refused = challenge(refused, "Bearer realm=\"linden\"");
            cors::allow_any_client(&state, &call, &headers, refused).await
        }
        Err(UserInfoError::Token) => {
            let refused = answer::oauth_error(ErrorCode::InvalidToken, "the access token is not valid here");
            let refused = challenge(refused, "Bearer realm=\"linden\", error=\"invalid_token\"");
            cors::allow_any_client(&state, &call, &headers, refused).await
        }
    }
}

fn challenge(mut response: Response, challenge: &'static str) -> Response {
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    response
}

async fn answer_for(state: &AppState, call: &Call, headers: &HeaderMap) -> Result<Response, UserInfoError> {
    let server = call.server.server.id;
    let token = bearer(headers).ok_or(UserInfoError::Missing)?;
    let claims = verified(state, &call.server, token).ok_or(UserInfoError::Token)?;
    let user = live_user(state, call, &claims).await?.ok_or(UserInfoError::Token)?;
    let client = state.directory.client(server, &claims.client_id).await?.ok_or(UserInfoError::Token)?;
    let account = match (claims.identity.acct_id, user.customer_id) {
        (Some(account), Some(customer)) => {
            auth_store::account::membership(&state.database, server, customer, account).await?
        }
        _ => None,
    };
    let info = view(&user, account.as_ref(), &claims, client.settings.first_party);
    Ok(cors::allow(&client, headers, Json(info).into_response()))
}

fn view(user: &User, account: Option<&Membership>, claims: &AccessTokenClaims, first_party: bool) -> UserInfo {
    UserInfo {
        sub: user.id.to_string(),
        profile: profile(user, &claims.scope),
        identity: first_party.then(|| subject_claims(user, account)),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (value, None) = (all.next()?.to_str().ok()?, all.next()) else { return None };
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn verified(state: &AppState, server: &ServerEntry, token: &str) -> Option<AccessTokenClaims> {
    let key_id = Header::read(token).ok()?.kid?;
    let claims: AccessTokenClaims = server.keys.verifying(&key_id)?.verify(ACCESS_TOKEN, token).ok()?;
    let issuer = &server.server.issuer;
    let ours = claims.iss == *issuer && claims.aud.contains(issuer);
    (ours && state.now().seconds() < claims.exp).then_some(claims)
}

async fn live_user(state: &AppState, call: &Call, claims: &AccessTokenClaims) -> Result<Option<User>, Error> {
    let (database, server) = (&state.database, call.server.server.id);
    let (Some(session), Some(grant), Some(user)) = (claims.sid, claims.gid, claims.identity.user_id) else {
        return Ok(None);
    };
    let session = auth_store::session::find(database, server, session).await?;
    let stands = session.is_some_and(|session| session.times.state(state.now()) != SessionState::Ended);
    if !stands || !auth_store::token::is_grant_alive(database, server, grant).await? {
        return Ok(None);
    }
    Ok(auth_store::user::find(database, server, user).await?.filter(|user| user.enabled))
}
