//! The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2).
//!
//! 1. A request comes as parameters, by the reference of a pushed one, or sealed after it was posted. Client and redirect
//!    URI are made certain; until then every error is a page, never a redirect.
//! 2. The rest of the request is checked; what is wrong goes to the redirect URI.
//! 3. The browser's session decides: a code at once, a refusal, or the sign-in page with the request sealed.
//! 4. A code is given only for an account that the user is a member of.
//! 5. What the sign-in form led to comes back here, sealed, and goes out: no other endpoint answers to a redirect URI.

use std::sync::Arc;

use auth_core::authorization::{AuthorizationRequest, Decision, Parameters, Prompt, Rejection, ReturnAddress, decide};
use auth_core::client::Client;
use auth_core::session::Session;
use auth_protocol::oauth_error::ErrorCode;
use auth_store::Error;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use url::form_urlencoded;

use super::client_answer::ClientAnswer;
use super::code::{IssueError, code_for, selected_account};
use super::posted::came_back;
use super::pushed::{redeemed, secret_of_reference};
use super::requested::{self, named_client, redirect_target};
use crate::directory::ServerEntry;
use crate::pages::ErrorKind;
use crate::session::current_session;
use crate::state::AppState;
use crate::web::request::{Call, is_speculative};
use crate::web::sealed::{Pending, UnsealError, seal, unseal};
use crate::web::{answer, csrf, form};

pub async fn authorize(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if is_speculative(&method, &headers) {
        return answer::error_page(&call, ErrorKind::BadRequest { detail: "an authorization cannot be prefetched" });
    }
    let parameters = match form::query(query.as_deref()) {
        Ok(parameters) => parameters,
        Err(error) => return answer::form_error_page(&call, &error),
    };
    if let Some(sealed) = parameters.get("answer") {
        return deliver(&state, &call, sealed, &headers);
    }
    let request = if let Some(sealed) = parameters.get("posted") {
        came_back(&state, &call, sealed).await
    } else if let Some(secret) = secret_of_reference(&parameters) {
        redeemed(&state, &call, &parameters, secret).await
    } else {
        checked(&state, &call, &parameters).await
    };
    match request {
        Ok((client, request)) => answer_request(&state, &call, &client, request, &headers).await,
        Err(response) => response,
    }
}

/// Step 5.
fn deliver(state: &AppState, call: &Call, sealed: &str, headers: &HeaderMap) -> Response {
    let cookies = csrf::presented(&call.server, headers);
    match unseal(state, &call.server, sealed, &cookies).map(|sealed| sealed.pending) {
        Ok(Pending::Answer(answer)) => answer.response(call),
        Ok(_) | Err(UnsealError::Broken) => {
            answer::error_page(call, ErrorKind::BadRequest { detail: "the answer is damaged" })
        }
        Err(UnsealError::Expired) => answer::error_page(call, ErrorKind::RequestExpired),
        Err(UnsealError::OtherBrowser) => answer::error_page(call, ErrorKind::OtherBrowser),
    }
}

/// Where the sign-in form leads: back here, with the answer sealed.
pub fn delivery(state: &AppState, server: &ServerEntry, answer: ClientAnswer, cookie: &str) -> Option<String> {
    let sealed = seal(state, server, Pending::Answer(answer), cookie).ok()?;
    Some(format!("{}?answer={sealed}", server.path("/oauth/authorize")))
}

/// Steps 1 and 2 of a request that comes as parameters.
pub async fn checked(
    state: &AppState,
    call: &Call,
    parameters: &Parameters,
) -> Result<(Arc<Client>, AuthorizationRequest), Response> {
    let client = named_client(state, call, parameters.get("client_id").unwrap_or_default()).await?;
    let redirect_uri = redirect_target(&client, parameters)
        .ok_or_else(|| unregistered(call, &client, parameters.get("redirect_uri")))?;
    let request = match client.settings.require_pushed_authorization_requests {
        false => requested::read(&call.server, &client, &redirect_uri, parameters),
        true => Err(Rejection::new(ErrorCode::InvalidRequest, "this client must push its requests (RFC 9126)")),
    };
    match request {
        Ok(request) => Ok((client, request)),
        Err(rejection) => Err(refused(call, ReturnAddress::of(redirect_uri, parameters), &rejection)),
    }
}

