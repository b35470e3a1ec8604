use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::routing::get;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::authority::{Authority, in_year};
use super::server::{Server, get as request};
use crate::serve::{Limits, Tls};

pub struct Secure {
    pub server: Server,
    pub authority: Authority,
    pub directory: TempDir,
}

pub async fn secure_server(limits: Limits) -> Secure {
    let version = get(async |request: Request| format!("{:?}", request.version()));
    let (authority, directory) = (Authority::new(), tempfile::tempdir().unwrap());
    let tls = Tls::load(authority.certify("first").write(directory.path()), in_year(2026)).unwrap();
    let server = Server::start_with(Router::new().route("/", version), limits, Some(tls)).await;
    Secure { server, authority, directory }
}

pub async fn connect(server: &Server, authority: &Authority, protocol: &[u8]) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, server.connect().await).await.unwrap()
}

#[tokio::test]
async fn tls_agrees_on_the_protocol() {
    let Secure { server, authority, .. } = secure_server(Limits::default()).await;
    let mut stream = connect(&server, &authority, b"http/1.1").await;
    stream.write_all(&request("/", true)).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("HTTP/1.1"), "{answer}");

    let stream = TokioIo::new(connect(&server, &authority, b"h2").await);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::get("https://localhost/").body(axum::body::Body::empty()).unwrap();
    let answer = axum::body::Body::new(sender.send_request(request).await.unwrap().into_body());
    assert_eq!(axum::body::to_bytes(answer, 100).await.unwrap(), "HTTP/2.0");
}

#[tokio::test]
async fn an_answer_that_comes_before_the_whole_body_arrives() {
    let Secure { server, authority, .. } = secure_server(Limits::default()).await;
    let stream = TokioIo::new(connect(&server, &authority, b"h2").await);
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
    let head = Duration::from_millis(200);
    let Secure { server, authority, .. } = secure_server(Limits { head, ..Limits::default() }).await;
    assert_eq!(server.exchange(b"").await, "");
    let mut stream = connect(&server, &authority, b"h2").await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_to_new_connections_and_open_ones_stay() {
    let Secure { server, authority, directory } = secure_server(Limits::default()).await;
    let shown = async || {
        let stream = connect(&server, &authority, b"http/1.1").await;
        stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
    };
    let before = shown().await;
    let mut open = connect(&server, &authority, b"http/1.1").await;
    authority.certify("second").write(directory.path());
    let renewed = async {
        while shown().await == before {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), renewed).await.expect("the new certificate is shown");
    open.write_all(&request("/", true)).await.unwrap();
    let mut answer = String::new();
    open.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("HTTP/1.1"), "{answer}");
}
