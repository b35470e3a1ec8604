//! Hosted sign-in: the page, and what becomes of the form.

mod password;
mod show;
mod submit;

pub use show::show;
pub use submit::submit;

use auth_core::client::{Client, RedirectUri};

use crate::pages::{LoginError, LoginNote, LoginPage};
use crate::state::AppState;
use crate::web::request::Call;
use crate::web::sealed::{Pending, Sealed};
use crate::web::{answer, csrf};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use std::sync::Arc;

/// What a sign-in form is shown for.
struct Form<'a> {
    sealed: &'a Sealed,
    /// The sealed text, as the form carries it.
    request: &'a str,
    cookie: &'a str,
    username: &'a str,
    error: Option<LoginError>,
    status: StatusCode,
}

fn page(call: &Call, client: &Client, form: &Form<'_>, headers: &HeaderMap) -> Response {
    let (ui_locales, form_action, again) = match &form.sealed.pending {
        Pending::Authorization(request) => {
            (request.ui_locales.as_deref(), Some(request.redirect_uri.form_action()), request.prompt.is_some())
        }
        Pending::SignIn { return_to, .. } => (None, Some(return_to.form_action()), false),
        Pending::Posted(_) | Pending::Answer(_) | Pending::SignOut { .. } => (None, None, false),
    };
    let locale = call.locale_for(ui_locales, headers);
    let cancel_url = client.home().map(RedirectUri::as_str);
    let html = LoginPage {
        locale,
        shop_name: &call.server.server.friendly_name,
        action: &call.server.path("/login"),
        request: form.request,
        csrf: &csrf::token(&call.server, form.cookie, form.request),
        username: form.username,
        error: form.error,
        note: (again && form.error.is_none()).then_some(LoginNote::SignInAgain),
        cancel_url,
        assets: &call.assets(),
    }
    .render();
    answer::page(form.status, locale, html, form_action.as_deref())
}

/// The client of a request under way. It may have been disabled meanwhile, or the address taken from it.
async fn client_of(state: &AppState, call: &Call, pending: &Pending) -> Result<Arc<Client>, Response> {
    let (client_id, return_to) = match pending {
        Pending::Authorization(request) => (&request.client_id, &request.redirect_uri),
        Pending::SignIn { client_id, return_to } => (client_id, return_to),
        Pending::Posted(_) | Pending::Answer(_) | Pending::SignOut { .. } => {
            return Err(answer::error_page(call, crate::pages::ErrorKind::RequestExpired));
        }
    };
    match state.directory.client(call.server.server.id, client_id).await {
        Ok(Some(client)) if client.redirect_target(return_to.as_str()).is_some() => Ok(client),
        Ok(Some(_)) => Err(answer::error_page(call, crate::pages::ErrorKind::UnregisteredRedirectUri)),
        Ok(None) => Err(answer::error_page(call, crate::pages::ErrorKind::UnknownClient)),
        Err(error) => Err(answer::storage_page(call, &error)),
    }
}
