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
