//! Answers: pages, OAuth errors, problems. All carry the request id; none carries a cause.

use auth_protocol::oauth_error::{ErrorBody, ErrorCode};
use auth_protocol::problem::{self, Problem};
use auth_protocol::refused::Refused;
use auth_store::Error;
use auth_store::audit::Origin;
use axum::Json;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use super::form::FormError;
use super::headers::{page_policy, script_page_policy};
use super::request::Call;
use crate::pages::{ErrorKind, ErrorPage, Locale};

/// A page; `form_action` is where its form may lead beside here.
pub fn page(status: StatusCode, locale: Locale, html: String, form_action: Option<&str>) -> Response {
    page_under(&page_policy(form_action), status, locale, html)
}

/// A page whose script submits its form.
pub fn page_with_script(status: StatusCode, locale: Locale, html: String, form_action: &str) -> Response {
    page_under(&script_page_policy(form_action), status, locale, html)
}

fn page_under(policy: &str, status: StatusCode, locale: Locale, html: String) -> Response {
    let mut response = (status, axum::response::Html(html)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag()));
    response
}

pub fn error_page(call: &Call, kind: ErrorKind<'_>) -> Response {
    let status = status_of(kind);
    let page_ = ErrorPage {
        locale: call.locale,
        shop_name: Some(&call.server.server.friendly_name),
        kind,
        request_id: &call.origin.request_id,
        back_url: None,
        assets: &call.assets(),
    };
    let refused = Refused::new(kind.code(), kind.detail().map_or_else(|| kind.code().replace('_', " "), str::to_owned));
    because(page(status, call.locale, page_.render(), None), refused)
}

/// For whatever looks at the answer within this process.
pub fn because(mut response: Response, refused: Refused) -> Response {
    response.extensions_mut().insert(refused);
    response
}

fn status_of(kind: ErrorKind<'_>) -> StatusCode {
    match kind {
        ErrorKind::UnknownClient
        | ErrorKind::UnregisteredRedirectUri
        | ErrorKind::BadRequest { .. }
        | ErrorKind::RequestExpired
        | ErrorKind::OtherBrowser
        | ErrorKind::CookiesNeeded => StatusCode::BAD_REQUEST,
        ErrorKind::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorKind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What a page says of a form that could not be read.
pub fn form_error_page(call: &Call, error: &FormError) -> Response {
    match error {
        FormError::MediaType => error_page(call, ErrorKind::UnsupportedMediaType),
        FormError::TooLarge => error_page(call, ErrorKind::BodyTooLarge),
        FormError::Incomplete => error_page(call, ErrorKind::BadRequest { detail: "the form did not arrive whole" }),
        FormError::Parameter(name) => error_page(call, ErrorKind::BadRequest { detail: &parameter_error(name) }),
    }
}

pub fn parameter_error(name: &str) -> String {
    format!("the parameter {name} comes twice, is too long or holds characters that it cannot have")
}

/// What a page says when the storage failed.
pub fn storage_page(call: &Call, error: &Error) -> Response {
    tracing::error!(?error, "storage failed");
    if error.is_unavailable() {
        let mut response = error_page(call, ErrorKind::Unavailable);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        response
    } else {
        error_page(call, ErrorKind::Internal)
    }
}

/// What a token request is granted: room for a token or two is taken at once.
pub fn json(value: &impl Serialize) -> Response {
    let mut written = Vec::with_capacity(2048);
    if let Err(error) = serde_json::to_writer(&mut written, value) {
        tracing::error!(%error, "an answer could not be written");
        return oauth_error(ErrorCode::ServerError, "the server failed; the request id is in the headers");
    }
    let mut response = Response::new(Body::from(written));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An error of an OAuth endpoint (RFC 6749 §5.2).
pub fn oauth_error(error: ErrorCode, description: impl Into<String>) -> Response {
    let status = match error {
        ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
        ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    let body = ErrorBody { error, error_description: description.into() };
    let refused = Refused::new(body.error.name(), body.error_description.as_str());
    because((status, Json(body)).into_response(), refused)
}

pub fn form_oauth_error(error: &FormError) -> Response {
    let (status, description) = match error {
        FormError::MediaType => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/x-www-form-urlencoded".to_owned())
        }
        FormError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the form is larger than this server takes".to_owned()),
        FormError::Incomplete => (StatusCode::BAD_REQUEST, "the form did not arrive whole".to_owned()),
        FormError::Parameter(name) => (StatusCode::BAD_REQUEST, parameter_error(name)),
    };
    let mut response = oauth_error(ErrorCode::InvalidRequest, description);
    *response.status_mut() = status;
    response
}

/// A storage failure is a 503, never `invalid_grant` (rule 13).
pub fn storage_oauth_error(error: &Error) -> Response {
    tracing::error!(?error, "storage failed");
    if error.is_unavailable() {
        let mut response = oauth_error(ErrorCode::TemporarilyUnavailable, "try again in a moment");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        response
    } else {
        oauth_error(ErrorCode::ServerError, "the server failed; the request id is in the headers")
    }
}

pub fn problem(origin: &Origin, mut problem: Problem) -> Response {
    problem.request_id = Some(origin.request_id.clone());
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(&problem)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(problem::CONTENT_TYPE));
    let refused = Refused::new(problem.code(), problem.detail.as_deref().unwrap_or(&problem.title));
    because(response, refused)
}

pub fn storage_problem(call: &Call, error: &Error) -> Response {
    tracing::error!(?error, "storage failed");
    if error.is_unavailable() {
        let unavailable = Problem::new(503, "unavailable", "Not available at the moment").detail("try again soon");
        let mut response = problem(&call.origin, unavailable);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        response
    } else {
        problem(&call.origin, Problem::new(500, "internal", "The server failed"))
    }
}

/// 303: a GET follows, whatever came before.
pub fn see_other(location: &str) -> Response {
    Redirect::to(location).into_response()
}

/// Whether the request would rather have a page than JSON.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

pub fn unknown_server(origin: &Origin, locale: Locale, headers: &HeaderMap) -> Response {
    if wants_page(headers) {
        let page_ = ErrorPage {
            locale,
            shop_name: None,
            kind: ErrorKind::NotFound,
            request_id: &origin.request_id,
            back_url: None,
            assets: "/auth/assets",
        };
        return page(StatusCode::NOT_FOUND, locale, page_.render(), None);
    }
    let unknown = Problem::new(404, "unknown_server", "No authorization server here")
        .detail("no issuer has this host and path; look at the issuer in the configuration");
    problem(origin, unknown)
}
