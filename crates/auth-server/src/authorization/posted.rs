//! Authorization requests that come as a form, mostly from the client's own site: the browser sends no `Lax` cookie along,
//! so the request, once checked, is sealed and comes back by GET, which has the cookies. Nothing is stored, and the same
//! form sent again does no harm.
//!
//! The sealed request is bound to no browser, as an ordinary link is not; what it decides, it decides when it comes back.

use std::sync::Arc;

use auth_core::authorization::AuthorizationRequest;
use auth_core::client::Client;
use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use url::form_urlencoded;

use super::pushed::secret_of_reference;
use super::requested::named_client;
use crate::pages::ErrorKind;
use crate::state::AppState;
use crate::web::request::Call;
use crate::web::sealed::{Pending, UnsealError, seal, unseal};
use crate::web::{answer, form};

/// No cookie is like it.
const NO_BROWSER: &str = "";

pub async fn authorize_by_post(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    request: Request,
) -> Response {
    let parameters = match form::body(request, &call.server.server.settings.limits).await {
        Ok(parameters) => parameters,
        Err(error) => return answer::form_error_page(&call, &error),
    };
    // A reference is redeemed by GET.
    if let (Some(_), Some(request_uri)) = (secret_of_reference(&parameters), parameters.get("request_uri")) {
        let client_id = parameters.get("client_id").unwrap_or_default();
        return by_get(&call, &[("client_id", client_id), ("request_uri", request_uri)]);
    }
    match super::checked(&state, &call, &parameters).await {
        Ok((_, request)) => match seal(&state, &call.server, Pending::Posted(Box::new(request)), NO_BROWSER) {
            Ok(sealed) => by_get(&call, &[("posted", &sealed)]),
            Err(_) => answer::error_page(&call, ErrorKind::Internal),
        },
        Err(response) => response,
    }
}

fn by_get(call: &Call, parameters: &[(&str, &str)]) -> Response {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    answer::see_other(&format!("{}?{query}", call.server.path("/oauth/authorize")))
}

/// The request that was sealed above.
pub async fn came_back(
    state: &AppState,
    call: &Call,
    sealed: &str,
) -> Result<(Arc<Client>, AuthorizationRequest), Response> {
    let request = match unseal(state, &call.server, sealed, &[NO_BROWSER.to_owned()]).map(|sealed| sealed.pending) {
        Ok(Pending::Posted(request)) => *request,
        Err(UnsealError::Expired) => return Err(answer::error_page(call, ErrorKind::RequestExpired)),
        Ok(_) | Err(UnsealError::Broken | UnsealError::OtherBrowser) => {
            return Err(answer::error_page(call, ErrorKind::BadRequest { detail: "the request under way is damaged" }));
        }
    };
    let client = named_client(state, call, &request.client_id).await?;
    if client.redirect_target(request.redirect_uri.as_str()).is_none() {
        return Err(answer::error_page(call, ErrorKind::UnregisteredRedirectUri));
    }
    Ok((client, request))
}
