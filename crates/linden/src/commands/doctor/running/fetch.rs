use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};

use crate::authorities;

const PATIENCE: Duration = Duration::from_secs(10);
const MOST_BYTES: usize = 1024 * 1024;

/// Asks as a browser or a service would: by the public address, with certificates checked.
pub struct Fetch(legacy::Client<HttpsConnector<HttpConnector>, Empty<Bytes>>);

impl Fetch {
    /// `authority` is a PEM file with certificates that are trusted beside the usual ones.
    pub fn new(authority: Option<&Path>) -> Result<Self> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(path) = authority {
            authorities::trust(&mut roots, path)?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().build();
        Ok(Self(legacy::Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// The whole answer, whatever its status; else why there is none.
    pub async fn get(&self, url: &str) -> Result<Response<Bytes>, String> {
        let request = Request::get(url).body(Empty::new()).map_err(|error| error.to_string())?;
        let fetched = async {
            let (head, body) = self.0.request(request).await.map_err(|error| innermost(&error))?.into_parts();
            let body = Limited::new(body, MOST_BYTES).collect().await.map_err(|error| error.to_string())?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        let patience = PATIENCE.as_secs();
        tokio::time::timeout(PATIENCE, fetched)
            .await
            .unwrap_or_else(|_| Err(format!("no answer in {patience} seconds")))
    }
}

/// What happened, without the layers that were told of it.
fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}
