use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Notify;

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
    server.ended.cancel();
    assert_eq!(read_all(&mut unused).await, "");
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    release.notify_one();
    assert!(read_all(&mut stream).await.ends_with("done"));
    server.running.await.unwrap();
}

#[tokio::test]
async fn what_does_not_finish_is_cut() {
    let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let limits = Limits { grace: Duration::from_millis(50), ..Limits::default() };
    let server = Server::start(held(&begun, &release), limits).await;
    let mut stream = server.connect().await;
    stream.write_all(&server::get("/", false)).await.unwrap();
    begun.notified().await;
    server.ended.cancel();
    server.running.await.unwrap();
    assert_eq!(read_all(&mut stream).await, "");
}
