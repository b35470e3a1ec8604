use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Request, Response, Uri};
use serde::Deserialize;
use tokio::time::Instant;

use super::circuit::Circuit;
use super::{CallError, CallLimits, Client};
use crate::phases::address::is_plain;

/// Where a part can be reached: one address or several, asked in turn. One that cannot be connected to is passed over for a
/// while. In a configuration it is a list of `host:port`, or of `https://host:port` where the part itself speaks TLS; with a
/// path, the part's addresses lie below it: `http://10.0.0.3:8081/cart`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Upstream(Arc<Addresses>);

#[derive(Debug)]
struct Addresses {
    all: Vec<Address>,
    next: AtomicUsize,
}

#[derive(Debug)]
struct Address {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at the end; empty for most.
    path: String,
    /// What requests call it.
    host: HeaderValue,
    circuit: Mutex<Circuit>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUpstream {
    #[error("an upstream needs at least one address")]
    Empty,
    #[error("{0} is no address such as 10.0.0.7:8080 or https://10.0.0.7:8443")]
    Address(String),
}

/// All addresses rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no address could be connected to of late")]
pub struct AllRest {
    /// Until one may be tried.
    pub wait: Duration,
}

impl Upstream {
    /// A part at one address, or under the name that a memory registry has for it.
    pub fn at(address: &str) -> Result<Self, InvalidUpstream> {
        Self::try_from(vec![address.to_owned()])
    }

    pub(crate) fn addresses(&self) -> usize {
        self.0.all.len()
    }

    /// The next one in turn that does not rest.
    pub(crate) fn choose(&self) -> Result<Chosen<'_>, AllRest> {
        let now = Instant::now();
        let all = &self.0.all;
        let first = if all.len() == 1 { 0 } else { self.0.next.fetch_add(1, Ordering::Relaxed) };
        let mut soonest: Option<Instant> = None;
        for offset in 0..all.len() {
            let address = &all[first.wrapping_add(offset) % all.len()];
            match address.judged(|circuit| circuit.admit(now)) {
                Ok(()) => return Ok(Chosen(address)),
                Err(until) => soonest = Some(soonest.map_or(until, |soonest| soonest.min(until))),
            }
        }
        Err(AllRest { wait: soonest.map_or(Duration::ZERO, |until| until.saturating_duration_since(now)) })
    }

    /// Another one, for a request that reached none of these. One that rests may be back, and is better than none.
    pub(crate) fn choose_another(&self, tried: &[Chosen<'_>]) -> Option<Chosen<'_>> {
        let now = Instant::now();
        let untried = || self.0.all.iter().filter(|address| !tried.iter().any(|tried| std::ptr::eq(tried.0, *address)));
        let awake = untried().find(|address| address.judged(|circuit| circuit.admit(now)).is_ok());
        awake.or_else(|| untried().next()).map(Chosen)
    }

    /// Sends a small request that may be repeated, and takes the whole answer. The next address is tried when one cannot be
    /// connected to, and the request sent a second time when a connection broke. `request` makes it for
    /// `http://host:port`, or what the address has before its paths.
    pub async fn call(
        &self,
        client: &Client,
        limits: CallLimits,
        request: impl Fn(&str) -> http::Result<Request<Body>>,
    ) -> Result<Response<Bytes>, CallError> {
        let mut outcome = Err(CallError::Unreachable("no address was tried".to_owned()));
        let mut unreached = Vec::new();
        for _ in 0..=self.addresses() {
            let was_broken = matches!(outcome, Err(CallError::NoAnswer(_)));
            let next = if unreached.is_empty() { self.choose().ok() } else { self.choose_another(&unreached) };
            let Some(chosen) = next else { break };
            let request = request(&chosen.base()).map_err(|error| CallError::Malformed(error.to_string()))?;
            outcome = client.call(request, limits).await;
            match &outcome {
                Err(CallError::Unreachable(_)) => {
                    chosen.failed();
                    unreached.push(chosen);
                }
                Err(CallError::NoAnswer(_)) if !was_broken => {}
                Ok(_) => {
                    chosen.connected();
                    break;
                }
                Err(_) => break,
            }
        }
        outcome
    }
}

/// An address that a request goes to; how that went is told to it.
pub(crate) struct Chosen<'a>(&'a Address);

impl Chosen<'_> {
    pub(crate) fn connected(&self) {
        self.0.judged(Circuit::connected);
    }

    pub(crate) fn failed(&self) {
        let Address { authority, .. } = self.0;
        match self.0.judged(|circuit| circuit.failed(Instant::now())) {
            true => tracing::error!(%authority, "cannot be connected to and is passed over"),
            false => tracing::debug!(%authority, "cannot be connected to"),
        }
    }

    pub(crate) fn uri(&self, path_and_query: PathAndQuery) -> Result<Uri, http::Error> {
        let uri = Uri::builder().scheme(self.0.scheme.clone()).authority(self.0.authority.clone());
        if !self.0.path.is_empty() {
            return uri.path_and_query(format!("{}{path_and_query}", self.0.path)).build();
        }
        uri.path_and_query(path_and_query).build()
    }

