//! Upstreams over TCP, which fail as networks do.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::ConnectInfo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::origin::{Origin, SHOP, ask};

const GOOD: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: keep-alive, x-inner\r\nx-inner: 1\r\n\r\ngood";

/// Answers requests in turn with these bytes; with none it closes the connection. What was asked, head by head.
async fn upstream(answers: &'static [&'static [u8]]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&heads);
    tokio::spawn(async move {
        let mut answers = answers.iter();
        let mut answered = true;
        while answered {
            let (mut stream, _) = listener.accept().await.unwrap();
            while let Some(head) = head(&mut stream).await {
                seen.lock().unwrap().push(head);
                let Some(answer) = answers.next() else {
                    answered = false;
                    break;
                };
                if answer.is_empty() {
                    break;
                }
                stream.write_all(answer).await.unwrap();
            }
        }
    });
    (address, heads)
}

async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[tokio::test]
async fn over_the_network_it_is_the_same() {
    let (address, heads) = upstream(&[GOOD]).await;
    let origin = Origin::with_service("far", &address);
    let mut request = ask("/api/far/things?of=mine").body(Body::empty()).unwrap();
    let peer: SocketAddr = "[::ffff:192.0.2.7]:4000".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let answer = origin.send(request).await;
    assert_eq!((answer.body.as_str(), answer.header("x-inner"), answer.header("connection")), ("good", "", ""));
    let head = heads.lock().unwrap()[0].clone();
    assert!(head.starts_with("GET /things?of=mine HTTP/1.1\r\n"), "{head}");
    for line in [
        format!("host: {address}"),
        format!("x-forwarded-host: {SHOP}"),
        "x-forwarded-proto: https".to_owned(),
        "x-forwarded-for: 192.0.2.7".to_owned(),
        format!("x-request-id: {}", answer.header("x-request-id")),
    ] {
        assert!(head.contains(&format!("\r\n{line}\r\n")), "{line} in {head}");
    }
}

/// Rule 10: what callers claim of themselves counts only when a configured proxy passes it on.
#[tokio::test]
async fn the_address_of_the_caller_is_believed_from_configured_proxies_alone() {
    let origin = Origin::new();
    for (peer, claimed, told) in [
        ("203.0.113.50", "198.51.100.1", "203.0.113.50"),
        ("192.0.2.10", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("192.0.2.10", "203.0.113.9, 192.0.2.11", "203.0.113.9"),
        ("192.0.2.10", "nobody", "192.0.2.10"),
    ] {
        let request = ask("/api/cart/x")
            .header("x-forwarded-for", claimed)
            .header("x_forwarded_for", "198.51.100.2")
            .header("forwarded", "for=198.51.100.3")
            .header("x-real-ip", "198.51.100.4")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "http");
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711)));
        assert_eq!(origin.send(request).await.status(), 200);
        let seen = origin.cart().headers;
        let all: Vec<_> = seen.iter().filter(|(name, _)| name.as_str().contains("for")).collect();
        let shown = |name: &str| seen[name].to_str().unwrap().to_owned();
        assert_eq!(shown("x-forwarded-for"), told, "{peer}: {claimed}");
        assert_eq!((shown("x-forwarded-host"), shown("x-forwarded-proto")), (SHOP.to_owned(), "https".to_owned()));
        assert_eq!(all.len(), 3, "{all:?}");
    }
}

/// A length that the body does not have would let the upstream take its rest for another request.
#[tokio::test]
async fn the_length_of_a_body_is_told_by_the_body() {
    let (address, heads) = upstream(&[GOOD]).await;
    let origin = Origin::with_service("far", &address);
    let pieces = futures::stream::iter([Ok::<_, std::convert::Infallible>("GET /console HTTP/1.1")]);
    let request = http::Request::post("/api/far/1").header("host", SHOP).header("content-length", "3");
    let answer = origin.send(request.header("expect", "100-continue").body(Body::from_stream(pieces)).unwrap()).await;
    assert_eq!(answer.status(), 200);
    let head = heads.lock().unwrap()[0].clone();
    assert!(head.contains("\r\ntransfer-encoding: chunked\r\n"), "{head}");
    assert!(!head.contains("content-length") && !head.contains("expect"), "{head}");
}

#[tokio::test]
async fn a_request_that_may_be_repeated_is_when_a_kept_connection_ends() {
    let (address, heads) = upstream(&[GOOD, b"", GOOD]).await;
    let origin = Origin::with_service("far", &address);
    assert_eq!(origin.get("/api/far/1").await.body, "good");
    assert_eq!(origin.get("/api/far/2").await.body, "good");
    let asked: Vec<String> = heads.lock().unwrap().iter().map(|head| head[..6].to_owned()).collect();
    assert_eq!(asked, ["GET /1", "GET /2", "GET /2"]);
}

#[tokio::test]
async fn no_other_request_is_repeated_and_none_for_ever() {
    let (address, heads) = upstream(&[b"", b"", b"", b""]).await;
    let origin = Origin::with_service("far", &address);
    let post = http::Request::post("/api/far/1").header("host", SHOP).body(Body::empty()).unwrap();
    let refused = origin.send(post).await;
    assert_eq!((refused.status(), refused.problem()), (502, "upstream_failed".to_owned()));
    assert_eq!(heads.lock().unwrap().len(), 1);
    let put = http::Request::put("/api/far/1").header("host", SHOP).body(Body::from("x")).unwrap();
    assert_eq!(origin.send(put).await.problem(), "upstream_failed");
    assert_eq!(heads.lock().unwrap().len(), 2);
    assert_eq!(origin.get("/api/far/2").await.problem(), "upstream_failed");
    assert_eq!(heads.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_a_502() {
    let (address, _) = upstream(&[b"SSH-2.0-OpenSSH\r\n\r\n", b""]).await;
    let refused = Origin::with_service("far", &address).get("/api/far/1").await;
    assert_eq!((refused.status(), refused.problem()), (502, "upstream_failed".to_owned()));
}
