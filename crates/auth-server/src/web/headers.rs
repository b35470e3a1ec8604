//! Headers that answers carry (rule 8).

use std::mem;
use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;

/// Room for the headers that an answer usually ends with, taken at once.
const MOST: usize = 12;

/// What every answer has, where its endpoint says nothing else.
static FIXED: LazyLock<HeaderMap> = LazyLock::new(|| {
    let mut fixed = HeaderMap::with_capacity(MOST);
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::CONTENT_SECURITY_POLICY, PLAIN_POLICY),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        fixed.insert(name, HeaderValue::from_static(value));
    }
    fixed
});

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// On every answer, also where no server is: what an endpoint set itself stays. `promise_tls` as
/// [`ServerEntry::promises_tls`](crate::directory::ServerEntry::promises_tls) says.
pub fn finish(request_id: &str, promise_tls: bool, mut response: Response) -> Response {
    let headers = response.headers_mut();
    fix(promise_tls, headers);
    name_request(request_id, headers);
    response
}

/// What does not depend on the request.
pub fn fix(promise_tls: bool, headers: &mut HeaderMap) {
    let own = mem::replace(headers, FIXED.clone());
    headers.reserve(own.len() + 2);
    headers.extend(own);
    if promise_tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

pub fn name_request(request_id: &str, headers: &mut HeaderMap) {
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
}

const PLAIN_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A page's policy. Chromium checks `form-action` along every redirect after a submitted form, so the client's
/// callback must be named where one follows.
pub fn page_policy(form_action: Option<&str>) -> String {
    let also = form_action.map(|action| format!(" {action}")).unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'{also}; \
         frame-ancestors 'none'"
    )
}

/// That of the one page with a script, which is a file of ours.
pub fn script_page_policy(form_action: &str) -> String {
    format!("{}; script-src 'self'", page_policy(Some(form_action)))
}
