//! Where a request comes from, as the parts behind the gateway are told. Only the gateway says so.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderName, HeaderValue};

/// Who asked, for whom, by which way: only the gateway says so.
pub fn tell(parts: &mut Parts, host: &str, scheme: &'static str, request_id: &HeaderValue) {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    let told = [
        ("x-forwarded-host", HeaderValue::from_str(host).ok()),
        ("x-forwarded-proto", Some(HeaderValue::from_static(scheme))),
        ("x-forwarded-for", peer.and_then(|peer| HeaderValue::try_from(peer.to_string()).ok())),
        ("x-request-id", Some(request_id.clone())),
    ];
    for (name, value) in told {
        if let Some(value) = value {
            parts.headers.insert(HeaderName::from_static(name), value);
        }
    }
}