    pub(crate) fn host(&self) -> HeaderValue {
        self.0.host.clone()
    }

    fn base(&self) -> String {
        format!("{}://{}{}", self.0.scheme, self.0.authority, self.0.path)
    }
}

impl Address {
    fn judged<T>(&self, step: impl FnOnce(&mut Circuit) -> T) -> T {
        step(&mut self.circuit.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl FromStr for Address {
    type Err = InvalidUpstream;

    fn from_str(text: &str) -> Result<Self, InvalidUpstream> {
        let (scheme, rest) = match text.strip_prefix("https://") {
            Some(rest) => (Scheme::HTTPS, rest),
            None => (Scheme::HTTP, text.strip_prefix("http://").unwrap_or(text)),
        };
        let (rest, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let is_path = path.is_empty() || is_plain(path) && !path.ends_with('/') && !path.contains(['?', '#']);
        if !is_path {
            return Err(InvalidUpstream::Address(text.to_owned()));
        }
        let authority = rest.parse::<Authority>().ok().filter(|authority| !authority.as_str().contains('@'));
        let authority = authority.ok_or_else(|| InvalidUpstream::Address(text.to_owned()))?;
        let host = HeaderValue::from_str(authority.as_str()).map_err(|_| InvalidUpstream::Address(text.to_owned()))?;
        Ok(Self { scheme, authority, host, path: path.to_owned(), circuit: Mutex::default() })
    }
}

impl TryFrom<Vec<String>> for Upstream {
    type Error = InvalidUpstream;

    fn try_from(addresses: Vec<String>) -> Result<Self, InvalidUpstream> {
        if addresses.is_empty() {
            return Err(InvalidUpstream::Empty);
        }
        let all = addresses.iter().map(|address| address.parse()).collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Addresses { all, next: AtomicUsize::new(0) })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(addresses: &[&str]) -> Result<Upstream, InvalidUpstream> {
        serde_json::from_value::<Vec<String>>(serde_json::json!(addresses)).unwrap().try_into()
    }

    fn chosen(upstream: &Upstream) -> String {
        upstream.choose().unwrap().base()
    }

    #[test]
    fn addresses_are_taken_in_turn_and_those_that_rest_passed_over() {
        let two = upstream(&["10.0.0.1:80", "https://10.0.0.2:443"]).unwrap();
        assert_eq!(
            [chosen(&two), chosen(&two), chosen(&two)],
            ["http://10.0.0.1:80", "https://10.0.0.2:443", "http://10.0.0.1:80"]
        );
        for _ in 0..3 {
            two.0.all[0].judged(|circuit| circuit.failed(Instant::now()));
        }
        for _ in 0..4 {
            assert_eq!(chosen(&two), "https://10.0.0.2:443");
        }
        for _ in 0..3 {
            two.0.all[1].judged(|circuit| circuit.failed(Instant::now()));
        }
        let AllRest { wait } = two.choose().map(|_| ()).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "{wait:?}");
    }

    #[test]
    fn a_configuration_lists_addresses() {
        let written = serde_json::json!({
            "auth": ["10.0.0.1:80", "10.0.0.2:80"], "tenant_resolver": ["10.0.0.3:80"], "services": { "cart": ["10.0.0.4:80"] },
        });
        let read: crate::Upstreams = serde_json::from_value(written).unwrap();
        assert_eq!((read.auth.addresses(), chosen(&read.services["cart"])), (2, "http://10.0.0.4:80".to_owned()));
        let none = serde_json::json!({ "auth": [], "tenant_resolver": ["10.0.0.3:80"], "services": {} });
        assert!(serde_json::from_value::<crate::Upstreams>(none).is_err());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert_eq!(upstream(&[]).unwrap_err(), InvalidUpstream::Empty);
        for wrong in [
            "",
            "a b",
            "http://",
            "https://10.0.0.1:80/",
            "10.0.0.1/a?b",
            "10.0.0.1/../a",
            "10.0.0.1//a",
            "ftp://10.0.0.1",
            "anna@10.0.0.1:80",
        ] {
            assert_eq!(upstream(&["10.0.0.1:80", wrong]).unwrap_err(), InvalidUpstream::Address(wrong.to_owned()));
        }
        assert!(upstream(&["[::1]:80", "cart.internal", "http://cart:1"]).is_ok());
    }

    #[test]
    fn a_part_may_lie_below_a_path() {
        let below = upstream(&["http://10.0.0.3:8081/cart"]).unwrap();
        let uri = below.choose().unwrap().uri(PathAndQuery::from_static("/item-lists?limit=1")).unwrap();
        assert_eq!(uri, "http://10.0.0.3:8081/cart/item-lists?limit=1");
        assert_eq!(chosen(&below), "http://10.0.0.3:8081/cart");
    }
}
