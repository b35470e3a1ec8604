//! Sign-out (OpenID Connect RP-Initiated Logout 1.0 §2).
//!
//! 1. A `post_logout_redirect_uri` must be registered for the client that the hint or `client_id` names; otherwise a
//!    page, and nothing ends.
//! 2. With a hint of this browser's session it ends at once; otherwise the user is asked (`auth_core::logout`).
//! 3. A form from another site comes without the cookie. Its hint will do; without one it becomes a GET, which has the
//!    cookie. A cookie that did not come is not removed: the form may be an attacker's.
//! 4. Prefetches end nothing.

use std::sync::Arc;

use auth_core::authorization::Parameters;
use auth_core::logout::{LogoutDecision, decide};
use auth_core::session::Session;
use auth_protocol::claims::IdTokenClaims;
use auth_protocol::id::{AuditEventId, SessionId};
use auth_protocol::jws::{Header, ID_TOKEN};
use auth_store::audit::{AuditEvent, AuditKind};
use axum::Extension;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use url::form_urlencoded;

use crate::directory::ServerEntry;
use crate::pages::{ErrorKind, LogoutPage, SignedOutPage};
use crate::session::current_session;
use crate::state::{AppState, new_id};
use crate::web::request::{Call, is_speculative};
use crate::web::sealed::{Pending, seal, unseal};
use crate::web::{answer, cookies, csrf, form};

pub async fn by_get(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if is_speculative(&method, &headers) {
        return answer::error_page(&call, ErrorKind::BadRequest { detail: "signing out cannot be prefetched" });
    }
    match form::query(query.as_deref()) {
        Ok(parameters) => sign_out(&state, &call, &parameters, &headers).await,
        Err(error) => answer::form_error_page(&call, &error),
    }
}

pub async fn by_post(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let parameters = match form::body(request, &call.server.server.settings.limits).await {
        Ok(parameters) => parameters,
        Err(error) => return answer::form_error_page(&call, &error),
    };
    match parameters.get("_csrf") {
        Some(token) => confirmed(&state, &call, &parameters, token, &headers).await,
        None if !has_session_cookie(&call, &headers) && hint(&call.server, &parameters).is_none() => {
            by_get_instead(&call, &parameters)
        }
        None => sign_out(&state, &call, &parameters, &headers).await,
    }
}

fn has_session_cookie(call: &Call, headers: &HeaderMap) -> bool {
    !cookies::values(headers, &call.server.cookies.session).is_empty()
}

/// Step 3, for a form without a hint.
fn by_get_instead(call: &Call, parameters: &Parameters) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in ["client_id", "post_logout_redirect_uri", "state"] {
        if let Some(value) = parameters.get(name) {
            query.append_pair(name, value);
        }
    }
    answer::see_other(&format!("{}?{}", call.server.path("/logout"), query.finish()))
}

async fn sign_out(state: &AppState, call: &Call, parameters: &Parameters, headers: &HeaderMap) -> Response {
    let hint = hint(&call.server, parameters);
    let return_to = match return_address(state, call, parameters, hint.as_ref()).await {
        Ok(return_to) => return_to,
        Err(response) => return response,
    };
    let session = match current_session(state, &call.server, headers).await {
        Ok(session) => session,
        Err(error) => return answer::storage_page(call, &error),
    };
    match decide(hint.as_ref().map(|claims| claims.sid), session.as_ref().map(|session| session.id)) {
        LogoutDecision::End(session) => {
            let user = hint.map(|claims| claims.sub).unwrap_or_default();
            end(state, call, SignedIn { session, user }, return_to.as_deref(), headers).await
        }
        LogoutDecision::AlreadyOut => signed_out(call, return_to.as_deref(), headers),
        LogoutDecision::Ask => ask(state, call, session.as_ref(), return_to, headers).await,
    }
}

/// An ID token of ours, expired or not.
fn hint(server: &ServerEntry, parameters: &Parameters) -> Option<IdTokenClaims> {
    let token = parameters.get("id_token_hint")?;
    let key_id = Header::read(token).ok()?.kid?;
    let claims: IdTokenClaims = server.keys.verifying(&key_id)?.verify(ID_TOKEN, token).ok()?;
    (claims.iss == server.server.issuer).then_some(claims)
}

