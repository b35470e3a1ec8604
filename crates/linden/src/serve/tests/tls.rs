use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::routing::get;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::server::{Server, get as request};
use crate::serve::{Limits, acceptor};

/// Made for these tests alone; nobody trusts their authority.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve/tests/certificates").join(name)
}

async fn secure_server(limits: Limits) -> Server {
    let version = get(async |request: Request| format!("{:?}", request.version()));
    let tls = acceptor(&file("localhost.pem"), &file("localhost.key")).unwrap();
    Server::start_with(Router::new().route("/", version), limits, Some(tls)).await
}

async fn connect(server: &Server, protocol: &[u8]) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("authority.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, server.connect().await).await.unwrap()
}

#[tokio::test]
async fn tls_agrees_on_the_protocol() {
    let server = secure_server(Limits::default()).await;
    let mut stream = connect(&server, b"http/1.1").await;
    stream.write_all(&request("/", true)).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("HTTP/1.1"), "{answer}");

    let stream = TokioIo::new(connect(&server, b"h2").await);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::get("https://localhost/").body(axum::body::Body::empty()).unwrap();
    let answer = axum::body::Body::new(sender.send_request(request).await.unwrap().into_body());
    assert_eq!(axum::body::to_bytes(answer, 100).await.unwrap(), "HTTP/2.0");
}

#[tokio::test]
async fn an_answer_that_comes_before_the_whole_body_arrives() {
    let server = secure_server(Limits::default()).await;
    let stream = TokioIo::new(connect(&server, b"h2").await);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    for _ in 0..20 {
        let body = axum::body::Body::from(vec![b'x'; 3_000_000]);
        let request = http::Request::post("https://localhost/").body(body).unwrap();
        assert_eq!(sender.send_request(request).await.unwrap().status(), 405);
    }
}

#[tokio::test]
async fn who_says_nothing_after_or_instead_of_the_handshake_is_not_waited_for() {
    let head = std::time::Duration::from_millis(200);
    let server = secure_server(Limits { head, ..Limits::default() }).await;
    assert_eq!(server.exchange(b"").await, "");
    let mut stream = connect(&server, b"h2").await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
}

#[test]
fn files_that_are_no_certificate_or_key_are_said() {
    let refused = |certificate, key| acceptor(&file(certificate), &file(key)).err().unwrap().to_string();
    assert!(refused("missing.pem", "localhost.key").contains("missing.pem"));
    assert!(refused("localhost.pem", "localhost.pem").contains("holds no PEM key"));
    assert!(refused("authority.pem", "localhost.key").contains("do not belong together"));
}
