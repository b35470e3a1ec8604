//! Records that know how often they were changed: `ETag` names the version, `If-Match` demands one (RFC 9110 §13.1.1).

#[cfg(test)]
mod tests;

use axum::extract::FromRequestParts;
use http::HeaderValue;
use http::header::IF_MATCH;
use http::request::Parts;

use crate::web::failure::Failure;

/// Versions that one header may name.
const MOST: usize = 10;

/// What a change is to be made to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// The header is absent or `*`.
    Any,
    /// One of these versions.
    Versions(Vec<i64>),
}

impl IfMatch {
    pub(crate) fn holds(&self, version: i64) -> bool {
        match self {
            IfMatch::Any => true,
            IfMatch::Versions(versions) => versions.contains(&version),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "*" {
            return Some(IfMatch::Any);
        }
        let tags: Vec<&str> = text.split(',').take(MOST + 1).map(str::trim).collect();
        let is_tag =
            |tag: &str| tag.len() >= 2 && tag.ends_with('"') && tag.strip_prefix("W/").unwrap_or(tag).starts_with('"');
        if tags.len() > MOST || !tags.iter().all(|tag| is_tag(tag)) {
            return None;
        }
        // A weak tag never matches here, nor does one that is not ours.
        let versions = tags.iter().filter_map(|tag| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
        Some(IfMatch::Versions(versions.collect()))
    }
}

pub(crate) fn etag(version: i64) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        let read = match (values.next(), values.next()) {
            (None, _) => Some(IfMatch::Any),
            (Some(value), None) => value.to_str().ok().and_then(IfMatch::parse),
            (Some(_), Some(_)) => None,
        };
        read.ok_or_else(|| Failure::Malformed("If-Match holds the ETag of an answer, in quotes.".to_owned()))
    }
}
