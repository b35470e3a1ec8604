//! WebSockets and event streams, through real connections.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bytes::Bytes;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::{SinkExt, StreamExt};
use gateway::Limits;
use http::{HeaderMap, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{Callback, ErrorResponse, Request, Response as Accepted};
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async, client_async};

use crate::origin::{Origin, SHOP, small};

/// Notes what it is asked with, and speaks `chat` when that is offered.
struct Asked(Arc<Mutex<Vec<HeaderMap>>>);

impl Callback for Asked {
    fn on_request(self, request: &Request, mut response: Accepted) -> Result<Accepted, ErrorResponse> {
        self.0.lock().unwrap().push(request.headers().clone());
        if request.uri().path() == "/closed" {
            let mut refused = ErrorResponse::new(Some("not here".to_owned()));
            *refused.status_mut() = http::StatusCode::FORBIDDEN;
            return Err(refused);
        }
        if request.headers().contains_key("sec-websocket-protocol") {
            response.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("chat"));
        }
        response.headers_mut().insert("set-cookie", HeaderValue::from_static("__Host-linden-session=evil"));
        Ok(response)
    }
}

/// A service that says back what it hears. What it was asked with.
async fn echo() -> (SocketAddr, Arc<Mutex<Vec<HeaderMap>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::clone(&seen);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let asked = Asked(Arc::clone(&asked));
            tokio::spawn(async move {
                let Ok(mut socket) = accept_hdr_async(stream, asked).await else { return };
                while let Some(Ok(message)) = socket.next().await {
                    if message.is_text() || message.is_binary() {
                        socket.send(message).await.unwrap();
                    }
                }
            });
        }
    });
    (address, seen)
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

struct Shop {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<HeaderMap>>>,
    _origin: Origin,
}

impl Shop {
    async fn with(limits: Limits) -> Self {
        let (service, asked) = echo().await;
        let origin = Origin::with_limits_and_service(limits, "chat", &service.to_string());
        Self { address: serve(origin.router()).await, asked, _origin: origin }
    }

    async fn open(
        &self,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<(WebSocketStream<TcpStream>, Accepted), Error> {
        let mut request = format!("ws://{SHOP}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(self.address).await.unwrap();
        client_async(request, stream).await.map(|(socket, answer)| (socket, answer.map(|_| ())))
    }

    /// The answer to a head as it is written here.
    async fn answer(&self, head: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut answer)).await.unwrap().unwrap();
        String::from_utf8(answer[..read].to_vec()).unwrap()
    }
}

fn status(refused: Result<(WebSocketStream<TcpStream>, Accepted), Error>) -> u16 {
    match refused {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        Ok(_) => 101,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_websocket_carries_messages_both_ways_and_closes_with_its_reason() {
    let shop = Shop::with(small()).await;
    let (mut socket, answer) = shop
        .open("/api/chat/room", &[("sec-websocket-protocol", "chat"), ("cookie", "linden-session=s; a=1")])
        .await
        .unwrap();
    assert_eq!(answer.headers()["sec-websocket-protocol"], "chat");
    assert!(answer.headers().contains_key("x-request-id") && !answer.headers().contains_key("set-cookie"));
    let asked = shop.asked.lock().unwrap()[0].clone();
    assert_eq!(asked["authorization"], "Bearer guest-1");
    assert_eq!((&asked["x-forwarded-host"], &asked["cookie"]), (&SHOP.parse().unwrap(), &"a=1".parse().unwrap()));
    assert!(asked.contains_key("x-context-request"));

    // More than a request's body may hold: a tunnel has no such limit.
    let long = "x".repeat(100_000);
    for text in ["one", "two", &long] {
        socket.send(Message::text(text)).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), Message::text(text));
    }
    let goodbye = CloseFrame { code: CloseCode::Away, reason: "bye".into() };
    socket.close(Some(goodbye.clone())).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::Close(Some(goodbye)));
    assert!(socket.next().await.is_none_or(|ended| ended.is_err()), "nothing comes after the close");
}

#[tokio::test]
async fn what_the_service_refuses_stays_refused() {
    let shop = Shop::with(small()).await;
    assert_eq!(status(shop.open("/api/chat/closed", &[]).await), 403);
    assert_eq!(status(shop.open("/api/unheard-of/room", &[]).await), 404);
}

#[tokio::test]
async fn a_page_of_a_foreign_origin_opens_none() {
    let shop = Shop::with(small()).await;
    for (origin, expected) in [
        ("https://shop.example", 101),
        ("https://other.example", 101),
        ("http://shop.example", 403),
        ("https://evil.example", 403),
        ("null", 403),
    ] {
        assert_eq!(status(shop.open("/api/chat/room", &[("origin", origin)]).await), expected, "{origin}");
    }
}

