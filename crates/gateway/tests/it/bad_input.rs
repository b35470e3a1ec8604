//! What nobody sends in good faith, byte for byte: each is refused briefly, and nothing of it goes on.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::origin::{Origin, SHOP};

struct Served {
    origin: Origin,
    address: SocketAddr,
}

impl Served {
    async fn new() -> Self {
        let origin = Origin::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = origin.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { origin, address }
    }

    /// The whole answer to these bytes, whose first request asks for no second one.
    async fn answer(&self, sent: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let line = sent.windows(2).position(|end| end == b"\r\n").expect("a request line") + 2;
        stream.write_all(&[&sent[..line], b"connection: close\r\n", &sent[line..]].concat()).await.unwrap();
        let mut answer = Vec::new();
        let reading = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer));
        reading.await.expect("an answer").ok();
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn refuses(&self, sent: &[u8], statuses: &[&str]) {
        let answer = self.answer(sent).await;
        let shown = String::from_utf8_lossy(sent);
        let is_expected = statuses.iter().any(|status| answer.starts_with(&format!("HTTP/1.1 {status} ")));
        assert!(is_expected, "{shown:?}: {answer:?}");
        assert!(answer.len() < 1200, "{shown:?}: {} bytes", answer.len());
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{shown:?}: one answer alone");
        assert!(self.origin.seen.cart.lock().unwrap().is_empty(), "{shown:?} reached a service");
        assert!(self.origin.seen.auth.lock().unwrap().is_empty(), "{shown:?} reached the authorization server");
    }
}

#[tokio::test]
async fn hosts_that_could_be_read_in_two_ways() {
    let shop = Served::new().await;
    for hosts in [
        "",
        "host: \r\n",
        "host: shop.example\r\nhost: shop.example\r\n",
        "host: shop.example\r\nhost: evil.example\r\n",
        "host: shop.example, evil.example\r\n",
        "host: shop.example evil.example\r\n",
        "host: anna@shop.example\r\n",
        "host: shop.example/auth\r\n",
        "host: shop.example%2f\r\n",
        "host: shop.example#\r\n",
        "host: shop.example?x\r\n",
        "host: shop.example\\evil\r\n",
        "host: b\u{fc}cher.example\r\n",
        "host: shop.example\u{0}\r\n",
    ] {
        let sent = format!("GET /api/cart/x HTTP/1.1\r\n{hosts}\r\n");
        shop.refuses(sent.as_bytes(), &["400"]).await;
    }
    let long = format!("GET /api/cart/x HTTP/1.1\r\nhost: {}\r\n\r\n", "a.".repeat(500));
    shop.refuses(long.as_bytes(), &["400"]).await;
    for unknown in ["evil.example", "shop.example.", "shop.example:8443", "shop.example.evil.example", "[::1]", "127.1"]
    {
        let sent = format!("GET /api/cart/x HTTP/1.1\r\nhost: {unknown}\r\n\r\n");
        shop.refuses(sent.as_bytes(), &["404"]).await;
    }
}

#[tokio::test]
async fn an_address_in_the_request_line_counts_and_the_header_beside_it_does_not() {
    let shop = Served::new().await;
    shop.refuses(b"GET http://evil.example/api/cart/x HTTP/1.1\r\nhost: shop.example\r\n\r\n", &["404"]).await;
    shop.refuses(b"GET http://anna@shop.example/api/cart/x HTTP/1.1\r\nhost: shop.example\r\n\r\n", &["400"]).await;
    let sent = b"GET http://shop.example/api/cart/x?y HTTP/1.1\r\nhost: evil.example\r\n\r\n";
    assert!(shop.answer(sent).await.starts_with("HTTP/1.1 200 "));
    let seen = shop.origin.cart();
    assert_eq!((seen.headers["x-forwarded-host"].as_bytes(), seen.uri.to_string().as_str()), (SHOP.as_bytes(), "/x?y"));
}