/// Where to go afterwards, `state` added.
async fn return_address(
    state: &AppState,
    call: &Call,
    parameters: &Parameters,
    hint: Option<&IdTokenClaims>,
) -> Result<Option<String>, Response> {
    let Some(presented) = parameters.get("post_logout_redirect_uri") else { return Ok(None) };
    let named = parameters.get("client_id");
    let audience = hint.map(|claims| claims.aud.as_str());
    if let (Some(named), Some(audience)) = (named, audience)
        && named != audience
    {
        let detail = "client_id is not the client of id_token_hint";
        return Err(answer::error_page(call, ErrorKind::BadRequest { detail }));
    }
    let client_id = named.or(audience).unwrap_or_default();
    let client = match state.directory.client(call.server.server.id, client_id).await {
        Ok(Some(client)) => client,
        Ok(None) => return Err(answer::error_page(call, ErrorKind::UnknownClient)),
        Err(error) => return Err(answer::storage_page(call, &error)),
    };
    let Some(registered) = client.registered_post_logout_uri(presented) else {
        return Err(answer::error_page(call, ErrorKind::UnregisteredRedirectUri));
    };
    let state: Vec<(&str, &str)> = parameters.get("state").map(|state| ("state", state)).into_iter().collect();
    Ok(Some(registered.with_query(&state)))
}

/// Whose session ends.
struct SignedIn {
    session: SessionId,
    user: String,
}

async fn end(
    state: &AppState,
    call: &Call,
    SignedIn { session, user }: SignedIn,
    return_to: Option<&str>,
    headers: &HeaderMap,
) -> Response {
    let event = AuditEvent {
        id: new_id!(state, AuditEventId),
        kind: AuditKind::SignedOut,
        actor: user.clone(),
        subject: user,
        object: session.to_string(),
        origin: call.origin.clone(),
        detail: String::new(),
        at: state.now(),
    };
    let ended = auth_store::logout::sign_out(&state.database, call.server.server.id, session, event, state.now()).await;
    match ended {
        Ok(_) => signed_out(call, return_to, headers),
        Err(error) => answer::storage_page(call, &error),
    }
}

fn signed_out(call: &Call, return_to: Option<&str>, headers: &HeaderMap) -> Response {
    let mut response = match return_to {
        Some(address) => answer::see_other(address),
        None => {
            let html = SignedOutPage {
                locale: call.locale,
                shop_name: &call.server.server.friendly_name,
                return_url: Some(&call.server.origin),
                assets: &call.assets(),
            }
            .render();
            answer::page(StatusCode::OK, call.locale, html, None)
        }
    };
    let removed = call.server.cookies.remove(&call.server.cookies.session);
    if let Some(removed) = removed.filter(|_| has_session_cookie(call, headers)) {
        response.headers_mut().append(header::SET_COOKIE, removed);
    }
    response
}

async fn ask(
    state: &AppState,
    call: &Call,
    session: Option<&Session>,
    return_to: Option<String>,
    headers: &HeaderMap,
) -> Response {
    let user = match session {
        Some(session) => auth_store::user::find(&state.database, call.server.server.id, session.user_id).await,
        None => Ok(None),
    };
    let user = match user {
        Ok(user) => user,
        Err(error) => return answer::storage_page(call, &error),
    };
    let cookie = csrf::browser_cookie(state, &call.server, headers);
    let cancel_url = return_to.clone().unwrap_or_else(|| call.server.origin.clone());
    let form_action = return_to.as_deref().and_then(|uri| auth_core::client::RedirectUri::parse(uri).ok());
    let Ok(request) = seal(state, &call.server, Pending::SignOut { return_to }, &cookie.value) else {
        return answer::error_page(call, ErrorKind::Internal);
    };
    let html = LogoutPage {
        locale: call.locale,
        shop_name: &call.server.server.friendly_name,
        action: &call.server.path("/logout"),
        request: &request,
        csrf: &csrf::token(&call.server, &cookie.value, &request),
        signed_in_as: user.as_ref().map(|user| user.username.as_str()),
        cancel_url: Some(&cancel_url),
        assets: &call.assets(),
    }
    .render();
    let mut response =
        answer::page(StatusCode::OK, call.locale, html, form_action.map(|uri| uri.form_action()).as_deref());
    if let Some(set) = cookie.set {
        response.headers_mut().append(header::SET_COOKIE, set);
    }
    response
}

/// The user answered the question.
async fn confirmed(
    state: &AppState,
    call: &Call,
    parameters: &Parameters,
    token: &str,
    headers: &HeaderMap,
) -> Response {
    let request = parameters.get("request").unwrap_or_default();
    let Ok(cookie) = csrf::check(&call.server, headers, request, token) else {
        return answer::error_page(call, ErrorKind::OtherBrowser);
    };
    let sealed = unseal(state, &call.server, request, std::slice::from_ref(&cookie));
    let Ok(Pending::SignOut { return_to }) = sealed.map(|sealed| sealed.pending) else {
        return answer::error_page(call, ErrorKind::RequestExpired);
    };
    match current_session(state, &call.server, headers).await {
        Ok(Some(session)) => {
            let signed_in = SignedIn { session: session.id, user: session.user_id.to_string() };
            end(state, call, signed_in, return_to.as_deref(), headers).await
        }
        Ok(None) => signed_out(call, return_to.as_deref(), headers),
        Err(error) => answer::storage_page(call, &error),
    }
}
