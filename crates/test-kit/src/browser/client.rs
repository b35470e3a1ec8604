use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{self, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

/// HTTP/1.1 with connections of its own, by TLS where the address says so.
#[derive(Clone)]
pub struct Client {
    tls: ClientConfig,
    http: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

pub(super) type Error = Box<dyn std::error::Error + Send + Sync>;

impl Client {
    /// One that believes certificates of this authority, and no others.
    pub fn trusting(authority: CertificateDer<'static>) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(authority)?;
        Ok(Self::of(config(roots)))
    }

    /// Without the connections that it has by now.
    pub fn anew(&self) -> Self {
        Self::of(self.tls.clone())
    }

    fn of(tls: ClientConfig) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(Duration::from_secs(10)));
        let builder = HttpsConnectorBuilder::new().with_tls_config(tls.clone()).https_or_http().enable_http1();
        let http = legacy::Client::builder(TokioExecutor::new()).build(builder.wrap_connector(tcp));
        Self { tls, http }
    }

    pub(super) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Error> {
        Ok(self.http.request(request).await?)
    }
}

/// Believes nobody: for plain HTTP.
impl Default for Client {
    fn default() -> Self {
        Self::of(config(RootCertStore::empty()))
    }
}

#[allow(clippy::expect_used, reason = "the versions are the provider's own")]
fn config(roots: RootCertStore) -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has its own default versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
