//! What is taken off: hop-by-hop headers, what only the gateway may set, Linden's cookies where they do not belong.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Set by the gateway alone; identity headers that other software believes in are among them.
const OURS_ALONE: [&str; 16] = [
    "x-context-request",
    "x-guest-token",
    "x-request-id",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-real-ip",
    "x-user-id",
    "x-user",
    "remote-user",
    "x-remote-user",
    "x-authenticated-user",
    "x-original-url",
];

/// Names compare without regard to `-` and `_`: some servers read `x_context_request` as the same header.
fn is_one_of(name: &HeaderName, list: &[&str]) -> bool {
    let plain = name.as_str().replace('_', "-");
    list.contains(&plain.as_str())
}

/// Of a request or an answer: headers about one connection, also those that `Connection` names.
pub fn hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<String> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(|name| name.trim().to_ascii_lowercase()))
        .collect();
    remove(headers, |name| is_one_of(name, &HOP_BY_HOP) || named.iter().any(|other| other == name.as_str()));
}

pub fn forged(headers: &mut HeaderMap) {
    remove(headers, |name| is_one_of(name, &OURS_ALONE));
}

fn remove(headers: &mut HeaderMap, unwanted: impl Fn(&HeaderName) -> bool) {
    let names: Vec<HeaderName> = headers.keys().filter(|name| unwanted(name)).cloned().collect();
    for name in names {
        headers.remove(name);
    }
}

fn is_ours(cookie: &str) -> bool {
    let name = cookie.split('=').next().unwrap_or_default().trim();
    let name = name.strip_prefix("__Host-").or_else(|| name.strip_prefix("__Secure-")).unwrap_or(name);
    name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("linden-"))
}

/// Linden's cookies out of a request that is not for the authorization server.
pub fn request_cookies(headers: &mut HeaderMap) {
    let kept: Vec<String> = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .map(str::trim)
        .filter(|cookie| !cookie.is_empty() && !is_ours(cookie))
        .map(str::to_owned)
        .collect();
    headers.remove(header::COOKIE);
    if let Ok(value) = HeaderValue::from_str(&kept.join("; "))
        && !kept.is_empty()
    {
        headers.insert(header::COOKIE, value);
    }
}

/// Cookies of Linden's names that a service tries to set.
pub fn answer_cookies(headers: &mut HeaderMap) {
    let kept: Vec<HeaderValue> = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .filter(|value| value.to_str().is_ok_and(|cookie| !is_ours(cookie)))
        .cloned()
        .collect();
    headers.remove(header::SET_COOKIE);
    for value in kept {
        headers.append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn nothing_that_only_the_gateway_may_set_gets_through() {
        let mut sent = headers(&[
            ("X-Context-Request", "{}"),
            ("x_context_request", "{}"),
            ("X-Forwarded-For", "1.2.3.4"),
            ("X_Request_Id", "a"),
            ("Remote_User", "root"),
            ("Accept", "*/*"),
            ("Connection", "close, X-Secret"),
            ("X-Secret", "1"),
            ("TE", "trailers"),
        ]);
        forged(&mut sent);
        hop_by_hop(&mut sent);
        assert_eq!(sent.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["accept"]);
    }

    #[test]
    fn our_cookies_are_taken_out_and_others_left() {
        let mut sent = headers(&[
            ("cookie", "a=1; linden-session-8080=x; __Host-linden-guest=y"),
            ("cookie", "LINDEN-csrf=z; b=2"),
        ]);
        request_cookies(&mut sent);
        assert_eq!(sent[header::COOKIE], "a=1; b=2");
        let mut answered = headers(&[("set-cookie", "__Host-linden-session=evil; Path=/"), ("set-cookie", "cart=1")]);
        answer_cookies(&mut answered);
        assert_eq!(answered.get_all(header::SET_COOKIE).iter().collect::<Vec<_>>(), ["cart=1"]);
    }

    proptest! {
        #[test]
        fn no_spelling_of_ours_survives(which in 0..OURS_ALONE.len(), flips in proptest::collection::vec(any::<(bool, bool)>(), 40)) {
            let spelled: String = OURS_ALONE[which].chars().zip(flips).map(|(character, (upper, low))| match character {
                '-' if low => '_',
                other if upper => other.to_ascii_uppercase(),
                other => other,
            }).collect();
            let mut sent = headers(&[(&spelled, "x")]);
            forged(&mut sent);
            prop_assert!(sent.is_empty());
        }
    }
}
