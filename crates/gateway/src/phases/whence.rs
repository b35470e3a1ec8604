//! Where a request comes from, as the parts behind the gateway are told. Only the gateway says so; of those in front of it
//! only configured proxies are believed, and only what they say of the address (rule of `auth_protocol::forwarding`).

use std::net::{IpAddr, SocketAddr};

use auth_protocol::forwarding::TrustedProxies;
use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderName, HeaderValue};

/// Read before what callers claim is taken off. `None` when no connection is known.
pub fn client(parts: &Parts, proxies: &TrustedProxies) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let named = parts.headers.get_all("x-forwarded-for").iter().map(|value| value.to_str().unwrap_or_default());
    Some(proxies.client(peer.ip(), named))
}

/// Who asked, for whom, by which way.
pub struct Whence<'a> {
    pub host: &'a str,
    pub scheme: &'static str,
    pub client: Option<IpAddr>,
    pub request_id: &'a HeaderValue,
}

impl Whence<'_> {
    pub fn tell(&self, parts: &mut Parts) {
        let told = [
            ("x-forwarded-host", HeaderValue::from_str(self.host).ok()),
            ("x-forwarded-proto", Some(HeaderValue::from_static(self.scheme))),
            ("x-forwarded-for", self.client.and_then(|client| HeaderValue::try_from(client.to_string()).ok())),
            ("x-request-id", Some(self.request_id.clone())),
        ];
        for (name, value) in told {
            if let Some(value) = value {
                parts.headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}
