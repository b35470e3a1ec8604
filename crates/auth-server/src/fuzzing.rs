//! What the fuzz targets (`fuzz/`) call of this crate; compiled for them alone.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::environment::SystemRandom;
use crate::keys::Sealer;
use crate::web::{cookies, sealed};

/// No text opens that was not sealed here, and what is read can be written and read again.
pub fn sealed_request(bytes: &[u8]) {
    let Ok(sealer) = Sealer::new(&[7; 32]) else { return };
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(sealed::open(&sealer, "fuzzing", text).is_err(), "a forgery was taken for ours");
    }
    let Ok(text) = sealed::close(&sealer, "fuzzing", bytes, &SystemRandom) else { return };
    assert!(sealed::open(&sealer, "something else", &text).is_err(), "a purpose was not looked at");
    let Ok(request) = sealed::open(&sealer, "fuzzing", &text) else { return };
    let written = serde_json::to_vec(&request).unwrap_or_default();
    let again = sealed::close(&sealer, "fuzzing", &written, &SystemRandom).unwrap_or_default();
    assert!(sealed::open(&sealer, "fuzzing", &again).is_ok(), "what was read cannot be written");
}

/// Values are plain text, and there are no more than can be looked at.
pub fn cookies(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        headers.extend(HeaderValue::from_bytes(line).map(|value| (header::COOKIE, value)));
    }
    let found = cookies::values(&headers, "linden-session-8080");
    assert!(found.len() <= cookies::MOST_OF_ONE_NAME);
    assert!(found.iter().all(|value| value.is_ascii()));
}
