use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;

use super::authority::{Authority, in_year};
use super::server::{self, Server, read_all};
use super::tls::connect;
use crate::serve::{Limits, Tls};

/// Answers once it may.
fn held(release: &Arc<Semaphore>) -> Router {
    let release = Arc::clone(release);
    let answer = async move || {
        release.acquire().await.unwrap().forget();
        "done"
    };
    Router::new().route("/", get(answer)).route("/large", get(async || vec![b'x'; 64 * 1024 * 1024]))
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
}

fn is_overloaded(answer: &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 503") && head.contains("\r\nretry-after: 1"), "{answer}");
    let id = head.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap();
    let problem: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!((&problem["type"], &problem["request_id"]), (&"urn:linden:problem:overloaded".into(), &id.into()));
}

#[tokio::test]
async fn beyond_the_requests_that_are_worked_on_the_answer_is_503_at_once() {
    let release = Arc::new(Semaphore::new(0));
    let server = Server::start(held(&release), Limits { requests: 2, ..Limits::default() }).await;
    let mut under_way = Vec::new();
    for _ in 0..2 {
        let mut stream = server.connect().await;
        stream.write_all(&server::get("/", true)).await.unwrap();
        under_way.push(stream);
    }
    until("two are under way", || server.load.requests() == 2).await;
    is_overloaded(&server.exchange(&server::get("/", true)).await);
    assert_eq!((server.load.requests(), server.load.refused()), (2, 1));
    release.add_permits(3);
    for mut stream in under_way {
        assert!(read_all(&mut stream).await.ends_with("done"));
    }
    until("none is under way", || server.load.requests() == 0).await;
    assert!(server.exchange(&server::get("/", true)).await.ends_with("done"), "the place is free again");
}

#[tokio::test]
async fn an_answer_that_nobody_reads_keeps_its_place() {
    let limits = Limits { requests: 1, idle: Duration::from_secs(2), ..Limits::default() };
    let server = Server::start(held(&Arc::new(Semaphore::new(0))), limits).await;
    let mut deaf = server.connect().await;
    deaf.write_all(&server::get("/large", true)).await.unwrap();
    until("it is under way", || server.load.requests() == 1).await;
    is_overloaded(&server.exchange(&server::get("/large", true)).await);
    until("it is given up", || server.load.requests() == 0).await;
}

#[tokio::test]
async fn streams_of_one_connection_count_each() {
    let (release, authority) = (Arc::new(Semaphore::new(0)), Authority::new());
    let directory = tempfile::tempdir().unwrap();
    let tls = Tls::load(authority.certify("streams").write(directory.path()), in_year(2026)).unwrap();
    let limits = Limits { requests: 3, ..Limits::default() };
    let server = Server::start_with(held(&release), limits, Some(tls)).await;
    let stream = TokioIo::new(connect(&server, &authority, b"h2").await);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    let mut request = || sender.send_request(Request::get("https://localhost/").body(Body::empty()).unwrap());
    let held: Vec<_> = (0..3).map(|_| tokio::spawn(request())).collect();
    until("three are under way", || server.load.requests() == 3).await;
    assert_eq!(request().await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    release.add_permits(3);
    for answer in held {
        assert_eq!(answer.await.unwrap().unwrap().status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_are_told_and_beyond_that_wait() {
    let release = Arc::new(Semaphore::new(0));
    let limits = Limits { connections: 1, ..Limits::default() };
    let server = Server::start(held(&release), limits).await;
    let mut first = server.connect().await;
    first.write_all(&server::get("/", true)).await.unwrap();
    until("the first is under way", || server.load.requests() == 1).await;
    let answer = server.exchange(&server::get("/", false)).await;
    is_overloaded(&answer);
    assert!(answer.contains("connection: close"), "{answer}");

    let told: Vec<_> = [0; 4].map(|_| server.connect()).into_iter().collect();
    let told = futures::future::join_all(told).await;
    until("as many as are told are there", || server.load.connections() == 5).await;
    let mut waiting = server.connect().await;
    waiting.write_all(&server::get("/", true)).await.unwrap();
    release.add_permits(2);
    assert!(read_all(&mut first).await.ends_with("done"));
    assert!(read_all(&mut waiting).await.ends_with("done"), "it had its turn");
    drop(told);
}
