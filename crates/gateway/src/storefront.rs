//! The storefront's files with their headers.
//!
//! 1. GET and HEAD only; a file by its exact path.
//! 2. A path without a file gets the start page when a browser asks for a page and the path has no extension: the
//!    storefront knows its own addresses. `silent-callback.html` is never answered so.
//! 3. Only `silent-callback.html` may be framed, and only by its own origin.

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};

use crate::Application;
use crate::application::issuer_origin;
use crate::config::{FileSource, ServedFile};
use auth_protocol::problem::Problem;

const START: &str = "index.html";
const SILENT_CALLBACK: &str = "silent-callback.html";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not built yet</title>\
    <h1>The storefront is not built yet</h1><p>Sign-in and services work. Stop this program and run \
    <code>cargo xtask dev</code>: it builds the storefront, which needs Node 20.19 or newer.</p></html>";

pub(crate) enum Served {
    Answer(Response<Body>),
    Problem(Problem),
}

pub(crate) fn serve(
    files: &dyn FileSource,
    application: &Application,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Served {
    if method != Method::GET && method != Method::HEAD {
        return Served::Problem(
            Problem::new(405, "method_not_allowed", "Files can only be read").detail("use GET or HEAD"),
        );
    }
    if path == "/config.json" {
        return Served::Answer(settings(application));
    }
    let name = match path.trim_start_matches('/') {
        "" => START,
        name => name,
    };
    if let Some(file) = files.get(name) {
        return Served::Answer(answer(application, name, file, headers));
    }
    if !wants_page(headers) || has_extension(name) {
        return Served::Problem(Problem::new(404, "not_found", "There is no such file"));
    }
    match files.get(START) {
        Some(file) => Served::Answer(answer(application, START, file, headers)),
        None => Served::Answer(not_built()),
    }
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

fn has_extension(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

fn settings(application: &Application) -> Response<Body> {
    let mut response = Response::new(Body::from(application.storefront.to_string()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn answer(application: &Application, name: &str, file: ServedFile, asked: &HeaderMap) -> Response<Body> {
    let tag = format!("\"{}\"", file.hash);
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response = match unchanged {
        true => Response::new(Body::empty()),
        false => Response::new(Body::from(file.bytes.into_owned())),
    };
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    set(headers, header::CONTENT_TYPE.as_str(), &kind);
    set(headers, header::ETAG.as_str(), &tag);
    // Vite names its assets by their content.
    let caching = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    set(headers, header::CACHE_CONTROL.as_str(), caching);
    policies(headers, application, name);
    response
}

fn policies(headers: &mut HeaderMap, application: &Application, name: &str) {
    let issuer = issuer_origin(&application.issuer);
    let ancestors = if name == SILENT_CALLBACK { "'self'" } else { "'none'" };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self' {issuer}; frame-src 'self' {issuer}; form-action 'self' {issuer}; worker-src 'none'; \
         base-uri 'none'; frame-ancestors {ancestors}"
    );
    set(headers, header::CONTENT_SECURITY_POLICY.as_str(), &policy);
    set(headers, header::X_FRAME_OPTIONS.as_str(), if name == SILENT_CALLBACK { "SAMEORIGIN" } else { "DENY" });
    set(headers, header::REFERRER_POLICY.as_str(), "strict-origin-when-cross-origin");
    set(headers, "cross-origin-opener-policy", "same-origin");
    set(headers, "permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()");
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn not_built() -> Response<Body> {
    let mut response = Response::new(Body::from(NOT_BUILT));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    response
}
