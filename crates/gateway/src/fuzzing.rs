//! What the fuzz targets (`fuzz/`) call of this crate; compiled for them alone.

use http::{HeaderMap, HeaderValue, header};

use crate::phases::strip;

/// Of whatever cookies come, a service sees none of ours.
pub fn cookies(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(header::COOKIE, value);
        }
    }
    strip::join_cookies(&mut headers);
    strip::request_cookies(&mut headers);
    for value in headers.get_all(header::COOKIE) {
        let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        for cookie in text.split(';') {
            // Other blanks than these are part of a name (RFC 6265 §5.2).
            let name =
                cookie.split('=').next().unwrap_or_default().trim_matches(|blank: char| blank.is_ascii_whitespace());
            assert!(!name.starts_with("linden-") && !name.starts_with("__host-linden-"), "{name} gets through");
        }
    }
}
