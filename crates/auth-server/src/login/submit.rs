//! `POST /login` (rule 7).
//!
//! 1. The form must come from this browser, for the request under way.
//! 2. A locked identifier is told so, whether such a user exists or not, and no password is looked at.
//! 3. The password is hashed for unknown users, too: the same work and the same answer (`password`).
//! 4. A failure is counted, and answered the later the more there were.
//! 5. A success begins a session under a new secret, ends the one this browser had, and issues the code: one transaction.

use std::sync::Arc;
use std::time::Duration;

use auth_core::authorization::{AuthorizationRequest, Rejection, login_required};
use auth_core::client::{Client, secret_hash};
use auth_core::login::{answer_delay, identifier_hash, is_locked};
use auth_core::session::{Session, SessionTimes, SignInMethod};
use auth_core::time::Timestamp;
use auth_core::user::{Identifier, User};
use auth_protocol::id::{AuditEventId, SessionId};
use auth_protocol::refused::Refused;
use auth_store::Error;
use auth_store::audit::{AuditEvent, AuditKind};
use auth_store::authorization::NewCode;
use auth_store::login::{IdentifierHash, SignIn, SignInOutcome};
use auth_store::session::NewSession;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use telemetry::metrics::labels as metrics;

use super::password::{Proven, prove};
use super::show::page_for;
use super::{Form, client_of, page};
use crate::authorization::{ClientAnswer, IssueError, code_for, delivery, selected_account};
use crate::pages::{ErrorKind, LoginError};
use crate::password_hashing::HashingError;
use crate::session::current_session;
use crate::state::{AppState, new_id};
use crate::web::csrf::CsrfError;
use crate::web::request::Call;
use crate::web::sealed::{Pending, Sealed, unseal};
use crate::web::{answer, csrf, form};

/// Why nobody was signed in.
enum Failure {
    /// Wrong name, wrong password, disabled user: one answer for all.
    Credentials,
    Locked,
    Busy,
    Store(Error),
}

impl Failure {
    fn outcome(&self) -> metrics::SignIn {
        match self {
            Self::Credentials => metrics::SignIn::WrongCredentials,
            Self::Locked => metrics::SignIn::Locked,
            Self::Busy => metrics::SignIn::Busy,
            Self::Store(_) => metrics::SignIn::StorageFailed,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Store(error)
    }
}

impl From<HashingError> for Failure {
    fn from(error: HashingError) -> Self {
        match error {
            HashingError::Busy => Failure::Busy,
            HashingError::Failed => Failure::Credentials,
        }
    }
}

struct Attempt<'a> {
    call: &'a Call,
    /// Of the browser that the form was shown in.
    cookie: &'a str,
    client: &'a Client,
    sealed: &'a Sealed,
    username: &'a str,
    password: String,
    headers: &'a HeaderMap,
}

