use std::net::SocketAddr;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;

use super::server::{self, Server};
use crate::serve::{Limits, bind};

#[tokio::test]
async fn both_loopback_addresses_get_one_port() {
    let bound = bind(&["127.0.0.1:0".parse().unwrap(), "[::1]:0".parse().unwrap()]).await.unwrap();
    for listener in &bound.listeners {
        assert_eq!(listener.local_addr().unwrap().port(), bound.port);
    }
}

#[tokio::test]
async fn a_port_in_use_is_said_with_what_to_do() {
    let bound = bind(&["127.0.0.1:0".parse().unwrap()]).await.unwrap();
    let taken = SocketAddr::new("127.0.0.1".parse().unwrap(), bound.port);
    let refused = bind(&[taken]).await.err().unwrap().to_string();
    assert!(refused.contains("in use by another program") && refused.contains("--listen"), "{refused}");
}

#[tokio::test]
async fn handlers_know_who_calls() {
    async fn peer(ConnectInfo(peer): ConnectInfo<SocketAddr>) -> String {
        peer.ip().to_string()
    }
    let server = Server::start(Router::new().route("/", get(peer)), Limits::default()).await;
    let answer = server.exchange(&server::get("/", true)).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
}
