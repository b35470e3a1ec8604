use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::{StreamExt, stream};
use gateway::Limits;
use http_body_util::BodyExt;

use crate::origin::{Origin, SHOP, small};

fn post(path: &str) -> http::request::Builder {
    http::Request::post(path).header("host", SHOP)
}

fn chunks(count: usize) -> Body {
    Body::from_stream(stream::iter((0..count).map(|_| Ok::<_, Infallible>(Bytes::from(vec![b'x'; 400])))))
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_declared_or_not() {
    let origin = Origin::new();
    let declared =
        post("/api/cart/length").header("content-length", "1001").body(Body::from(vec![b'x'; 1001])).unwrap();
    let refused = origin.send(declared).await;
    assert_eq!((refused.status(), refused.problem()), (413, "body_too_large".to_owned()));
    assert!(origin.seen.cart.lock().unwrap().is_empty(), "it is refused before anything is sent");
    let refused = origin.send(post("/api/cart/length").body(chunks(3)).unwrap()).await;
    assert_eq!((refused.status(), refused.problem()), (413, "body_too_large".to_owned()));
    let within = origin.send(post("/api/cart/length").body(Body::from(vec![b'x'; 1000])).unwrap()).await;
    assert_eq!(within.body, "1000");
    assert_eq!(origin.send(post("/api/cart/length").body(chunks(2)).unwrap()).await.body, "800");
}

#[tokio::test]
async fn a_service_that_answers_early_never_gets_the_whole_of_a_body_beyond_the_limit() {
    let response = Origin::new().stream(post("/api/cart/echo").body(chunks(3)).unwrap()).await;
    let whole = response.status() == 200 && response.into_body().collect().await.is_ok();
    assert!(!whole, "1200 bytes got through a limit of 1000");
}

#[tokio::test]
async fn a_body_that_stops_or_breaks_off_is_its_senders_fault() {
    let origin = Origin::with_limits(Limits { pause: Duration::from_millis(50), ..small() });
    let stopped = Body::from_stream(chunks(1).into_data_stream().chain(stream::pending()));
    let refused = origin.send(post("/api/cart/length").body(stopped).unwrap()).await;
    assert_eq!((refused.status(), refused.problem()), (408, "body_too_slow".to_owned()));
    let cut = stream::iter([Err::<Bytes, _>(std::io::Error::other("gone"))]);
    let broken =
        Body::from_stream(chunks(1).into_data_stream().map(|piece| piece.map_err(std::io::Error::other)).chain(cut));
    let refused = origin.send(post("/api/cart/length").body(broken).unwrap()).await;
    assert_eq!((refused.status(), refused.problem()), (400, "invalid_body".to_owned()));
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
    let origin = Origin::with_limits(Limits { answer: Duration::from_millis(200), ..small() });
    let slow = origin.get("/api/cart/slow").await;
    assert_eq!((slow.status(), slow.problem()), (504, "upstream_timed_out".to_owned()));
    let gone = origin.get("/api/gone/x").await;
    assert_eq!((gone.status(), gone.problem()), (502, "upstream_unreachable".to_owned()));
}

#[tokio::test]
async fn a_tenant_service_that_fails_is_a_503() {
    let origin = Origin::new();
    origin
        .memory
        .register("tenant", axum::Router::new().fallback(|| async { http::StatusCode::INTERNAL_SERVER_ERROR }));
    let answer = origin.get("/").await;
    assert_eq!((answer.status(), answer.problem()), (503, "unavailable".to_owned()));
    assert_eq!(answer.header("retry-after"), "2");
}
