//! Passing a request on and its answer back. Bodies stream both ways; sizes and times are bounded.

use std::error::Error;
use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{LengthLimitError, Limited};

use super::strip;
use crate::config::Limits;
use crate::upstream::Client;

#[derive(Debug)]
pub enum ForwardError {
    TooLarge,
    /// No answer in time.
    TimedOut,
    /// No connection, or it broke before an answer.
    Unreachable(String),
    /// The request cannot be written for the upstream.
    Malformed,
}

/// `path_and_query` as the upstream knows it.
pub async fn forward(
    client: &Client,
    limits: &Limits,
    authority: &str,
    path_and_query: &str,
    mut parts: Parts,
    body: Body,
) -> Result<Response<Body>, ForwardError> {
    if declared_length(&parts).is_some_and(|length| length > limits.body_bytes) {
        return Err(ForwardError::TooLarge);
    }
    parts.uri = format!("http://{authority}{path_and_query}").parse::<Uri>().map_err(|_| ForwardError::Malformed)?;
    parts.version = http::Version::HTTP_11;
    parts.headers.remove(header::HOST);
    let limit = usize::try_from(limits.body_bytes).unwrap_or(usize::MAX);
    let request = Request::from_parts(parts, Body::new(Limited::new(body, limit)));
    match tokio::time::timeout(limits.answer, client.send(request)).await {
        Err(_) => Err(ForwardError::TimedOut),
        Ok(Ok(mut response)) => {
            strip::hop_by_hop(response.headers_mut());
            *response.version_mut() = http::Version::HTTP_11;
            Ok(response)
        }
        Ok(Err(error)) if is_over_limit(&error) => Err(ForwardError::TooLarge),
        Ok(Err(error)) => Err(ForwardError::Unreachable(error.to_string())),
    }
}

fn declared_length(parts: &Parts) -> Option<u64> {
    parts.headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn is_over_limit(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Who asked, for whom, by which way: only the gateway says so.
pub fn say_where_from(parts: &mut Parts, host: &str, scheme: &'static str, request_id: &str) {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_string());
    let told = [
        ("x-forwarded-host", host),
        ("x-forwarded-proto", scheme),
        ("x-request-id", request_id),
        ("x-forwarded-for", peer.as_deref().unwrap_or_default()),
    ];
    for (name, value) in told {
        if let Ok(value) = HeaderValue::from_str(value)
            && !value.is_empty()
        {
            parts.headers.insert(name, value);
        }
    }
}
