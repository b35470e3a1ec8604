use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::serve::{Ending, Limits, Load, Served, Tls, bind, run};

/// A server on a free port, for one test.
pub struct Server {
    pub address: SocketAddr,
    pub ending: Ending,
    pub load: Load,
    pub running: JoinHandle<()>,
}

impl Server {
    pub async fn start(router: Router, limits: Limits) -> Self {
        Self::start_with(router, limits, None).await
    }

    pub async fn start_with(router: Router, limits: Limits, tls: Option<Tls>) -> Self {
        let bound = bind(&["127.0.0.1:0".parse().unwrap()]).await.unwrap();
        let address = bound.listeners[0].local_addr().unwrap();
        let (ending, load) = (Ending::default(), Load::default());
        let served = Served { listeners: bound.listeners, router, tls, limits, load: load.clone() };
        let running = tokio::spawn(run(served, ending.clone()));
        Self { address, ending, load, running }
    }

    /// One that somebody else started.
    pub fn at(address: SocketAddr) -> Self {
        Self { address, ending: Ending::default(), load: Load::default(), running: tokio::spawn(async {}) }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// All that comes back until the server closes the connection.
    pub async fn exchange(&self, sent: &[u8]) -> String {
        let mut stream = self.connect().await;
        // The server may close while we still write.
        stream.write_all(sent).await.ok();
        read_all(&mut stream).await
    }
}

/// Waits long for what should come soon, so that a test that fails ends.
pub async fn read_all(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let reading = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes));
    reading.await.expect("the server closes the connection").ok();
    String::from_utf8(bytes).unwrap()
}

pub fn get(path: &str, last: bool) -> Vec<u8> {
    let closing = if last { "connection: close\r\n" } else { "" };
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{closing}\r\n").into_bytes()
}
