//! Redirect URIs (RFC 6749 §3.1.2, RFC 9700 §4.1.3): registered strings that a request's must equal.
//!
//! 1. A URI is registered only when it is absolute, without fragment, user information or white space, and its scheme
//!    is `https`, `http` on a loopback host, or a private-use scheme with a dot in it (RFC 8252 §7.1).
//! 2. A presented URI matches by exact string. The only normalisation is that an empty path equals `/` (RFC 3986
//!    §6.2.3).
//! 3. A native client's loopback address, `127.0.0.1` or `[::1]`, matches with any port: the system gives it one when the
//!    program starts to listen (RFC 8252 §7.3). `localhost` does not: it may lead elsewhere (§8.3).

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRedirectUri {
    #[error("is no absolute URI")]
    NotAbsolute,
    #[error("must not have a fragment, a user name or a password")]
    Decorated,
    #[error("contains white space or control characters, or is written in a way that browsers change")]
    Unclean,
    #[error("must be https, http on a loopback host, or a private-use scheme such as com.example.app")]
    Scheme,
    #[error("is longer than 2000 characters")]
    TooLong,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String", inline))]
pub struct RedirectUri {
    text: String,
    origin: String,
}

impl RedirectUri {
    pub fn parse(text: &str) -> Result<Self, InvalidRedirectUri> {
        if text.len() > 2000 {
            return Err(InvalidRedirectUri::TooLong);
        }
        if text.chars().any(|character| character.is_whitespace() || character.is_control() || !character.is_ascii()) {
            return Err(InvalidRedirectUri::Unclean);
        }
        let url = Url::parse(text).map_err(|_| InvalidRedirectUri::NotAbsolute)?;
        if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidRedirectUri::Decorated);
        }
        let web = matches!(url.scheme(), "https" | "http");
        let private = !web && url.scheme().contains('.');
        if !(is_https_or_loopback(&url) || private) {
            return Err(InvalidRedirectUri::Scheme);
        }
        if web && with_path(text) != url.as_str() {
            return Err(InvalidRedirectUri::Unclean);
        }
        Ok(Self { text: text.to_owned(), origin: url.origin().ascii_serialization() })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `https://shop.example`, or `null` for private-use schemes.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub fn matches(&self, presented: &str) -> bool {
        self.text == presented || with_path(&self.text) == with_path(presented)
    }

    /// Both on the same loopback address, and alike save for the port.
    pub fn matches_on_any_port(&self, presented: &str) -> bool {
        match (on_loopback(&self.text), on_loopback(presented)) {
            (Some(registered), Some(presented)) => registered == presented,
            _ => false,
        }
    }

    /// Of a native application, such as `com.example.app:/callback` (RFC 8252 §7.1).
    pub fn is_private_use(&self) -> bool {
        self.origin == "null"
    }

    /// Where a form's submission may end up when this URI follows it (CSP `form-action`).
    pub fn form_action(&self) -> String {
        match self.text.split_once(':').map(|(scheme, _)| scheme) {
            Some("https") => "https:".to_owned(),
            Some("http") if self.origin.starts_with("http://[") => "http:".to_owned(),
            Some("http") => "http://127.0.0.1:* http://localhost:*".to_owned(),
            Some(scheme) => format!("{scheme}:"),
            None => String::new(),
        }
    }

    /// This URI with parameters added to what query it has.
    pub fn with_query(&self, parameters: &[(&str, &str)]) -> String {
        if parameters.is_empty() {
            return with_path(&self.text);
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        let separator = if self.text.contains('?') { '&' } else { '?' };
        format!("{}{separator}{}", with_path(&self.text), query.finish())
    }
}

/// The text with `/` where a web address has an empty path.
fn with_path(text: &str) -> String {
    let Some((scheme @ ("http" | "https"), rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    match rest.find(['/', '?', '#']) {
        None => format!("{scheme}://{rest}/"),
        Some(end) if rest.as_bytes()[end] == b'?' => format!("{scheme}://{}/{}", &rest[..end], &rest[end..]),
        Some(_) => text.to_owned(),
    }
}

/// What nobody on the way can read: `https`, or `http` that does not leave the machine.
pub fn is_https_or_loopback(url: &Url) -> bool {
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.scheme() == "https" || url.scheme() == "http" && loopback
}

/// Loopback address, and path and query without the port; an empty path is `/`.
fn on_loopback(text: &str) -> Option<(&'static str, String)> {
    let address = ["http://127.0.0.1", "http://[::1]"].into_iter().find(|address| text.starts_with(address))?;
    let mut rest = &text[address.len()..];
    if let Some(port) = rest.strip_prefix(':') {
        let end = port.find(|character: char| !character.is_ascii_digit()).unwrap_or(port.len());
        port[..end].parse::<u16>().ok().filter(|port| *port > 0)?;
        rest = &port[end..];
    }
    match rest.chars().next() {
        None | Some('?') => Some((address, format!("/{rest}"))),
        Some('/') => Some((address, rest.to_owned())),
        Some(_) => None,
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = InvalidRedirectUri;
    fn try_from(text: String) -> Result<Self, InvalidRedirectUri> {
        Self::parse(&text)
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> String {
        uri.text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_path_equals_a_slash_and_nothing_else_is_normalised() {
        let bare = RedirectUri::parse("https://shop.example").unwrap();
        assert!(bare.matches("https://shop.example/") && bare.matches("https://shop.example"));
        let slash = RedirectUri::parse("http://localhost:8080/").unwrap();
        assert!(slash.matches("http://localhost:8080"));
        for other in [
            "https://shop.example//",
            "https://SHOP.example/",
            "https://shop.example:443/",
            "https://shop.example/?",
            "https://shop.example/#",
            "http://shop.example/",
            "https://shop.example.evil.example/",
            "https://shop.example/callback",
            "https://user@shop.example/",
            "https://shop.example\\@evil.example/",
        ] {
            assert!(!bare.matches(other), "{other}");
        }
    }

    #[test]
    fn what_may_not_be_registered() {
        for (text, why) in [
            ("/callback", InvalidRedirectUri::NotAbsolute),
            ("https://shop.example/#a", InvalidRedirectUri::Decorated),
            ("https://u:p@shop.example/", InvalidRedirectUri::Decorated),
            ("http://shop.example/", InvalidRedirectUri::Scheme),
            ("javascript:alert(1)", InvalidRedirectUri::Scheme),
            ("data:text/html,x", InvalidRedirectUri::Scheme),
            ("https://shop.example/a b", InvalidRedirectUri::Unclean),
            ("https://shop.example/a/../b", InvalidRedirectUri::Unclean),
            ("https://SHOP.example/", InvalidRedirectUri::Unclean),
            ("https://shop.example\\evil", InvalidRedirectUri::Unclean),
        ] {
            assert_eq!(RedirectUri::parse(text), Err(why), "{text}");
        }
        assert!(RedirectUri::parse("com.example.app:/callback").is_ok());
    }

    #[test]
    fn a_loopback_address_has_any_port_and_nothing_else_free() {
        let with_port = RedirectUri::parse("http://127.0.0.1:9000/callback?tab=1").unwrap();
        for same in ["http://127.0.0.1/callback?tab=1", "http://127.0.0.1:51004/callback?tab=1"] {
            assert!(with_port.matches_on_any_port(same), "{same}");
        }
        let six = RedirectUri::parse("http://[::1]").unwrap();
        assert!(six.matches_on_any_port("http://[::1]:65535/") && six.matches_on_any_port("http://[::1]:1"));
        for other in [
            "http://127.0.0.1:0/callback?tab=1",
            "http://127.0.0.1:65536/callback?tab=1",
            "http://127.0.0.1:/callback?tab=1",
            "http://127.0.0.1:9000@evil.example/callback?tab=1",
            "http://127.0.0.1.evil.example/callback?tab=1",
            "http://127.0.0.1:9000/callback",
            "http://127.0.0.1:9000/callback/?tab=1",
            "https://127.0.0.1:9000/callback?tab=1",
            "http://localhost:9000/callback?tab=1",
            "http://[::1]:9000/callback?tab=1",
            "http://127.0.0.2:9000/callback?tab=1",
        ] {
            assert!(!with_port.matches_on_any_port(other), "{other}");
        }
        for web in ["http://localhost:9000/", "https://shop.example/"] {
            assert!(!RedirectUri::parse(web).unwrap().matches_on_any_port(web), "{web}");
        }
    }

    proptest! {
        #[test]
        fn only_the_registered_string_matches(path in "(/[a-z0-9]{1,8}){0,3}", presented in "https://shop\\.example(/|/?[a-z0-9/?#.@:]{0,12})") {
            let registered = RedirectUri::parse(&format!("https://shop.example{path}")).unwrap();
            let same = presented == registered.as_str()
                || (path.is_empty() && presented == "https://shop.example/");
            prop_assert_eq!(registered.matches(&presented), same);
        }

        #[test]
        fn parameters_never_change_where_it_leads(value in ".*") {
            let uri = RedirectUri::parse("https://shop.example/back?tab=1").unwrap();
            let url = Url::parse(&uri.with_query(&[("state", &value)])).unwrap();
            prop_assert_eq!(url.origin().ascii_serialization(), "https://shop.example");
            prop_assert_eq!(url.path(), "/back");
            let state = url.query_pairs().find(|(name, _)| name == "state").map(|(_, value)| value.into_owned());
            prop_assert_eq!(state.as_deref(), Some(value.as_str()));
        }
    }
}
