//! Sign-out (OpenID Connect RP-Initiated Logout 1.0 §2), by GET and by POST.
//!
//! 1. What is wrong with the request is told on a page, and nothing ends: a client that is not there or not the hint's, a
//!    `post_logout_redirect_uri` that is not registered for it or comes without a client.
//! 2. With a hint of this browser's session it ends at once; otherwise the user is asked (`auth_core::logout`).
//! 3. A form from another site comes without the cookie. Its hint will do; without one it becomes a GET, which has the
//!    cookie. A cookie that did not come is not removed: the form may be an attacker's.
//! 4. Prefetches end nothing.
//!
//! `logout_hint` decides nothing: a browser has one session, and who may end it is a matter of proof.

mod question;
mod request;

use std::sync::Arc;

use auth_core::authorization::Parameters;
use auth_core::logout::{LogoutDecision, decide};
use auth_core::session::{Session, SessionState};
use auth_protocol::id::{AuditEventId, SessionId};
use auth_store::Error;
use auth_store::audit::{AuditEvent, AuditKind};
use axum::Extension;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use url::form_urlencoded;

use self::request::{LogoutRequest, hint};
use crate::pages::{ErrorKind, SignedOutPage};
use crate::session::session_in_state;
use crate::state::{AppState, new_id};
use crate::web::request::{Call, is_speculative};
use crate::web::{answer, cookies, form};

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
        Some(token) => question::answered(&state, &call, &parameters, token, &headers).await,
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
    for name in ["client_id", "post_logout_redirect_uri", "state", "ui_locales"] {
        if let Some(value) = parameters.get(name) {
            query.append_pair(name, value);
        }
    }
    answer::see_other(&format!("{}?{}", call.server.path("/logout"), query.finish()))
}

async fn sign_out(state: &AppState, call: &Call, parameters: &Parameters, headers: &HeaderMap) -> Response {
    let call = &call.speaking(parameters.get("ui_locales"), headers);
    let LogoutRequest { hint, return_to, home } = match request::read(state, call, parameters).await {
        Ok(request) => request,
        Err(refusal) => return refusal.page(call),
    };
    let session = match session_of_browser(state, call, headers).await {
        Ok(session) => session,
        Err(error) => return answer::storage_page(call, &error),
    };
    match decide(hint.as_ref().map(|claims| claims.sid), session.as_ref().map(|session| session.id)) {
        LogoutDecision::End(session) => {
            let user = hint.map(|claims| claims.sub).unwrap_or_default();
            end(state, call, SignedIn { session, user }, return_to.as_deref(), headers).await
        }
        LogoutDecision::AlreadyOut => signed_out(call, return_to.as_deref(), headers),
        LogoutDecision::Ask => {
            let ui_locales = parameters.get("ui_locales").map(str::to_owned);
            let question = question::Question { return_to, home, ui_locales };
            question::ask(state, call, session.as_ref(), question, headers).await
        }
    }
}

/// Also one that is idle for too long: what was granted in it may go on until it ends.
async fn session_of_browser(state: &AppState, call: &Call, headers: &HeaderMap) -> Result<Option<Session>, Error> {
    session_in_state(state, &call.server, headers, |state| state != SessionState::Ended).await
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
