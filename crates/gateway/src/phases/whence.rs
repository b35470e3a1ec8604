//! Where a request comes from, as the parts behind the gateway are told. Only the gateway says so; of those in front of it
//! only configured proxies are believed, and only what they say of the address (rule of `auth_protocol::forwarding`).

use std::net::{IpAddr, SocketAddr};

use auth_protocol::forwarding::{TrustedProxies, address_text};
use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};

const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Read before what callers claim is taken off. `None` when no connection is known.
pub fn client(parts: &Parts, proxies: &TrustedProxies) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let named = parts.headers.get_all(FORWARDED_FOR).iter().map(|value| value.to_str().unwrap_or_default());
    Some(proxies.client(peer.ip(), named))
}

/// Who asked, for whom, by which way.
pub struct Whence<'a> {
    pub host: &'a HeaderValue,
    pub scheme: &'static str,
    pub client: Option<IpAddr>,
    pub request_id: &'a HeaderValue,
}

impl Whence<'_> {
    pub fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(FORWARDED_HOST, self.host.clone());
        headers.insert(FORWARDED_PROTO, HeaderValue::from_static(self.scheme));
        if let Some(client) = self.client.and_then(|client| HeaderValue::try_from(address_text(client)).ok()) {
            headers.insert(FORWARDED_FOR, client);
        }
        headers.insert(REQUEST_ID, self.request_id.clone());
    }
}
