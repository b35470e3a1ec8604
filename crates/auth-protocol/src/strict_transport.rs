//! The promise of TLS (RFC 6797). Browsers take it for all ports of a host: `localhost`, where other programs listen too,
//! makes none.

/// Of a host that is reached under this scheme, with or without a port.
pub fn is_promised(scheme: &str, host: &str) -> bool {
    let is_local = host == "localhost" || host.starts_with("localhost:");
    scheme == "https" && !is_local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_their_own_promise_it_and_only_by_https() {
        assert!(is_promised("https", "shop.example") && is_promised("https", "localhost.example:8443"));
        assert!(!is_promised("http", "shop.example"));
        assert!(!is_promised("https", "localhost") && !is_promised("https", "localhost:8443"));
    }
}
