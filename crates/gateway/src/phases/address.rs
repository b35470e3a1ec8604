//! Which host and path are asked for, in one reading only.

use http::request::Parts;
use http::{HeaderMap, Method, Uri, header};

/// A domain name of 253 characters, and a port.
const LONGEST_HOST: usize = 259;

/// Of path and query, in bytes.
const LONGEST_TARGET: usize = 16 * 1024;

pub fn is_too_long(uri: &Uri) -> bool {
    uri.path_and_query().is_some_and(|target| target.as_str().len() > LONGEST_TARGET)
}

/// TRACE would echo what the gateway added; CONNECT asks for a tunnel.
pub fn is_served(method: &Method) -> bool {
    method != Method::TRACE && method != Method::CONNECT
}

/// A path that two programs could read differently is refused, not guessed at: encoded slashes, dots and backslashes, dot
/// segments, doubled slashes, control characters, ill-formed UTF-8.
pub fn is_plain(path: &str) -> bool {
    let (mut is_encoded, mut is_dotted) = (false, false);
    let mut before = 0;
    for byte in path.bytes() {
        if byte == b'\\' || byte.is_ascii_control() || (byte == b'/' && before == b'/') {
            return false;
        }
        is_encoded |= byte == b'%';
        is_dotted |= byte == b'.' && before == b'/';
        before = byte;
    }
    if !path.starts_with('/') || is_dotted && path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return false;
    }
    if !is_encoded {
        return true;
    }
    let Some(decoded) = decode(path) else { return false };
    let same_segments = decoded.matches('/').count() == path.matches('/').count();
    let dots = path.split('/').any(|segment| matches!(decode(segment).as_deref(), Some("." | "..")));
    let encoded_dot = path.to_ascii_lowercase().contains("%2e");
    same_segments && !dots && !encoded_dot && !decoded.contains('\\') && !decoded.chars().any(char::is_control)
}

/// Without percent signs; `None` when that is no UTF-8, or a percent sign is not followed by two digits.
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (high, low) = (char::from(rest.next()?).to_digit(16)?, char::from(rest.next()?).to_digit(16)?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// The host that was asked for, in lower case and without the scheme's own port; `None` when none or several were named.
/// Where the request line has a host, `Host` does not count (RFC 9112 §3.2.2).
pub fn host(parts: &Parts, scheme: &str) -> Option<String> {
    let named = match parts.uri.authority() {
        Some(authority) => authority.as_str(),
        None => only(&parts.headers)?,
    };
    let is_clean = named
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']' | b'_'));
    let own_port = if scheme == "https" { ":443" } else { ":80" };
    let host = named.strip_suffix(own_port).unwrap_or(named);
    (is_clean && !host.is_empty() && named.len() <= LONGEST_HOST).then(|| host.to_ascii_lowercase())
}

fn only(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::HOST).iter();
    let (first, None) = (all.next()?, all.next()) else { return None };
    first.to_str().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_that_mean_two_things_are_refused() {
        for path in [
            "/auth/../api",
            "/auth/%2e%2e/api",
            "/auth/.%2E/api",
            "/a//b",
            "/a%2fb",
            "/a%5cb",
            "/a\\b",
            "/a%00",
            "/a%0d%0a",
            "/a%ff",
            "/a%c3",
            "/a%",
            "/a/..",
            "/a/../b%20c",
            "/a\u{7f}",
            "/a%g1",
            "/./a",
            "/a/.",
            "*",
        ] {
            assert!(!is_plain(path), "{path}");
        }
        for path in
            ["/", "/auth/oauth/token", "/lists/f%C3%BCr%20mich", "/.well-known/openid-configuration", "/a.b/c..d"]
        {
            assert!(is_plain(path), "{path}");
        }
    }

    fn host_of(line: &str, hosts: &[&str], scheme: &str) -> Option<String> {
        let mut request = http::Request::get(line);
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        host(&request.body(()).unwrap().into_parts().0, scheme)
    }

    #[test]
    fn one_host_is_asked_for_or_none() {
        for (line, hosts, expected) in [
            ("/", &["Shop.Example"][..], Some("shop.example")),
            ("/", &["shop.example:443"], Some("shop.example")),
            ("/", &["shop.example:80"], Some("shop.example:80")),
            ("/", &["[::1]:8080"], Some("[::1]:8080")),
            ("https://line.example/", &["header.example"], Some("line.example")),
            ("/", &[], None),
            ("/", &[""], None),
            ("/", &[":443"], None),
            ("/", &["a.example", "b.example"], None),
            ("/", &["anna@shop.example"], None),
            ("/", &["shop.example/x"], None),
            ("/", &["shop example"], None),
            ("/", &[&"a".repeat(260)], None),
        ] {
            assert_eq!(host_of(line, hosts, "https").as_deref(), expected, "{line} {hosts:?}");
        }
        assert_eq!(host_of("/", &["localhost:80"], "http").as_deref(), Some("localhost"));
    }

    proptest! {
        #[test]
        fn a_plain_path_decodes_to_as_many_segments_and_no_way_up(path in "/[a-z./%0-9A-F\\\\]{0,20}") {
            if is_plain(&path) {
                let decoded = decode(&path).unwrap();
                prop_assert_eq!(decoded.split('/').count(), path.split('/').count());
                prop_assert!(decoded.split('/').all(|segment| segment != ".." && segment != "."));
            }
        }
    }
}
