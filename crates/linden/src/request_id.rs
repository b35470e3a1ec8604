//! Ids for requests that no part sees: those are answered before or beside the shop.

use auth_protocol::id::RequestId;
use auth_server::environment::{Clock, SystemClock, SystemRandom, random_bytes};
use http::{HeaderName, HeaderValue, Response};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub fn new() -> String {
    let millis = u64::try_from(SystemClock.now().millis()).unwrap_or_default();
    RequestId::new(millis, random_bytes(&SystemRandom)).to_string()
}

pub fn name<B>(response: &mut Response<B>, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}
