//! User info (OpenID Connect Core §5.3), by GET and POST, for an access token that was granted `openid`.

use std::sync::Arc;

use auth_core::authorization::Parameters;
use auth_core::server::ClaimPlace;
use auth_core::token::{WithAttributes, attribute_claims_with, profile_with};
use auth_core::user::Membership;
use auth_protocol::claims::{IdentityClaims, ProfileClaims};
use auth_protocol::scope::OPENID;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Serialize;

use crate::state::AppState;
use crate::token::subject_claims;
use crate::web::bearer::{self, Bearer, BearerError};
use crate::web::form::{self, FormError};
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

pub async fn user_info(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let read = parameters(&call, query.as_deref(), request).await;
    let refused = match read {
        Err(error) => answer::form_oauth_error(&error),
        Ok((query, form)) => match answer_for(&state, &call, &headers, &query, form.as_ref()).await {
            Ok(response) => return response,
            Err(BearerError::Store(error)) => answer::storage_oauth_error(&error),
            Err(error) => error.challenge(answer::oauth_error(error.code(), error.description())),
        },
    };
    cors::allow_any_client(&call, &headers, refused)
}

/// Those of the query, and of the form that a POST may bring.
async fn parameters(
    call: &Call,
    query: Option<&str>,
    request: Request,
) -> Result<(Parameters, Option<Parameters>), FormError> {
    let query = form::query(query)?;
    let has_form = *request.method() == Method::POST && form::is_form(request.headers());
    let form = match has_form {
        true => Some(form::body(request, &call.server.server.settings.limits).await?),
        false => None,
    };
    Ok((query, form))
}

async fn answer_for(
    state: &AppState,
    call: &Call,
    headers: &HeaderMap,
    query: &Parameters,
    form: Option<&Parameters>,
) -> Result<Response, BearerError> {
    let bearer = bearer::authenticate(state, call, headers, query, form).await?;
    if !bearer.claims.scope.contains(OPENID) {
        return Err(BearerError::Scope(OPENID));
    }
    let account = match (bearer.claims.identity.acct_id, bearer.user.customer_id) {
        (Some(account), Some(customer)) => {
            auth_store::account::membership(&state.database, call.server.server.id, customer, account).await?
        }
        _ => None,
    };
    let response = Json(view(call, &bearer, account.as_ref())).into_response();
    Ok(cors::allow(&bearer.client, headers, response))
}

/// What the token's scopes grant, and what was asked for by name; first-party clients are told the identity claims beside it.
fn view<'a>(call: &'a Call, bearer: &'a Bearer, account: Option<&Membership>) -> WithAttributes<'a, UserInfo> {
    let Bearer { claims, client, user, requested } = bearer;
    let (scope, asked_for) = (&claims.scope, &requested.user_info);
    let mappings = &call.server.server.settings.claims;
    WithAttributes {
        claims: UserInfo {
            sub: user.id.to_string(),
            profile: profile_with(user, scope, asked_for, client),
            identity: client.settings.first_party.then(|| subject_claims(user, account)),
        },
        attributes: attribute_claims_with(mappings, &user.attributes, ClaimPlace::Userinfo, client, scope, asked_for),
    }
}
