use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::log::Log;
use super::server::{self, Server, read_all};
use crate::serve::Limits;

/// A handler that says when it began and answers when it may.
fn held(begun: &Arc<Notify>, release: &Arc<Notify>) -> Router {
    let (begun, release) = (Arc::clone(begun), Arc::clone(release));
    Router::new().route(
        "/",
        get(move || {
            let (begun, release) = (Arc::clone(&begun), Arc::clone(&release));
            async move {
                begun.notify_one();
                release.notified().await;
                "done"
            }
        }),
    )
}

#[tokio::test]
async fn what_is_under_way_finishes_and_nothing_new_begins() {
    let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let server = Server::start(held(&begun, &release), Limits::default()).await;
    let mut unused = server.connect().await;
    let mut stream = server.connect().await;
    stream.write_all(&server::get("/", false)).await.unwrap();
    begun.notified().await;
    server.ending.close();
    assert_eq!(read_all(&mut unused).await, "");
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    release.notify_one();
    assert!(read_all(&mut stream).await.ends_with("done"));
    server.running.await.unwrap();
}

#[tokio::test]
async fn what_does_not_finish_is_cut_and_told() {
    let log = Log::default();
    let _kept = log.keep();
    let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let limits = Limits { grace: Duration::from_millis(50), ..Limits::default() };
    let server = Server::start(held(&begun, &release), limits).await;
    let mut stream = server.connect().await;
    stream.write_all(&server::get("/", false)).await.unwrap();
    begun.notified().await;
    server.ending.close();
    server.running.await.unwrap();
    assert_eq!(read_all(&mut stream).await, "");
    assert_eq!(log.lines("were cut"), 1, "{}", log.text());
    assert!(log.text().contains("connections=1 requests=1"), "{}", log.text());
}

#[tokio::test]
async fn before_listeners_close_each_answer_asks_for_the_end_of_its_connection() {
    let server = Server::start(Router::new().route("/", get(async || "hello")), Limits::default()).await;
    let mut kept = server.connect().await;
    kept.write_all(&server::get("/", false)).await.unwrap();
    let mut answer = [0; 512];
    let read = kept.read(&mut answer).await.unwrap();
    assert!(!String::from_utf8_lossy(&answer[..read]).contains("connection: close"));
    server.ending.leave();
    kept.write_all(&server::get("/", false)).await.unwrap();
    let answer = read_all(&mut kept).await;
    assert!(answer.contains("connection: close") && answer.ends_with("hello"), "{answer}");
    let answer = server.exchange(&server::get("/", false)).await;
    assert!(answer.ends_with("hello"), "who connects late is served: {answer}");
}

/// The system connects on its own; what waits for the program to take it, and what is on its way, counts too.
#[tokio::test]
async fn who_was_connected_when_the_end_came_is_answered() {
    for _ in 0..20 {
        let server = Server::start(Router::new().route("/", get(async || "hello")), Limits::default()).await;
        let mut streams = Vec::new();
        for _ in 0..50 {
            streams.push(std::net::TcpStream::connect(server.address).unwrap());
        }
        server.ending.close();
        for stream in &mut streams {
            std::io::Write::write_all(stream, &server::get("/", false)).unwrap();
        }
        for stream in streams {
            stream.set_nonblocking(true).unwrap();
            let answer = read_all(&mut TcpStream::from_std(stream).unwrap()).await;
            assert!(answer.ends_with("hello"), "{answer}");
        }
        server.running.await.unwrap();
    }
}
