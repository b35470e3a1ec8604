//! Hosts as requests and declarations name them, in one spelling.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// A host of a request or of a declared domain: `host` or `host:port`, lower case, IDNA's ASCII form, no closing dot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct HostName {
    name: String,
    port: Option<u16>,
    is_address: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a host is a domain or an address, perhaps with :port, and nothing else")]
pub struct InvalidHost;

impl FromStr for HostName {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        if text.is_empty() || text.contains(['/', '\\', '?', '#', '@', '%']) || text.contains(char::is_whitespace) {
            return Err(InvalidHost);
        }
        Url::parse(&format!("http://{text}/")).map_err(|_| InvalidHost).and_then(|url| Self::of(&url))
    }
}

impl HostName {
    /// The host that a browser at this address asks for.
    pub(crate) fn of(url: &Url) -> Result<Self, InvalidHost> {
        let host = url.host().ok_or(InvalidHost)?;
        let name = host.to_string();
        let name = name.strip_suffix('.').unwrap_or(&name);
        if name.is_empty() {
            return Err(InvalidHost);
        }
        Ok(Self { name: name.to_owned(), port: url.port(), is_address: !matches!(host, Host::Domain(_)) })
    }

    /// The domains under which an application may be registered for this host, the most particular first.
    pub(crate) fn exact(&self) -> [String; 2] {
        [self.to_string(), self.name.clone()]
    }

    /// The first label, and the domains that have the rest.
    pub(crate) fn prefixed(&self) -> Option<(&str, [String; 2])> {
        let (prefix, rest) = self.name.split_once('.').filter(|_| !self.is_address)?;
        let parent = Self { name: rest.to_owned(), port: self.port, is_address: false };
        Some((prefix, parent.exact()))
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<HostName>().unwrap().to_string()
    }

    #[test]
    fn one_spelling_for_one_host() {
        for (text, same) in [
            ("Shop.Example", "shop.example"),
            ("shop.example.", "shop.example"),
            ("shop.example:8080", "shop.example:8080"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("127.0.0.1:80", "127.0.0.1"),
            ("[::1]:8080", "[::1]:8080"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(read(text), same);
        }
        for text in
            ["", ".", "a b", "shop.example/x", "anna@shop.example", "shop.example:x", "http://shop.example", "%73hop"]
        {
            assert_eq!(text.parse::<HostName>(), Err(InvalidHost), "{text}");
        }
    }

    #[test]
    fn a_prefix_is_the_first_label_and_addresses_have_none() {
        let host: HostName = "my-shop.company.example:8080".parse().unwrap();
        let parents = ["company.example:8080".to_owned(), "company.example".to_owned()];
        assert_eq!(host.prefixed(), Some(("my-shop", parents)));
        for without in ["localhost", "127.0.0.1", "[::1]:80"] {
            assert_eq!(without.parse::<HostName>().unwrap().prefixed(), None, "{without}");
        }
    }
}
