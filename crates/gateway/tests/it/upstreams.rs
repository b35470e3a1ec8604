//! Upstreams with several addresses, and addresses that come and go.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use futures::stream;
use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::origin::{Answer, Origin, SHOP};

/// An address where nobody listens.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Says back the body that it is sent.
async fn echo_on(listener: TcpListener) {
    let router = Router::new().fallback(async |request: Request| {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        format!("{}", String::from_utf8_lossy(&body))
    });
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
}

async fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    echo_on(listener).await;
    address
}

async fn post(origin: &Origin, body: Body) -> Answer {
    origin.send(http::Request::post("/api/far/x").header("host", SHOP).body(body).unwrap()).await
}

#[tokio::test]
async fn whom_one_address_does_not_take_the_next_one_does_body_and_all() {
    let origin = Origin::with_service("far", &format!("{},{}", nobody().await, echo().await));
    for number in 0..8 {
        let pieces = ["piece ", "by ", "piece"].map(|piece| Ok::<_, std::convert::Infallible>(Bytes::from(piece)));
        let body = if number % 2 == 0 { Body::from("whole") } else { Body::from_stream(stream::iter(pieces)) };
        let answer = post(&origin, body).await;
        let expected = if number % 2 == 0 { "whole" } else { "piece by piece" };
        assert_eq!((answer.status(), answer.body.as_str()), (200, expected));
    }
}

#[tokio::test]
async fn an_address_that_nobody_answers_at_is_left_alone_for_a_while_and_found_again() {
    let address = nobody().await;
    let origin = Origin::with_service("far", &address);
    for _ in 0..3 {
        let refused = post(&origin, Body::empty()).await;
        assert_eq!((refused.status(), refused.problem()), (502, "upstream_unreachable".to_owned()));
    }
    let rests = post(&origin, Body::empty()).await;
    assert_eq!((rests.status(), rests.problem()), (503, "upstream_resting".to_owned()));
    assert!(matches!(rests.header("retry-after"), "1" | "2"), "{}", rests.header("retry-after"));
    assert_eq!(origin.get("/api/cart/x").await.status(), 200, "others are none the worse for it");

    echo_on(TcpListener::bind(&address).await.unwrap()).await;
    let mut tries = 0;
    while post(&origin, Body::from("again")).await.body != "again" {
        tries += 1;
        assert!(tries < 1000, "it is tried again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for _ in 0..5 {
        assert_eq!(post(&origin, Body::from("again")).await.body, "again");
    }
}

/// Of two nodes that restart one after the other, the first is back before its rest is over when the second goes.
#[tokio::test]
async fn where_nobody_else_is_one_that_rests_is_asked() {
    let first = nobody().await;
    let second = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = Origin::with_service("far", &format!("{first},{}", second.local_addr().unwrap()));
    let closing = Router::new().fallback(async || ([("connection", "close")], "second"));
    let serving = tokio::spawn(async move { axum::serve(second, closing).await.unwrap() });
    for _ in 0..8 {
        assert_eq!(post(&origin, Body::from("x")).await.body, "second");
    }
    serving.abort();
    serving.await.unwrap_err();
    echo_on(TcpListener::bind(&first).await.unwrap()).await;
    let answer = post(&origin, Body::from("first")).await;
    assert_eq!((answer.status(), answer.body.as_str()), (200, "first"));
}

/// The upstream closes each connection after its answer without having said so, as one that restarts does.
#[tokio::test]
async fn a_kept_connection_that_has_ended_meanwhile_costs_no_request_not_even_a_post() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            while !bytes.ends_with(b"order") {
                let mut some = [0; 1024];
                let read = stream.read(&mut some).await.unwrap();
                bytes.extend_from_slice(&some[..read]);
            }
            counting.fetch_add(1, Ordering::SeqCst);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood").await.unwrap();
        }
    });
    let origin = Origin::with_service("far", &address);
    for _ in 0..20 {
        assert_eq!(post(&origin, Body::from("order")).await.body, "good");
        // For the news that the connection ended to arrive.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), 20, "none was sent twice");
}
