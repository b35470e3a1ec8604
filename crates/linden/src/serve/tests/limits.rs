use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use futures::StreamExt;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use super::server::{self, Server};
use crate::serve::Limits;

fn hello() -> Router {
    Router::new().route("/", get(async || "hello"))
}

fn short() -> Limits {
    let short = Duration::from_millis(100);
    Limits { head: short, idle: short, ..Limits::default() }
}

#[tokio::test]
async fn who_sends_nothing_or_not_enough_is_not_waited_for() {
    let server = Server::start(hello(), short()).await;
    for sent in
        ["", "P", "PRI * HTTP/2.0\r\n\r\nSM\r", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nhost: localhost\r\nx: "]
    {
        let answer = server.exchange(sent.as_bytes()).await;
        assert!(!answer.contains("200 OK"), "{sent:?}: {answer}");
    }
}

#[tokio::test]
async fn dripping_a_head_does_not_make_it_longer() {
    let server = Server::start(hello(), short()).await;
    let mut stream = server.connect().await;
    for _ in 0..2000 {
        if stream.write_all(b"x").await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the server still takes bytes");
}

#[tokio::test]
async fn a_connection_that_is_not_used_again_ends() {
    let server = Server::start(hello(), short()).await;
    let answer = server.exchange(&server::get("/", false)).await;
    assert!(answer.ends_with("hello"), "{answer}");
}

#[tokio::test]
async fn an_answer_may_take_longer_than_a_head() {
    let thoughtful = get(async || {
        tokio::time::sleep(Duration::from_millis(300)).await;
        "hello"
    });
    let limits = Limits { head: Duration::from_millis(100), ..Limits::default() };
    let server = Server::start(Router::new().route("/", thoughtful), limits).await;
    let answer = server.exchange(&server::get("/", true)).await;
    assert!(answer.ends_with("hello"), "{answer}");
}

#[tokio::test]
async fn an_answer_may_go_on_for_long_as_long_as_it_goes_on() {
    let slowly = get(async || {
        let pieces = futures::stream::iter(0..5).then(async |_| {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Ok::<_, Infallible>(Bytes::from_static(b"piece"))
        });
        Body::from_stream(pieces)
    });
    let limits = Limits { idle: Duration::from_secs(1), ..Limits::default() };
    let server = Server::start(Router::new().route("/", slowly), limits).await;
    let answer = server.exchange(&server::get("/", true)).await;
    assert_eq!(answer.matches("piece").count(), 5, "{answer}");
}

/// Says when it is dropped.
struct Kept(mpsc::Sender<()>);

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.try_send(()).ok();
    }
}

#[tokio::test]
async fn who_does_not_read_the_answer_is_not_waited_for() {
    let (given_up, mut noticed) = mpsc::channel(1);
    let endless = move || {
        let kept = Kept(given_up.clone());
        async move {
            let pieces = futures::stream::repeat(Bytes::from(vec![b'x'; 64 * 1024]));
            Body::from_stream(pieces.map(move |piece| {
                let _ = &kept;
                Ok::<_, Infallible>(piece)
            }))
        }
    };
    let server = Server::start(Router::new().route("/", get(endless)), short()).await;
    let mut stream = server.connect().await;
    stream.write_all(&server::get("/", false)).await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(20), noticed.recv()).await;
    assert!(ended.is_ok(), "the answer is given up");
}

#[tokio::test]
async fn heads_have_a_size() {
    let server = Server::start(hello(), Limits { head_bytes: 16 * 1024, ..Limits::default() }).await;
    let long_path = format!("GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "a".repeat(70_000));
    let large_header = format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "a".repeat(70_000));
    let many_headers = format!("GET / HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "x: 1\r\n".repeat(200));
    for (sent, statuses) in [(long_path, &["414", "431"][..]), (large_header, &["431"]), (many_headers, &["431"])] {
        let answer = server.exchange(sent.as_bytes()).await;
        assert!(statuses.iter().any(|status| answer.starts_with(&format!("HTTP/1.1 {status}"))), "{answer}");
    }
}

#[tokio::test]
async fn dripping_a_body_does_not_make_it_longer() {
    let (heard, mut outcomes) = mpsc::channel(1);
    let whole = async move |body: Bytes| {
        heard.try_send(body.len()).ok();
        "whole"
    };
    let limits = Limits { head: Duration::from_millis(500), ..Limits::default() };
    let server = Server::start(Router::new().route("/", axum::routing::post(whole)), limits).await;
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 100000\r\n\r\n";
    let mut stream = server.connect().await;
    stream.write_all(head.as_bytes()).await.unwrap();
    while server.load.requests() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (reading, mut writing) = stream.split();
    let mut reading = tokio::io::BufReader::new(reading);
    let mut answer = String::new();
    let dripping = async {
        while writing.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        std::future::pending::<()>().await;
    };
    let answered = tokio::time::timeout(Duration::from_secs(60), reading.read_line(&mut answer));
    tokio::select! {
        answered = answered => drop(answered.expect("it is not waited for").unwrap()),
        () = dripping => {}
    }
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(outcomes.try_recv().is_err());
    assert!(server.exchange(&[head.as_bytes(), &[b'x'; 100_000]].concat()).await.ends_with("whole"));
}
