//! The storefront's files with their headers.
//!
//! 1. GET and HEAD only; a file by its exact path.
//! 2. A path without a file gets the start page when a browser asks for a page by GET and the path has no extension: the
//!    storefront knows its own addresses. `silent-callback.html` is never answered so.
//! 3. Only `silent-callback.html` may be framed, and only by its own origin.

mod headers;

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};

use crate::Application;
use crate::config::FileSource;
use crate::phases::address::decode;
use crate::phases::respond::wants_page;
use crate::refusal::Refusal;

const START: &str = "index.html";
const SILENT_CALLBACK: &str = "silent-callback.html";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not built yet</title>\
    <main><h1>The storefront is not built yet</h1><p>Sign-in and services work. Stop this program and run \
    <code>cargo xtask dev</code>: it builds the storefront, which needs Node 20.19 or newer.</p></main></html>";

/// `path` is plain: its decoded form has the same segments.
pub(crate) fn serve(
    files: &dyn FileSource,
    application: &Application,
    method: &Method,
    path: &str,
    asked: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    if method != Method::GET && method != Method::HEAD {
        return Err(Refusal::FilesAreReadOnly);
    }
    if path == "/config.json" {
        return Ok(settings(application));
    }
    let decoded = decode(path).unwrap_or_default();
    let is_page = method == Method::GET && wants_page(method, asked) && !has_extension(&decoded);
    let name = match decoded.trim_start_matches('/') {
        "" => START,
        name => name,
    };
    if let Some(file) = files.get(name) {
        return Ok(headers::with_file(application, name, file, asked));
    }
    match files.get(START) {
        Some(file) if is_page => Ok(headers::with_file(application, START, file, asked)),
        None if is_page || name == START => Ok(not_built()),
        _ => Err(Refusal::NoSuchFile),
    }
}

fn has_extension(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

fn settings(application: &Application) -> Response<Body> {
    let mut response = Response::new(Body::from(application.storefront.to_string()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn not_built() -> Response<Body> {
    let mut response = Response::new(Body::from(NOT_BUILT));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
