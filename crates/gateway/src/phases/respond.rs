//! Answers of the gateway itself, and what it adds to those of others.

use auth_protocol::problem::{CONTENT_TYPE, Problem};
use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};

use super::forward::ForwardError;
use crate::Application;

pub fn problem(mut problem: Problem, request_id: &str) -> Response<Body> {
    problem.request_id = Some(request_id.to_owned());
    let mut response = Response::new(Body::from(serde_json::to_vec(&problem).unwrap_or_default()));
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if problem.status == 503 {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

pub fn not_found() -> Problem {
    Problem::new(404, "not_found", "Nothing here")
}

pub fn unknown_application(host: &str) -> Problem {
    Problem::new(404, "unknown_application", "No shop is registered at this address")
        .detail(format!("{host} belongs to no application; the address that `linden` printed does"))
}

pub fn failed(error: &ForwardError) -> Problem {
    match error {
        ForwardError::TooLarge => Problem::new(413, "body_too_large", "The body is too large"),
        ForwardError::TimedOut => Problem::new(504, "upstream_timed_out", "No answer came in time"),
        ForwardError::Unreachable(_) => {
            Problem::new(502, "upstream_unreachable", "This part of the shop cannot be reached")
        }
        ForwardError::Malformed => Problem::new(400, "invalid_request", "The address cannot be passed on"),
    }
}

/// On every answer.
pub fn finish(mut response: Response<Body>, request_id: &str, scheme: &str) -> Response<Body> {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-request-id", id);
    }
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    if scheme == "https" {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// The origin that a request may be answered to across origins: one that the application registered.
pub fn allowed_origin(application: &Application, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    application.origins.iter().any(|known| origin == known.as_str()).then(|| origin.clone())
}

pub fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

pub fn preflight(allowed: Option<HeaderValue>) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if allowed.is_some() {
        let headers = response.headers_mut();
        let methods = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        let names = HeaderValue::from_static("authorization, content-type, if-match, x-application-token");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    allow(response, allowed)
}

pub fn allow(mut response: Response<Body>, allowed: Option<HeaderValue>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    response
}
