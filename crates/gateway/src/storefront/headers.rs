use std::borrow::Cow;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use super::SILENT_CALLBACK;
use crate::Application;
use crate::application::issuer_origin;
use crate::config::ServedFile;

/// The build names its assets by their content, so an address never gets another content.
const HASHED: &str = "assets/";

/// A file's answer: 304 when the one who asks has it.
pub(super) fn with_file(application: &Application, name: &str, file: ServedFile, asked: &HeaderMap) -> Response<Body> {
    let tag = format!("\"{}\"", file.hash);
    let mut response = match is_known(asked, &tag) {
        true => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        }
        false => Response::new(Body::from(match file.bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        })),
    };
    let headers = response.headers_mut();
    let caching = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    set(headers, header::CONTENT_TYPE.as_str(), &content_type(name));
    set(headers, header::ETAG.as_str(), &tag);
    set(headers, header::CACHE_CONTROL.as_str(), caching);
    policies(headers, application, name);
    response
}

/// RFC 9110 §13.1.2: weak comparison.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|known| known.split(',')).map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

fn content_type(name: &str) -> String {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() }
}

/// Sign-in leads to the issuer: by iframe, by a form post at sign-out, by calls of the SDK.
fn policies(headers: &mut HeaderMap, application: &Application, name: &str) {
    let issuer = issuer_origin(&application.issuer);
    let (ancestors, frames) = match name {
        SILENT_CALLBACK => ("'self'", "SAMEORIGIN"),
        _ => ("'none'", "DENY"),
    };
    let content = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self' {issuer}; frame-src 'self' {issuer}; form-action 'self' {issuer}; worker-src 'none'; \
         base-uri 'none'; frame-ancestors {ancestors}"
    );
    set(headers, header::CONTENT_SECURITY_POLICY.as_str(), &content);
    set(headers, header::X_FRAME_OPTIONS.as_str(), frames);
    set(headers, header::REFERRER_POLICY.as_str(), "strict-origin-when-cross-origin");
    set(headers, "cross-origin-opener-policy", "same-origin");
    set(headers, "permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()");
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
