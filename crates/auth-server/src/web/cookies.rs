//! Cookies: `__Host-`, `HttpOnly`, `Secure`, `SameSite=Lax`, `Path=/`. On a plain-http loopback origin they lose prefix
//! and `Secure` and gain the port in their name, because cookies ignore ports. Which kind is decided by the issuer,
//! never by a request.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};
use url::Url;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieNames {
    pub session: String,
    pub csrf: String,
    pub remember: String,
    secure: bool,
}

/// The longest list of equally named cookies that is looked at: a planted one must not hide the real one.
pub const MOST_OF_ONE_NAME: usize = 4;

impl CookieNames {
    pub fn of(issuer: &Url) -> Self {
        let secure = issuer.scheme() == "https";
        let server = issuer.path().trim_end_matches('/').rsplit_once("/s/").map(|(_, name)| format!("-{name}"));
        let server = server.unwrap_or_default();
        let named = |what: &str| match issuer.port_or_known_default() {
            Some(port) if !secure => format!("linden-{what}-{port}{server}"),
            _ => format!("__Host-linden-{what}{server}"),
        };
        Self { session: named("session"), csrf: named("csrf"), remember: named("remember"), secure }
    }

    /// A cookie for the browser session: no `Max-Age`.
    pub fn set(&self, name: &str, value: &str) -> Option<HeaderValue> {
        self.header(Cookie::build((name.to_owned(), value.to_owned())))
    }

    pub fn remove(&self, name: &str) -> Option<HeaderValue> {
        self.header(Cookie::build((name.to_owned(), String::new())).max_age(cookie::time::Duration::ZERO))
    }

    fn header(&self, cookie: cookie::CookieBuilder<'static>) -> Option<HeaderValue> {
        let cookie = cookie.path("/").http_only(true).secure(self.secure).same_site(SameSite::Lax).build();
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

/// Values of cookies with this name; what is no cookie is passed over. A neighbour may have planted bytes that are no text
/// beside ours, so they don't spoil the header.
pub fn values(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .map(|header| String::from_utf8_lossy(header.as_bytes()).into_owned())
        .flat_map(|header| Cookie::split_parse(header).filter_map(Result::ok))
        .filter(|cookie| cookie.name() == name && cookie.value().is_ascii())
        .map(|cookie| cookie.value().to_owned())
        .take(MOST_OF_ONE_NAME)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_decides_the_kind_of_cookie() {
        let https = CookieNames::of(&Url::parse("https://shop.example/auth").unwrap());
        assert_eq!(https.session, "__Host-linden-session");
        let set = https.set(&https.session, "v").unwrap();
        assert_eq!(set.to_str().unwrap(), "__Host-linden-session=v; HttpOnly; SameSite=Lax; Secure; Path=/");

        let loopback = CookieNames::of(&Url::parse("http://localhost:8080/auth/s/trade").unwrap());
        assert_eq!(loopback.csrf, "linden-csrf-8080-trade");
        let removed = loopback.remove(&loopback.session).unwrap();
        assert_eq!(removed.to_str().unwrap(), "linden-session-8080-trade=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    }

    #[test]
    fn broken_cookies_are_passed_over_and_doubled_ones_all_seen() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("=; a; linden-session-8080=one; ;;"));
        headers.append(header::COOKIE, HeaderValue::from_static("linden-session-8080=two"));
        headers.append(header::COOKIE, HeaderValue::from_bytes(b"linden-session-8080=\xff").unwrap());
        assert_eq!(values(&headers, "linden-session-8080"), ["one", "two"]);
    }
}
