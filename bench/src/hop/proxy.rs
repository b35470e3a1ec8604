use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::uri::{Authority, PathAndQuery, Scheme, Uri};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use clap::Args;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::token::Verifier;

#[derive(Debug, Args)]
pub struct ProxyOptions {
    /// `HOST:PORT` to forward to
    #[arg(long)]
    upstream: Authority,
    /// File with the key set that each token is verified with
    #[arg(long)]
    verify: Option<PathBuf>,
}

struct Proxy {
    client: Client<HttpConnector, Body>,
    upstream: Authority,
    verifier: Option<Verifier>,
}

pub async fn run(options: ProxyOptions) -> Result<()> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let proxy = Proxy {
        client: Client::builder(TokioExecutor::new()).build(connector),
        upstream: options.upstream,
        verifier: options.verify.as_deref().map(Verifier::read).transpose()?,
    };
    crate::serving::serve(Router::new().fallback(forward).with_state(Arc::new(proxy))).await
}

async fn forward(State(proxy): State<Arc<Proxy>>, mut request: Request) -> Response {
    if proxy.verifier.as_ref().is_some_and(|verifier| !is_good(verifier, &request)) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let path = request.uri().path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
    let uri = Uri::builder().scheme(Scheme::HTTP).authority(proxy.upstream.clone()).path_and_query(path).build();
    let Ok(uri) = uri else { return StatusCode::BAD_REQUEST.into_response() };
    *request.uri_mut() = uri;
    match proxy.client.request(request).await {
        Ok(response) => response.map(Body::new),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

fn is_good(verifier: &Verifier, request: &Request) -> bool {
    let value = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|token| verifier.verify(token).is_ok())
}
