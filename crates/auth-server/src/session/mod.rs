//! The browser's session: found by its cookie, told to the SDK.

use std::sync::Arc;

use auth_core::client::{Client, secret_hash};
use auth_core::session::{Session, SessionState};
use auth_protocol::problem::Problem;
use auth_store::Error;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Serialize;

use crate::directory::ServerEntry;
use crate::state::AppState;
use crate::web::request::Call;
use crate::web::{answer, cookies, cors, form};

/// The session that the browser's cookie stands for, unless it is over or the cookie is none of ours.
pub async fn current_session(
    state: &AppState,
    server: &ServerEntry,
    headers: &HeaderMap,
) -> Result<Option<Session>, Error> {
    session_in_state(state, server, headers, |state| state == SessionState::Alive).await
}

/// The first of the cookie's sessions that is in such a state.
pub async fn session_in_state(
    state: &AppState,
    server: &ServerEntry,
    headers: &HeaderMap,
    counts: impl Fn(SessionState) -> bool,
) -> Result<Option<Session>, Error> {
    for secret in cookies::values(headers, &server.cookies.session) {
        let found =
            auth_store::session::find_by_secret(&state.database, server.server.id, secret_hash(&secret)).await?;
        if let Some(session) = found.filter(|session| counts(session.times.state(state.now()))) {
            return Ok(Some(session));
        }
    }
    Ok(None)
}

/// Times in epoch milliseconds, as the SDK has them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionView {
    inactivity_at: i64,
    requires_login_at: i64,
    remember_me_available: bool,
}

/// `GET /session?client_id=`: what the server knows of the session. Asking slides nothing.
pub async fn show(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let client = match named_client(&state, &call, query.as_deref()).await {
        Ok(client) => client,
        Err(refusal) => return cors::allow_any_client(&call, &headers, refusal),
    };
    let response = match current_session(&state, &call.server, &headers).await {
        Ok(Some(session)) => Json(SessionView {
            inactivity_at: session.times.inactivity_at.millis(),
            requires_login_at: session.times.hard_end_at.millis(),
            remember_me_available: false,
        })
        .into_response(),
        Ok(None) => answer::problem(&call.origin, Problem::new(401, "login_required", "Nobody is signed in")),
        Err(error) => answer::storage_problem(&call, &error),
    };
    cors::allow(&client, &headers, response)
}

async fn named_client(state: &AppState, call: &Call, query: Option<&str>) -> Result<Arc<Client>, Response> {
    let invalid = |detail: &str| {
        answer::problem(&call.origin, Problem::new(400, "invalid_request", "The request is not valid").detail(detail))
    };
    let parameters = form::query(query).map_err(|_| invalid("a parameter is malformed"))?;
    let client_id = parameters.get("client_id").ok_or_else(|| invalid("client_id is missing"))?;
    let client = state.directory.client(call.server.server.id, client_id).await;
    let client = client.map_err(|error| answer::storage_problem(call, &error))?;
    client.ok_or_else(|| invalid("client_id names no client of this server"))
}
