//! Whom a request is from and for, when others passed it on (rule 10): forwarding headers count from those alone who are
//! configured to be believed, told by the address that the connection came from.

use std::net::{IpAddr, SocketAddr};

use auth_protocol::forwarding::{FromGateway, TrustedProxies, address_text};
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, header};

use crate::web::headers::REQUEST_ID;

const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who is believed. By default nobody.
#[derive(Debug, Clone, Default)]
pub struct Forwarding {
    /// Of our own gateway: host, address and request id. It takes off what callers claim of these.
    pub gateway: FromGateway,
    /// Other proxies, one that speaks TLS for us perhaps: they tell the address alone, and leave `Host` as it came.
    pub proxies: TrustedProxies,
}

/// What the connection and the believed headers say.
pub struct Passed<'a> {
    headers: &'a HeaderMap,
    peer: Option<IpAddr>,
    is_gateways: bool,
    proxies: &'a TrustedProxies,
}

impl Forwarding {
    /// The peer's address is taken from `ConnectInfo<SocketAddr>`.
    pub fn read<'a>(&'a self, request: &'a Request) -> Passed<'a> {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(address)| address.ip().to_canonical());
        Passed { headers: request.headers(), peer, is_gateways: self.gateway.believes(peer), proxies: &self.proxies }
    }
}

impl<'a> Passed<'a> {
    pub fn host(&self) -> Option<&'a str> {
        self.by_gateway(&FORWARDED_HOST).or_else(|| text(self.headers, &header::HOST))
    }

    pub fn request_id(&self) -> Option<&'a str> {
        self.by_gateway(&REQUEST_ID).filter(|id| id.len() <= 64)
    }

    /// Empty when nobody says.
    pub fn remote_address(&self) -> String {
        if self.is_gateways {
            let named = self.by_gateway(&FORWARDED_FOR).and_then(|all| all.rsplit(',').next());
            return named.map(str::trim).unwrap_or_default().to_owned();
        }
        let Some(peer) = self.peer else { return String::new() };
        let named = self.headers.get_all(FORWARDED_FOR).iter().map(|value| value.to_str().unwrap_or_default());
        address_text(self.proxies.client(peer, named))
    }

    fn by_gateway(&self, name: &HeaderName) -> Option<&'a str> {
        self.is_gateways.then(|| text(self.headers, name))?
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn networks(text: &str) -> TrustedProxies {
        TrustedProxies::new(vec![text.parse().unwrap()])
    }

    fn between_networks() -> Forwarding {
        Forwarding { gateway: FromGateway::Networks(networks("10.1.0.0/16")), proxies: networks("10.2.0.0/16") }
    }

    /// Host, address and request id of a request that claims all of them.
    fn read(forwarding: &Forwarding, peer: Option<&str>) -> (String, String, Option<String>) {
        let mut request = Request::get("/")
            .header("host", "own.example")
            .header("x-forwarded-host", "claimed.example")
            .header("x-forwarded-for", "192.0.2.1, 203.0.113.9")
            .header("x-request-id", "claimed")
            .body(Body::empty())
            .unwrap();
        if let Some(peer) = peer {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711)));
        }
        let passed = forwarding.read(&request);
        let request_id = passed.request_id().map(str::to_owned);
        (passed.host().unwrap().to_owned(), passed.remote_address(), request_id)
    }

    #[test]
    fn each_is_believed_what_it_is_there_to_say() {
        let claimed = Some("claimed".to_owned());
        let told = |host: &str, address: &str, id: Option<String>| (host.to_owned(), address.to_owned(), id);
        let both = between_networks();
        assert_eq!(read(&both, Some("10.1.0.5")), told("claimed.example", "203.0.113.9", claimed.clone()));
        assert_eq!(read(&both, Some("::ffff:10.2.0.5")), told("own.example", "203.0.113.9", None));
        assert_eq!(read(&both, Some("203.0.113.50")), told("own.example", "203.0.113.50", None));
        assert_eq!(read(&both, None), told("own.example", "", None));
        assert_eq!(read(&Forwarding::default(), Some("10.1.0.5")), told("own.example", "10.1.0.5", None));
        let one_process = Forwarding { gateway: FromGateway::ThisProcess, ..Forwarding::default() };
        assert_eq!(read(&one_process, None), told("claimed.example", "203.0.113.9", claimed));
    }
}