#[tokio::test]
async fn paths_that_climb_or_hide_slashes() {
    let shop = Served::new().await;
    for path in [
        "/api/cart/../../auth/login",
        "/api/cart/%2e%2e/%2e%2e/auth/login",
        "/api/cart/.%2E/x",
        "/api/cart/./x",
        "/api/cart%2fx",
        "/api%2Fcart/x",
        "/api/cart/x%5c..%5cy",
        "/api/cart/x\\y",
        "/api//cart/x",
        "//evil.example/api/cart/x",
        "/api/cart/x%00",
        "/api/cart/x%0d%0aset-cookie:%20a=b",
        "/api/cart/%c0%ae%c0%ae/x",
        "/api/cart/%",
        "/api/cart/%zz",
        "*",
    ] {
        shop.refuses(format!("GET {path} HTTP/1.1\r\nhost: {SHOP}\r\n\r\n").as_bytes(), &["400"]).await;
    }
    // What is encoded twice is encoded once for the service, and climbs nowhere.
    let sent = format!("GET /api/cart/%252e%252e/x HTTP/1.1\r\nhost: {SHOP}\r\n\r\n");
    assert!(shop.answer(sent.as_bytes()).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(shop.origin.cart().uri, "/%252e%252e/x");
}

#[tokio::test]
async fn addresses_without_end() {
    let shop = Served::new().await;
    for path in [format!("/api/cart/{}", "a".repeat(17_000)), format!("/auth/login?x={}", "a".repeat(60_000))] {
        shop.refuses(format!("GET {path} HTTP/1.1\r\nhost: {SHOP}\r\n\r\n").as_bytes(), &["414"]).await;
    }
}

#[tokio::test]
async fn methods_that_echo_or_tunnel() {
    let shop = Served::new().await;
    for sent in [
        format!("TRACE /api/cart/x HTTP/1.1\r\nhost: {SHOP}\r\n\r\n"),
        format!("CONNECT {SHOP}:443 HTTP/1.1\r\nhost: {SHOP}\r\n\r\n"),
        format!("CONNECT cart:80 HTTP/1.1\r\nhost: {SHOP}\r\n\r\nGET /x HTTP/1.1\r\nhost: cart\r\n\r\n"),
    ] {
        shop.refuses(sent.as_bytes(), &["501", "400"]).await;
    }
}

#[tokio::test]
async fn headers_that_only_the_gateway_sets_or_that_come_twice() {
    let shop = Served::new().await;
    for headers in [
        "x-application-token: ours\r\nx-application-token: ours\r\n",
        "x-application-token: ours\r\nx-application-token: theirs\r\n",
        "x-application-token: ours, theirs\r\n",
        "x-application-token: \u{e9}\r\n",
        "authorization: Bearer a\r\nauthorization: Bearer b\r\n",
    ] {
        let sent = format!("GET /api/cart/x HTTP/1.1\r\nhost: {SHOP}\r\n{headers}\r\n");
        shop.refuses(sent.as_bytes(), &["400", "404"]).await;
    }
    let context = "x-context-request: {\"tenantId\":\"evil\"}\r\n";
    let token = "x-guest-token: evil\r\nX_Guest_Token: evil\r\n";
    let sent =
        format!("GET /api/cart/x HTTP/1.1\r\nhost: {SHOP}\r\n{context}{context}{token}x-application-token: \r\n\r\n");
    assert!(shop.answer(sent.as_bytes()).await.starts_with("HTTP/1.1 200 "));
    let seen = shop.origin.cart().headers;
    let contexts: Vec<_> = seen.get_all("x-context-request").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(contexts.len() == 1 && !contexts[0].contains("evil"), "{contexts:?}");
    assert!(seen.iter().all(|(_, value)| value != "evil"));
}

/// Lengths that two programs could read differently.
#[tokio::test]
async fn bodies_with_two_lengths() {
    let shop = Served::new().await;
    for headers in [
        "content-length: 3\r\ncontent-length: 4\r\n",
        "content-length: +3\r\n",
        "content-length: -1\r\n",
        "content-length: 99999999999999999999\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: xchunked\r\n",
    ] {
        let sent = format!("POST /api/cart/length HTTP/1.1\r\nhost: {SHOP}\r\n{headers}\r\nabc");
        shop.refuses(sent.as_bytes(), &["400"]).await;
    }
    // Of both, the chunks count (RFC 9112 §6.3), and the connection is not used for what follows them.
    let smuggled = format!(
        "POST /api/cart/length HTTP/1.1\r\nhost: {SHOP}\r\ncontent-length: 60\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    );
    let answer = shop.answer(smuggled.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") || answer.ends_with("\r\n\r\n3"), "{answer}");
}
