//! "Sign out?", asked where no hint vouches for the request, and its answer.

use auth_core::authorization::Parameters;
use auth_core::session::Session;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::{SignedIn, end, session_of_browser, signed_out};
use crate::pages::{ErrorKind, LogoutPage};
use crate::state::AppState;
use crate::web::request::Call;
use crate::web::sealed::{Pending, seal, unseal};
use crate::web::{answer, csrf};

pub(super) struct Question {
    /// Where a yes leads: only there does a client hear that nobody is signed in any more.
    pub return_to: Option<String>,
    /// Where a no leads.
    pub home: Option<String>,
    pub ui_locales: Option<String>,
}

pub(super) async fn ask(
    state: &AppState,
    call: &Call,
    session: Option<&Session>,
    Question { return_to, home, ui_locales }: Question,
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
    let cancel_url = home.unwrap_or_else(|| call.server.origin.clone());
    let form_action = return_to.as_deref().and_then(|uri| auth_core::client::RedirectUri::parse(uri).ok());
    let pending = Pending::SignOut { return_to, ui_locales };
    let Ok(request) = seal(state, &call.server, pending, &cookie.value) else {
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

/// The user said yes.
pub(super) async fn answered(
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
    let Ok(Pending::SignOut { return_to, ui_locales }) = sealed.map(|sealed| sealed.pending) else {
        return answer::error_page(call, ErrorKind::RequestExpired);
    };
    let call = &call.speaking(ui_locales.as_deref(), headers);
    match session_of_browser(state, call, headers).await {
        Ok(Some(session)) => {
            let signed_in = SignedIn { session: session.id, user: session.user_id.to_string() };
            end(state, call, signed_in, return_to.as_deref(), headers).await
        }
        Ok(None) => signed_out(call, return_to.as_deref(), headers),
        Err(error) => answer::storage_page(call, &error),
    }
}