#[tokio::test]
async fn silence_closes_a_websocket_and_their_number_is_bounded() {
    let shop = Shop::with(Limits { tunnels: 1, pause: Duration::from_millis(300), ..small() }).await;
    let (mut first, _) = shop.open("/api/chat/room", &[]).await.unwrap();
    assert_eq!(status(shop.open("/api/chat/room", &[]).await), 503);
    let ended = tokio::time::timeout(Duration::from_secs(20), first.next()).await.expect("the tunnel ends");
    assert!(ended.is_none_or(|ended| ended.is_err()), "it was cut");
    let mut tries = 0;
    while status(shop.open("/api/chat/room", &[]).await) == 503 {
        tries += 1;
        assert!(tries < 1000, "the place is given back");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// RFC 9110 §7.8: a server may go on as if nothing had been asked. Nothing of it reaches the service.
#[tokio::test]
async fn other_protocols_are_not_heard() {
    let shop = Shop::with(small()).await;
    for (method, headers) in [
        ("GET", "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n"),
        ("GET", "connection: upgrade\r\nupgrade: websocket, h2c\r\n"),
        ("GET", "upgrade: websocket\r\n"),
        ("GET", "connection: upgrade\r\nupgrade: TLS/1.2\r\n"),
        ("POST", "connection: upgrade\r\nupgrade: websocket\r\ncontent-length: 0\r\n"),
    ] {
        let head = format!("{method} /api/cart/x HTTP/1.1\r\nhost: {SHOP}\r\n{headers}\r\n");
        let answer = shop.answer(&head).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{head}{answer}");
        let seen = shop._origin.cart();
        for name in ["upgrade", "http2-settings"] {
            assert!(!seen.headers.contains_key(name), "{name} of {head}");
        }
    }
}

/// One who is asked for an ordinary answer and switches all the same opens no way past the gateway.
#[tokio::test]
async fn a_service_cannot_switch_unasked() {
    async fn switched() -> Response {
        (http::StatusCode::SWITCHING_PROTOCOLS, [("connection", "upgrade"), ("upgrade", "websocket")]).into_response()
    }
    let service = serve(Router::new().fallback(any(switched))).await;
    let origin = Origin::with_service("hasty", &service.to_string());
    let answer = origin.get("/api/hasty/x").await;
    assert_eq!((answer.status(), answer.problem()), (502, "upstream_failed".to_owned()));
}

/// A service whose answers are what the test sends.
async fn stream_of(
    content_type: &'static str,
) -> (SocketAddr, UnboundedSender<Result<Bytes, std::convert::Infallible>>) {
    let (sender, receiver) = unbounded();
    let receiver = Arc::new(Mutex::new(Some(receiver)));
    let answer = move || {
        let pieces = receiver.lock().unwrap().take().expect("one request");
        async move { ([("content-type", content_type)], Body::from_stream(pieces)) }
    };
    (serve(Router::new().fallback(any(answer))).await, sender)
}

#[tokio::test]
async fn an_event_arrives_before_the_next_one_is_said_and_the_stream_may_go_on_for_long() {
    let (service, events) = stream_of("Text/Event-Stream; charset=utf-8").await;
    let limits = Limits { exchange: Duration::from_millis(200), ..small() };
    let origin = Origin::with_limits_and_service(limits, "news", &service.to_string());
    let shop = serve(origin.router()).await;
    let mut stream = TcpStream::connect(shop).await.unwrap();
    stream.write_all(format!("GET /api/news/all HTTP/1.1\r\nhost: {SHOP}\r\n\r\n").as_bytes()).await.unwrap();
    let mut heard = String::new();
    for number in 0..5 {
        events.unbounded_send(Ok(Bytes::from(format!("data: {number}\n\n")))).unwrap();
        while !heard.contains(&format!("data: {number}\n\n")) {
            let mut bytes = [0; 4096];
            let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut bytes)).await;
            heard += std::str::from_utf8(&bytes[..read.expect("the event comes by itself").unwrap()]).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
}

#[tokio::test]
async fn other_answers_end_at_last() {
    let (service, pieces) = stream_of("text/event-stream-not").await;
    let limits = Limits { exchange: Duration::from_millis(200), ..small() };
    let origin = Origin::with_limits_and_service(limits, "news", &service.to_string());
    pieces.unbounded_send(Ok(Bytes::from_static(b"x"))).unwrap();
    let request = crate::origin::ask("/api/news/all").body(Body::empty()).unwrap();
    let mut body = origin.stream(request).await.into_body().into_data_stream();
    assert_eq!(body.next().await.unwrap().unwrap(), "x");
    let ended = tokio::time::timeout(Duration::from_secs(20), body.next()).await.expect("it is cut");
    assert!(ended.unwrap().is_err());
}
