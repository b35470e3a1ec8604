//! What the signed-in user may do, by permission root (`auth_core::user_operation`), for a client and its scopes.
//!
//! 1. By the session's cookie, for pages that have no token at hand: `accountId` says for which company, and the user must
//!    be a member of it.
//! 2. By an access token, for pages that no cookie reaches us from: the client must be the token's, and the company is.
//! 3. Asking slides nothing.

use std::sync::Arc;

use auth_core::authorization::Parameters;
use auth_core::client::Client;
use auth_core::user::{Membership, User};
use auth_core::user_operation::{scopes_asked_about, user_operations};
use auth_protocol::id::AccountId;
use auth_protocol::problem::Problem;
use auth_protocol::scope::ScopeSet;
use auth_store::Error;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};

use crate::authorization::{IssueError, selected_account};
use crate::session::current_session;
use crate::state::AppState;
use crate::token::held_permissions;
use crate::web::bearer::{self, BearerError};
use crate::web::form::FormError;
use crate::web::request::Call;
use crate::web::{answer, cors, form};

enum Refusal {
    /// A parameter, and what is wrong with it.
    Parameter(&'static str, String),
    LoginRequired,
    ForeignAccount,
    Bearer(BearerError),
    Store(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Store(error)
    }
}

impl From<IssueError> for Refusal {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::ForeignAccount => Refusal::ForeignAccount,
            IssueError::Store(error) => Refusal::Store(error),
        }
    }
}

impl Refusal {
    fn answer(&self, call: &Call) -> Response {
        match self {
            Refusal::Parameter(name, detail) => {
                let invalid = Problem::new(400, "invalid_request", "The request is not valid").detail(detail.clone());
                answer::problem(&call.origin, invalid.error(name, "invalid", detail.clone()))
            }
            Refusal::LoginRequired => {
                answer::problem(&call.origin, Problem::new(401, "login_required", "Nobody is signed in"))
            }
            Refusal::ForeignAccount => {
                answer::problem(&call.origin, Problem::new(403, "account_denied", "This account cannot be used"))
            }
            Refusal::Bearer(BearerError::Store(error)) | Refusal::Store(error) => answer::storage_problem(call, error),
            Refusal::Bearer(error) => {
                let refused = Problem::new(error.status(), error.code().name(), "The access token is refused");
                error.challenge(answer::problem(&call.origin, refused.detail(error.description())))
            }
        }
    }
}

/// Who asks about what.
struct Question {
    client: Arc<Client>,
    scope: ScopeSet,
}

/// `GET /user-operations?client_id=&scope=`: for the user of the browser's session.
pub async fn by_session(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asked = async {
        let parameters = read(query.as_deref())?;
        let question = question(&state, &call, &parameters).await?;
        Ok((parameters, question))
    };
    let (parameters, question) = match asked.await {
        Ok(asked) => asked,
        Err(refusal) => return refused(&call, &headers, &refusal),
    };
    let response = match of_session(&state, &call, &parameters, &question, &headers).await {
        Ok(response) => response,
        Err(refusal) => refusal.answer(&call),
    };
    cors::allow(&question.client, &headers, response)
}

/// `GET /user-operations/resource?client_id=&scope=`: for the user of an access token.
pub async fn by_token(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match of_token(&state, &call, query.as_deref(), &headers).await {
        Ok((client, response)) => cors::allow(&client, &headers, response),
        Err(refusal) => refused(&call, &headers, &refusal),
    }
}

fn refused(call: &Call, headers: &HeaderMap, refusal: &Refusal) -> Response {
    cors::allow_any_client(call, headers, refusal.answer(call))
}

fn wrong(parameter: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal::Parameter(parameter, detail.into())
}

fn read(query: Option<&str>) -> Result<Parameters, Refusal> {
    form::query(query).map_err(|error| match error {
        FormError::Parameter(name) => wrong("query", answer::parameter_error(&name)),
        FormError::MediaType | FormError::TooLarge | FormError::Incomplete => wrong("query", "it could not be read"),
    })
}

async fn question(state: &AppState, call: &Call, parameters: &Parameters) -> Result<Question, Refusal> {
    let client_id = parameters.get("client_id").ok_or_else(|| wrong("client_id", "client_id is missing"))?;
    let client = state.directory.client(call.server.server.id, client_id).await?;
    let client = client.ok_or_else(|| wrong("client_id", "client_id names no client of this server"))?;
    let scope = scopes_asked_about(parameters.get("scope"), &call.server.scopes)
        .map_err(|error| wrong("scope", error.to_string()))?;
    Ok(Question { client, scope })
}

/// Step 1.
async fn of_session(
    state: &AppState,
    call: &Call,
    parameters: &Parameters,
    question: &Question,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let (database, server) = (&state.database, &call.server);
    let account: Option<AccountId> = match parameters.get("accountId").map(str::parse) {
        None => None,
        Some(Ok(account)) => Some(account),
        Some(Err(_)) => return Err(wrong("accountId", "accountId is no id")),
    };
    let session = current_session(state, server, headers).await?.ok_or(Refusal::LoginRequired)?;
    let user = auth_store::user::find(database, server.server.id, session.user_id).await?;
    let user = user.filter(|user| user.enabled).ok_or(Refusal::LoginRequired)?;
    let account = selected_account(database, server, &user, account).await?;
    Ok(told(call, question, &user, account.as_ref()))
}

/// Step 2.
async fn of_token(
    state: &AppState,
    call: &Call,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<(Arc<Client>, Response), Refusal> {
    let parameters = read(query)?;
    let bearer = bearer::authenticate(state, call, headers, &parameters, None).await.map_err(Refusal::Bearer)?;
    let question = question(state, call, &parameters).await?;
    if bearer.claims.client_id != question.client.client_id {
        return Err(wrong("client_id", "client_id is not the client of the access token"));
    }
    let account = bearer.claims.identity.acct_id;
    let account = selected_account(&state.database, &call.server, &bearer.user, account).await?;
    let response = told(call, &question, &bearer.user, account.as_ref());
    Ok((question.client, response))
}

fn told(call: &Call, question: &Question, user: &User, account: Option<&Membership>) -> Response {
    let held = held_permissions(&call.server, user, account);
    Json(user_operations(&question.scope, &question.client, &call.server.scopes, &held)).into_response()
}
