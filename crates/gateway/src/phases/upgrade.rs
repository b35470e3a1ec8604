//! WebSocket (RFC 6455), by HTTP/1.1's upgrade.
//!
//! 1. Only `websocket`, asked for by a GET without a body, and only of a service. Other protocols are not heard: the request
//!    goes on without them, as RFC 9110 §7.8 allows. HTTP/2 has no upgrade, and CONNECT is not offered, so that browsers take
//!    HTTP/1.1 for it.
//! 2. Browsers ask across origins without a preflight and let scripts read what comes: a foreign origin that the application
//!    did not register is refused here.
//! 3. The service is asked as for any request, with context and token; only its own 101 opens a tunnel.
//! 4. A tunnel carries bytes both ways as they come. It ends when either side ends it, when neither sends for a while, or
//!    when it is older than a session may be; there are so many at a time.

mod tunnel;

use std::sync::Arc;

use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Version, header};
use hyper::upgrade::OnUpgrade;
use telemetry::request;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Limits;

const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");
const UPGRADE: HeaderValue = HeaderValue::from_static("upgrade");

/// What a request offers when it asks for a WebSocket: its connection.
pub struct Offer(OnUpgrade);

impl Offer {
    /// Read before the headers that say so are taken off.
    pub fn take(parts: &mut Parts, has_body: bool) -> Option<Self> {
        let connection = parts.extensions.remove::<OnUpgrade>()?;
        let asks = parts.method == Method::GET
            && parts.version == Version::HTTP_11
            && !has_body
            && is_websocket(&parts.headers)
            && names_upgrade(&parts.headers);
        asks.then_some(Self(connection))
    }
}

fn is_websocket(headers: &HeaderMap) -> bool {
    let mut all = headers.get_all(header::UPGRADE).iter();
    let only = all.next().filter(|_| all.next().is_none());
    only.is_some_and(|value| value.as_bytes().trim_ascii().eq_ignore_ascii_case(WEBSOCKET.as_bytes()))
}

fn names_upgrade(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::CONNECTION).iter();
    let mut names = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    names.any(|name| name.trim_ascii().eq_ignore_ascii_case(UPGRADE.as_bytes()))
}

/// Of a request to an upstream, and of the 101 to a browser.
pub fn switch_protocols(headers: &mut HeaderMap) {
    headers.insert(header::CONNECTION, UPGRADE);
    headers.insert(header::UPGRADE, WEBSOCKET);
}

/// Whether the answer opens a WebSocket.
pub fn is_opened<B>(answer: &Response<B>) -> bool {
    answer.status() == StatusCode::SWITCHING_PROTOCOLS && is_websocket(answer.headers())
}

/// The places for tunnels.
#[derive(Clone)]
pub struct Tunnels {
    places: Arc<Semaphore>,
    limits: Limits,
}

impl Tunnels {
    pub fn new(limits: Limits) -> Self {
        Self { places: Arc::new(Semaphore::new(limits.tunnels)), limits }
    }

    /// `None` when all are taken.
    pub fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Carries bytes between browser and service, once both have switched, until the tunnel ends.
    pub fn carry(&self, place: OwnedSemaphorePermit, Offer(browser): Offer, service: OnUpgrade) {
        let (limits, request) = (self.limits, request::current());
        tokio::spawn(async move {
            let ended = tunnel::between(browser, service, limits.pause, limits.tunnel).await;
            request::on_behalf_of(request, || tracing::info!(ended = %ended, "a WebSocket ended"));
            drop(place);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn websocket_alone_is_heard() {
        assert!(is_websocket(&headers(&[("upgrade", "WebSocket ")])));
        for other in [
            &[("upgrade", "h2c")][..],
            &[("upgrade", "websocket, h2c")],
            &[("upgrade", "websocket/13")],
            &[("upgrade", "websocket"), ("upgrade", "h2c")],
            &[],
        ] {
            assert!(!is_websocket(&headers(other)), "{other:?}");
        }
        assert!(names_upgrade(&headers(&[("connection", "keep-alive"), ("connection", "x, Upgrade")])));
        assert!(!names_upgrade(&headers(&[("connection", "upgrades")])));
    }
}
