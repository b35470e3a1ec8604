//! Answers of the gateway itself, and what it adds to those of others.

mod cross_origin;

pub use cross_origin::{CrossOrigin, is_preflight};

use auth_protocol::problem::{CONTENT_TYPE, Problem};
use auth_protocol::strict_transport;
use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};

/// Whether a browser asks for a page to show.
pub fn wants_page(method: &Method, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    (method == Method::GET || method == Method::HEAD) && accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Problem details, or the same words as a page.
pub fn problem(mut problem: Problem, retry_after: u64, request_id: &str, as_page: bool) -> Response<Body> {
    problem.request_id = Some(request_id.to_owned());
    let (body, content_type) = match as_page {
        true => (page(&problem).into_bytes(), "text/html; charset=utf-8"),
        false => (serde_json::to_vec(&problem).unwrap_or_default(), CONTENT_TYPE),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if as_page {
        let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    match problem.status {
        503 => headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after)),
        405 => headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD")),
        _ => None,
    };
    response
}

fn page(problem: &Problem) -> String {
    let detail = problem.detail.as_deref().map(|detail| format!("<p>{}</p>", escaped(detail))).unwrap_or_default();
    let title = escaped(&problem.title);
    let request_id = problem.request_id.as_deref().unwrap_or_default();
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><main><h1>{title}</h1>{detail}<p><small>Request {request_id}</small></p></main></html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// On every answer.
pub fn finish(
    mut response: Response<Body>,
    request_id: &HeaderValue,
    scheme: &str,
    host: Option<&str>,
) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-request-id"), request_id.clone());
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    if host.is_some_and(|host| strict_transport::is_promised(scheme, host)) {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    response
}
