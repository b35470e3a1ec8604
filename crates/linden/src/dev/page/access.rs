//! Who sees `/dev`: a program of this machine that asks for the shop by its own address.
//!
//! - The peer is a loopback address, and nothing says that it speaks for somebody else: a tunnel to this machine would.
//! - `Host` is the shop's. A page of elsewhere whose name was made to point here (DNS rebinding) keeps its own.
//! - What a page of another site asks for is not answered.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use http::{HeaderMap, Method, header};
use url::Url;

use crate::dev::options::is_this_machine;

const SPEAKS_FOR_OTHERS: [&str; 5] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// Whether only this machine can have the address.
pub fn is_of_this_machine(origin: &str) -> bool {
    Url::parse(origin).is_ok_and(|url| is_this_machine(&url))
}

pub fn is_allowed(request: &Request, origin: &str) -> bool {
    let headers = request.headers();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let own = origin.split_once("://").map_or(origin, |(_, host)| host);
    let named = match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => only(headers, header::HOST.as_str()),
    };
    matches!(*request.method(), Method::GET | Method::HEAD)
        && peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback())
        && named == Some(own)
        && !SPEAKS_FOR_OTHERS.iter().any(|name| headers.contains_key(*name))
        && matches!(only(headers, "sec-fetch-site"), None | Some("none" | "same-origin"))
}

/// The header, when it is there once; twice is as good as a wrong one.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (Some(one), None) => Some(one.to_str().unwrap_or("?")),
        (None, _) => None,
        _ => Some("?"),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    const OWN: &str = "http://localhost:8080";

    fn allowed(peer: Option<&str>, headers: &[(&str, &str)], method: Method) -> bool {
        let mut request = Request::builder().method(method).uri("/dev");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        if let Some(peer) = peer {
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer.parse().unwrap()));
        }
        is_allowed(&request, OWN)
    }

    #[test]
    fn this_machine_sees_it_and_nobody_else() {
        let here = ("host", "localhost:8080");
        for peer in ["127.0.0.1:4711", "[::1]:4711", "127.9.9.9:1", "[::ffff:127.0.0.1]:9"] {
            assert!(allowed(Some(peer), &[here], Method::GET), "{peer}");
        }
        for peer in
            [None, Some("192.0.2.1:4711"), Some("10.0.0.1:1"), Some("[::ffff:10.0.0.1]:9"), Some("[2001:db8::1]:9")]
        {
            assert!(!allowed(peer, &[here], Method::GET), "{peer:?}");
        }
    }

    #[test]
    fn a_foreign_name_a_tunnel_and_another_site_see_nothing() {
        let peer = Some("127.0.0.1:4711");
        let here = ("host", "localhost:8080");
        for headers in [
            &[][..],
            &[("host", "evil.example:8080")],
            &[("host", "127.0.0.1:8080")],
            &[("host", "localhost")],
            &[("host", "localhost:8080.evil.example")],
            &[here, here],
            &[here, ("x-forwarded-for", "192.0.2.1")],
            &[here, ("forwarded", "for=192.0.2.1")],
            &[here, ("sec-fetch-site", "cross-site")],
            &[here, ("sec-fetch-site", "same-site")],
            &[here, ("sec-fetch-site", "none"), ("sec-fetch-site", "none")],
        ] {
            assert!(!allowed(peer, headers, Method::GET), "{headers:?}");
        }
        for site in ["none", "same-origin"] {
            assert!(allowed(peer, &[here, ("sec-fetch-site", site)], Method::HEAD));
        }
        assert!(!allowed(peer, &[here], Method::POST));
    }

    #[test]
    fn an_address_that_others_can_have_is_none_of_this_machine() {
        for origin in ["http://localhost:8080", "http://127.0.0.1:1", "https://[::1]:8080"] {
            assert!(is_of_this_machine(origin), "{origin}");
        }
        for origin in ["https://shop.example", "http://localhost.evil.example", "http://10.0.0.1:8080", "localhost"] {
            assert!(!is_of_this_machine(origin), "{origin}");
        }
    }
}
