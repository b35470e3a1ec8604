use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use futures::StreamExt;
use tokio::io::AsyncWriteExt;
use tokio::sync::{Notify, mpsc};

use super::server::{self, Server, read_all};
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
async fn more_connections_than_allowed_wait_for_their_turn() {
    let (entered, release) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let (counting, waiting) = (Arc::clone(&entered), Arc::clone(&release));
    let held = move || {
        let (counting, waiting) = (Arc::clone(&counting), Arc::clone(&waiting));
        async move {
            counting.fetch_add(1, Ordering::SeqCst);
            waiting.notified().await;
            "done"
        }
    };
    let limits = Limits { connections: 1, ..Limits::default() };
    let server = Server::start(Router::new().route("/", get(held)), limits).await;
    let (mut first, mut second) = (server.connect().await, server.connect().await);
    first.write_all(&server::get("/", true)).await.unwrap();
    second.write_all(&server::get("/", true)).await.unwrap();
    while entered.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(entered.load(Ordering::SeqCst), 1);
    release.notify_one();
    assert!(read_all(&mut first).await.ends_with("done"));
    release.notify_one();
    assert!(read_all(&mut second).await.ends_with("done"));
}