pub async fn submit(
    State(state): State<Arc<AppState>>,
    Extension(call): Extension<Call>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let (parameters, password) = match form::body_with_password(request, &call.server.server.settings.limits).await {
        Ok(read) => read,
        Err(error) => return answer::form_error_page(&call, &error),
    };
    let text = parameters.get("request").unwrap_or_default();
    let cookie = match csrf::check(&call.server, &headers, text, parameters.get("_csrf").unwrap_or_default()) {
        Ok(cookie) => cookie,
        Err(error) => return answer::error_page(&call, csrf_page(error)),
    };
    let cookies = std::slice::from_ref(&cookie);
    let sealed = match unseal(&state, &call.server, text, cookies) {
        Ok(sealed) => sealed,
        Err(error) => return answer::error_page(&call, page_for(error, cookies)),
    };
    let client = match client_of(&state, &call, &sealed.pending).await {
        Ok(client) => client,
        Err(response) => return response,
    };
    let username = parameters.get("username").unwrap_or_default();
    let attempt = Attempt {
        call: &call,
        cookie: &cookie,
        client: &client,
        sealed: &sealed,
        username,
        password,
        headers: &headers,
    };
    let signed_in = sign_in(&state, attempt).await;
    state.metrics.sign_ins.add(signed_in.as_ref().map_or_else(Failure::outcome, |_| metrics::SignIn::Success));
    match signed_in {
        Ok(response) => response,
        Err(failure) => {
            let (error, status) = match failure {
                Failure::Credentials => (LoginError::WrongCredentials, StatusCode::UNAUTHORIZED),
                Failure::Locked => (LoginError::Locked, StatusCode::TOO_MANY_REQUESTS),
                Failure::Busy => (LoginError::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
                Failure::Store(error) if error.is_unavailable() => {
                    tracing::error!(?error, "storage failed");
                    (LoginError::Unavailable, StatusCode::SERVICE_UNAVAILABLE)
                }
                Failure::Store(error) => return answer::storage_page(&call, &error),
            };
            let refused = match status {
                StatusCode::UNAUTHORIZED => Refused::new("sign_in_failed", "name or password is wrong"),
                StatusCode::TOO_MANY_REQUESTS => {
                    Refused::new("locked", "too many failed sign-ins; linden user unlock lifts it")
                }
                _ => Refused::new("unavailable", "storage or password hashing cannot answer now"),
            };
            let form = Form { sealed: &sealed, request: text, cookie: &cookie, username, error: Some(error), status };
            let mut response = answer::because(page(&call, &client, &form, &headers), refused);
            if status == StatusCode::SERVICE_UNAVAILABLE {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            response
        }
    }
}

fn csrf_page(error: CsrfError) -> ErrorKind<'static> {
    match error {
        CsrfError::NoCookie => ErrorKind::CookiesNeeded,
        CsrfError::Mismatch => ErrorKind::OtherBrowser,
        CsrfError::CrossSite => ErrorKind::BadRequest { detail: "the form was sent from another site" },
    }
}

async fn sign_in(state: &AppState, attempt: Attempt<'_>) -> Result<Response, Failure> {
    let (call, server) = (attempt.call, &attempt.call.server.server);
    let policy = server.settings.lock_out;
    // What can be no name is counted under what was typed, so that it costs as much as a wrong name.
    let identifier = Identifier::read(attempt.username).ok();
    let counted = identifier.as_ref().map_or(attempt.username, |known| &known.canonical);
    let hash = identifier_hash(counted);
    let failures = auth_store::login::failures(&state.database, server.id, hash).await?;
    if is_locked(&policy, failures.as_ref(), state.now()) {
        return Err(Failure::Locked);
    }
    // What changed while it was being checked is checked once more: another sign-in may have replaced the hash.
    for _ in 0..2 {
        let proven = prove::<Failure>(state, server.id, identifier.as_ref(), &attempt.password).await?;
        let Some(proven) = proven else { break };
        if let Some(signed_in) = begin_session(state, &attempt, proven, hash).await? {
            return Ok(signed_in);
        }
    }
    // What can be no name may be a password, typed into the wrong field: it is not put on record.
    let named = identifier.as_ref().map_or("", |known| &known.canonical);
    let event = event(state, call, AuditKind::SignInFailed, named, attempt.client);
    let record =
        auth_store::login::record_failure(&state.database, server.id, hash, policy, event, state.now()).await?;
    tokio::time::sleep(Duration::from_micros(answer_delay(&record).0.unsigned_abs())).await;
    Err(Failure::Credentials)
}

/// `None` when the password is another one by now.
async fn begin_session(
    state: &AppState,
    attempt: &Attempt<'_>,
    proven: Proven,
    identifier: IdentifierHash,
) -> Result<Option<Response>, Failure> {
    let Proven { user, proved, password_upgrade } = proven;
    let (call, server) = (attempt.call, &attempt.call.server);
    let now: Timestamp = state.now();
    let session = Session {
        id: new_id!(state, SessionId),
        user_id: user.id,
        authenticated_at: now,
        methods: vec![SignInMethod::Password],
        times: SessionTimes::begin(&server.server.settings.lifetimes, now),
    };
    let secret = URL_SAFE_NO_PAD.encode(state.random_bytes::<32>());
    let (code, answer) = match &attempt.sealed.pending {
        Pending::Authorization(request) => answer_to(state, attempt, request, &user, &session).await?,
        Pending::SignIn { return_to, .. } => (None, ClientAnswer::nothing(return_to.clone())),
        Pending::Posted(_) | Pending::Answer(_) | Pending::SignOut { .. } => return Err(Failure::Credentials),
    };
    let sign_in = SignIn {
        identifier,
        policy: server.server.settings.lock_out,
        proved: Some(proved),
        replaces: current_session(state, server, attempt.headers).await?.map(|session| session.id),
        event: event(state, call, AuditKind::SignedIn, &user.id.to_string(), attempt.client),
        session: NewSession { session, secret_hash: secret_hash(&secret) },
        code,
        password_upgrade,
    };
    match auth_store::login::sign_in(&state.database, server.server.id, sign_in, now).await? {
        SignInOutcome::Locked => Err(Failure::Locked),
        SignInOutcome::PasswordChanged => Ok(None),
        SignInOutcome::SignedIn => {
            let Some(delivery) = delivery(state, server, answer, attempt.cookie) else {
                return Ok(Some(answer::error_page(call, ErrorKind::Internal)));
            };
            let mut response = answer::see_other(&delivery);
            if let Some(set) = server.cookies.set(&server.cookies.session, &secret) {
                response.headers_mut().append(header::SET_COOKIE, set);
            }
            Ok(Some(response))
        }
    }
}

/// A code, or why there is none although the password was right: the account is foreign, or it is somebody else's sign-in
/// that was asked for.
async fn answer_to(
    state: &AppState,
    attempt: &Attempt<'_>,
    request: &AuthorizationRequest,
    user: &User,
    session: &Session,
) -> Result<(Option<NewCode>, ClientAnswer), Failure> {
    let server = &attempt.call.server;
    let refused = |rejection: &Rejection| (None, ClientAnswer::error(server, request.return_address(), rejection));
    if !request.is_for(user.id) {
        return Ok(refused(&login_required()));
    }
    match selected_account(&state.database, server, user, request.account_id).await {
        Ok(_) => {
            let (code, new) = code_for(state, server, attempt.client, request, session);
            Ok((Some(new), ClientAnswer::code(server, request, &code)))
        }
        Err(IssueError::ForeignAccount) => Ok(refused(&IssueError::rejection())),
        Err(IssueError::Store(error)) => Err(error.into()),
    }
}

fn event(state: &AppState, call: &Call, kind: AuditKind, subject: &str, client: &Client) -> AuditEvent {
    AuditEvent {
        id: new_id!(state, AuditEventId),
        kind,
        actor: subject.to_owned(),
        subject: subject.to_owned(),
        object: client.client_id.clone(),
        origin: call.origin.clone(),
        detail: String::new(),
        at: state.now(),
    }
}
