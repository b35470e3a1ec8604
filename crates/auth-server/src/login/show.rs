//! `GET /login`: the form for a sealed request, or for somebody who came to sign in and go back to a page of a client.
//! Nothing is stored.

use std::sync::Arc;

use auth_core::authorization::Parameters;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::{Form, client_of, page};
use crate::pages::ErrorKind;
use crate::state::AppState;
use crate::web::request::Call;
use crate::web::sealed::{Pending, UnsealError, seal, unseal};
use crate::web::{answer, csrf, form};

pub async fn show(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let parameters = match form::query(query.as_deref()) {
        Ok(parameters) => parameters,
        Err(error) => return answer::form_error_page(&call, &error),
    };
    match parameters.get("request") {
        Some(request) => show_for(&state, &call, request, &headers).await,
        None => begin(&state, &call, &parameters, &headers).await,
    }
}

async fn show_for(state: &AppState, call: &Call, request: &str, headers: &HeaderMap) -> Response {
    let cookies = csrf::presented(&call.server, headers);
    let sealed = match unseal(state, &call.server, request, &cookies) {
        Ok(sealed) => sealed,
        Err(error) => return answer::error_page(call, page_for(error, &cookies)),
    };
    let client = match client_of(state, call, &sealed.pending).await {
        Ok(client) => client,
        Err(response) => return response,
    };
    let cookie = cookies.iter().find(|cookie| sealed.is_of(cookie)).map(String::as_str).unwrap_or_default();
    let username = match &sealed.pending {
        Pending::Authorization(request) => request.login_hint.as_deref().unwrap_or_default(),
        _ => "",
    };
    let form = Form { sealed: &sealed, request, cookie, username, error: None, status: StatusCode::OK };
    page(call, &client, &form, headers)
}

pub fn page_for(error: UnsealError, cookies: &[String]) -> ErrorKind<'static> {
    match error {
        UnsealError::Broken => ErrorKind::BadRequest { detail: "the request under way is damaged" },
        UnsealError::Expired => ErrorKind::RequestExpired,
        UnsealError::OtherBrowser if cookies.is_empty() => ErrorKind::CookiesNeeded,
        UnsealError::OtherBrowser => ErrorKind::OtherBrowser,
    }
}

/// `/login?client_id=[&redirect_uri=]`, without an authorization under way.
async fn begin(state: &AppState, call: &Call, parameters: &Parameters, headers: &HeaderMap) -> Response {
    let client_id = parameters.get("client_id").unwrap_or_default();
    let client = match state.directory.client(call.server.server.id, client_id).await {
        Ok(Some(client)) => client,
        Ok(None) => return answer::error_page(call, ErrorKind::UnknownClient),
        Err(error) => return answer::storage_page(call, &error),
    };
    let return_to = match parameters.get("redirect_uri") {
        Some(presented) => client.redirect_target(presented),
        None => client.home().cloned(),
    };
    let Some(return_to) = return_to else {
        return answer::error_page(call, ErrorKind::UnregisteredRedirectUri);
    };
    let cookie = csrf::browser_cookie(state, &call.server, headers);
    let pending = Pending::SignIn { client_id: client.client_id.clone(), return_to };
    let Ok(request) = seal(state, &call.server, pending, &cookie.value) else {
        return answer::error_page(call, ErrorKind::Internal);
    };
    let Ok(sealed) = unseal(state, &call.server, &request, std::slice::from_ref(&cookie.value)) else {
        return answer::error_page(call, ErrorKind::Internal);
    };
    let form = Form {
        sealed: &sealed,
        request: &request,
        cookie: &cookie.value,
        username: "",
        error: None,
        status: StatusCode::OK,
    };
    let mut response = page(call, &client, &form, headers);
    if let Some(set) = cookie.set {
        response.headers_mut().append(header::SET_COOKIE, set);
    }
    response
}
