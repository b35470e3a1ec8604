use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::{StreamExt, stream};
use http_body_util::BodyExt;

use crate::origin::{Origin, SHOP};

fn post(path: &str) -> http::request::Builder {
    http::Request::post(path).header("host", SHOP)
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_declared_or_not() {
    let origin = Origin::new();
    let declared = post("/api/cart/echo").header("content-length", "1001").body(Body::from(vec![b'x'; 1001])).unwrap();
    assert_eq!(origin.send(declared).await.problem(), "body_too_large");
    let chunks = stream::iter((0..3).map(|_| Ok::<_, Infallible>(Bytes::from(vec![b'x'; 400]))));
    let undeclared = post("/api/cart/echo").body(Body::from_stream(chunks)).unwrap();
    // The service may have begun to answer; what matters is that it never gets the whole.
    let response = origin.stream(undeclared).await;
    let whole = response.status() == 200 && response.into_body().collect().await.is_ok();
    assert!(!whole, "1200 bytes got through a limit of 1000");
    let within = post("/api/cart/echo").body(Body::from(vec![b'x'; 1000])).unwrap();
    assert_eq!(origin.send(within).await.body.len(), 1000);
}

#[tokio::test]
async fn bodies_stream_both_ways() {
    let origin = Origin::new();
    let (first, rest) = futures::channel::mpsc::unbounded::<Result<Bytes, Infallible>>();
    let request = post("/api/cart/echo").body(Body::from_stream(rest)).unwrap();
    first.unbounded_send(Ok(Bytes::from_static(b"one"))).unwrap();
    let mut answer = origin.stream(request).await.into_body().into_data_stream();
    assert_eq!(answer.next().await.unwrap().unwrap(), "one");
    first.unbounded_send(Ok(Bytes::from_static(b"two"))).unwrap();
    assert_eq!(answer.next().await.unwrap().unwrap(), "two");
    drop(first);
    assert!(answer.next().await.is_none());
}

#[tokio::test]
async fn a_slow_and_a_missing_upstream_are_problems() {
    let origin = Origin::new();
    let slow = origin.get("/api/cart/slow").await;
    assert_eq!((slow.status(), slow.problem()), (504, "upstream_timed_out".to_owned()));
    let gone = origin.get("/api/gone/x").await;
    assert_eq!((gone.status(), gone.problem()), (503, "upstream_unreachable".to_owned()));
}

#[tokio::test]
async fn a_tenant_service_that_fails_is_a_503() {
    let origin = Origin::new();
    origin
        .memory
        .register("tenant", axum::Router::new().fallback(|| async { http::StatusCode::INTERNAL_SERVER_ERROR }));
    let answer = origin.get("/").await;
    assert_eq!((answer.status(), answer.problem()), (503, "unavailable".to_owned()));
    tokio::time::sleep(Duration::from_millis(1)).await;
}
