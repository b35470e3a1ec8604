//! What is taken off: hop-by-hop headers, what only the gateway may set, Linden's cookies where they do not belong.

#[cfg(test)]
mod tests;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// RFC 9110 §7.6.1.
fn is_hop_by_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

/// Set by the gateway alone; identity and addresses that other software believes in are among them.
fn is_ours_alone(name: &str) -> bool {
    matches!(
        name,
        "x-context-request"
            | "x-guest-token"
            | "x-request-id"
            | "forwarded"
            | "x-real-ip"
            | "x-client-ip"
            | "x-cluster-client-ip"
            | "true-client-ip"
            | "remote-user"
            | "x-remote-user"
            | "x-user"
            | "x-user-id"
            | "x-authenticated-user"
            | "x-original-host"
            | "x-original-uri"
            | "x-original-url"
            | "x-rewrite-url"
    ) || name.starts_with("x-forwarded-")
        || name.starts_with("x-auth-request-")
}

/// Some servers read `x_context_request` as the same header as `x-context-request`.
fn with_dashes(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

/// Whether the name is one of those, spelled so or with underscores.
fn is_one_of(those: fn(&str) -> bool, name: &HeaderName) -> bool {
    match name.as_str().bytes().any(|byte| byte == b'_') {
        true => those(&with_dashes(name.as_str())),
        false => those(name.as_str()),
    }
}

/// Of a request or an answer: headers about one connection, also those that `Connection` names. It may not name
/// `Authorization`, which is for the service: taking it off would make a guest of the caller.
pub fn hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<String> = headers
        .get_all(header::CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .filter_map(|name| std::str::from_utf8(name).ok())
        .map(|name| with_dashes(name.trim()))
        // `close` is no header; the others are taken off whoever names them.
        .filter(|name| !is_hop_by_hop(name) && name != "close" && name != "authorization")
        .collect();
    let is_named = |name: &HeaderName| !named.is_empty() && named.contains(&with_dashes(name.as_str()));
    remove(headers, |name| is_one_of(is_hop_by_hop, name) || is_named(name));
}

/// What a request claims that only the gateway may say.
pub fn forged(headers: &mut HeaderMap) {
    remove(headers, |name| is_one_of(is_ours_alone, name));
}

fn remove(headers: &mut HeaderMap, unwanted: impl Fn(&HeaderName) -> bool) {
    let names: Vec<HeaderName> = headers.keys().filter(|name| unwanted(name)).cloned().collect();
    for name in names {
        headers.remove(name);
    }
}

/// `__Host-linden-session`, and `linden-session-8080` on the loopback: by prefix, since names carry port and server.
/// Bytes, because other people's cookies may hold any.
fn is_ours(cookie: &[u8]) -> bool {
    let name = cookie.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
    let starts_with = |prefix: &[u8]| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    [&b"linden-"[..], b"__host-linden-", b"__secure-linden-"].into_iter().any(starts_with)
}

/// HTTP/2 may send each cookie as a header of its own; before they go on by HTTP/1.1 they become one (RFC 9113 §8.2.3).
pub fn join_cookies(headers: &mut HeaderMap) {
    let values: Vec<&[u8]> = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if values.len() > 1
        && let Ok(value) = HeaderValue::from_bytes(&values.join(&b"; "[..]))
    {
        headers.insert(header::COOKIE, value);
    }
}

/// Linden's cookies out of a request that is not for the authorization server; the others stay as they are. Cookies are
/// joined before.
pub fn request_cookies(headers: &mut HeaderMap) {
    let Some(cookies) = headers.get(header::COOKIE).map(HeaderValue::as_bytes) else { return };
    if !cookies.split(|byte| *byte == b';').any(is_ours) {
        return;
    }
    let others: Vec<&[u8]> = cookies
        .split(|byte| *byte == b';')
        .map(<[u8]>::trim_ascii)
        .filter(|cookie| !cookie.is_empty() && !is_ours(cookie))
        .collect();
    match HeaderValue::from_bytes(&others.join(&b"; "[..])) {
        Ok(others) if !others.is_empty() => headers.insert(header::COOKIE, others),
        _ => headers.remove(header::COOKIE),
    };
}

/// Cookies of Linden's names that a service tries to set.
pub fn answer_cookies(headers: &mut HeaderMap) {
    if !headers.contains_key(header::SET_COOKIE) {
        return;
    }
    let kept: Vec<HeaderValue> =
        headers.get_all(header::SET_COOKIE).iter().filter(|value| !is_ours(value.as_bytes())).cloned().collect();
    headers.remove(header::SET_COOKIE);
    for value in kept {
        headers.append(header::SET_COOKIE, value);
    }
}