fn unregistered(call: &Call, client: &Client, presented: Option<&str>) -> Response {
    call.because(match presented.map(|presented| presented.split(['?', '#']).next().unwrap_or_default()) {
        Some(shown) => format!("{shown:?} is not among the redirect URIs of {}", client.client_id),
        None => format!("redirect_uri is missing, and {} has no default that would do here", client.client_id),
    });
    answer::error_page(call, ErrorKind::UnregisteredRedirectUri)
}

fn refused(call: &Call, return_to: ReturnAddress, rejection: &Rejection) -> Response {
    ClientAnswer::error(&call.server, return_to, rejection).response(call)
}

/// Step 3.
async fn answer_request(
    state: &AppState,
    call: &Call,
    client: &Client,
    request: AuthorizationRequest,
    headers: &HeaderMap,
) -> Response {
    let session = match current_session(state, &call.server, headers).await {
        Ok(session) => session,
        Err(error) => return storage_failed(call, &request, &error),
    };
    let now = state.now();
    match decide(&request, session.as_ref(), now, now) {
        Decision::IssueCode => match session {
            Some(session) => issue(state, call, client, &request, &session, headers).await,
            None => sign_in(state, call, request, headers),
        },
        Decision::Refuse(rejection) => refused(call, request.return_address(), &rejection),
        Decision::SignIn { .. } => sign_in(state, call, request, headers),
    }
}

/// Step 4. A session or user that went away meanwhile means signing in.
async fn issue(
    state: &AppState,
    call: &Call,
    client: &Client,
    request: &AuthorizationRequest,
    session: &Session,
    headers: &HeaderMap,
) -> Response {
    match try_issue(state, call, client, request, session).await {
        Ok(Some(code)) => ClientAnswer::code(&call.server, request, &code).response(call),
        Ok(None) => match decide(request, None, state.now(), state.now()) {
            Decision::Refuse(rejection) => refused(call, request.return_address(), &rejection),
            _ => sign_in(state, call, request.clone(), headers),
        },
        Err(IssueError::ForeignAccount) => refused(call, request.return_address(), &IssueError::rejection()),
        Err(IssueError::Store(error)) => storage_failed(call, request, &error),
    }
}

/// A person is shown a page. A frame is not, since every page is unframeable: it is told by redirect (RFC 6749 §4.1.2.1),
/// so that the client can tell a failure from an address that is not registered.
pub fn storage_failed(call: &Call, request: &AuthorizationRequest, error: &Error) -> Response {
    if request.prompt != Some(Prompt::None) {
        return answer::storage_page(call, error);
    }
    tracing::error!(?error, "storage failed");
    let error = if error.is_unavailable() { ErrorCode::TemporarilyUnavailable } else { ErrorCode::ServerError };
    refused(call, request.return_address(), &Rejection::new(error, "try again in a moment"))
}

async fn try_issue(
    state: &AppState,
    call: &Call,
    client: &Client,
    request: &AuthorizationRequest,
    session: &Session,
) -> Result<Option<String>, IssueError> {
    let server = &call.server.server;
    let user = auth_store::user::find(&state.database, server.id, session.user_id).await?;
    let Some(user) = user.filter(|user| user.enabled) else { return Ok(None) };
    selected_account(&state.database, &call.server, &user, request.account_id).await?;
    let (code, new) = code_for(state, &call.server, client, request, session);
    let slide_to = session.times.slide(&server.settings.lifetimes, state.now());
    let issued: Result<bool, Error> =
        auth_store::authorization::issue_code(&state.database, server.id, new, slide_to, state.now()).await;
    Ok(issued?.then_some(code))
}

/// To the sign-in page, which gets the request sealed; nothing is stored.
fn sign_in(state: &AppState, call: &Call, request: AuthorizationRequest, headers: &HeaderMap) -> Response {
    let cookie = csrf::browser_cookie(state, &call.server, headers);
    let locales = request.ui_locales.clone();
    let Ok(sealed) = seal(state, &call.server, Pending::Authorization(Box::new(request)), &cookie.value) else {
        return answer::error_page(call, ErrorKind::Internal);
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("request", &sealed);
    if let Some(locales) = locales {
        query.append_pair("ui_locales", &locales);
    }
    let mut response = answer::see_other(&format!("{}?{}", call.server.path("/login"), query.finish()));
    if let Some(set) = cookie.set {
        response.headers_mut().append(header::SET_COOKIE, set);
    }
    response
}
