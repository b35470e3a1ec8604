use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::DuplexStream;
use tokio::net::TcpStream;
use tower::Service;

use super::MemoryRegistry;

#[derive(Clone)]
pub(super) struct Connector {
    memory: MemoryRegistry,
    network: HttpsConnector<HttpConnector>,
}

impl Connector {
    /// `authorities` may vouch for upstreams; the public ones when there are none.
    pub(super) fn new(memory: MemoryRegistry, authorities: Option<RootCertStore>) -> io::Result<Self> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(Duration::from_secs(5)));
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let builder = match authorities {
            None => HttpsConnectorBuilder::new().with_provider_and_webpki_roots(provider).map_err(io::Error::other)?,
            Some(authorities) => {
                let config = ClientConfig::builder_with_provider(Arc::new(provider))
                    .with_safe_default_protocol_versions()
                    .map_err(io::Error::other)?
                    .with_root_certificates(authorities)
                    .with_no_client_auth();
                HttpsConnectorBuilder::new().with_tls_config(config)
            }
        };
        let network = builder.https_or_http().enable_http1().wrap_connector(tcp);
        Ok(Self { memory, network })
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.network.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let in_memory = uri.authority().and_then(|authority| self.memory.connect(authority.as_str()));
        match in_memory {
            Some(stream) => Box::pin(std::future::ready(Ok(Way::Memory(TokioIo::new(stream)).into()))),
            None => {
                let connecting = self.network.call(uri);
                Box::pin(async move { connecting.await.map(|stream| Way::Network(Box::new(stream)).into()) })
            }
        }
    }
}

/// A connection to an upstream. One that answers early and closes makes writing fail while its answer waits to be read:
/// what is written after that is dropped, and reading tells whether there is an answer.
pub(super) struct Stream {
    way: Way,
    is_closed_to_us: bool,
}

enum Way {
    Network(Box<MaybeHttpsStream<TokioIo<TcpStream>>>),
    Memory(TokioIo<DuplexStream>),
}

impl From<Way> for Stream {
    fn from(way: Way) -> Self {
        Self { way, is_closed_to_us: false }
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match &self.way {
            Way::Network(stream) => stream.connected(),
            Way::Memory(_) => Connected::new(),
        }
    }
}

impl Read for Stream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().way {
            Way::Network(stream) => Pin::new(stream).poll_read(context, buffer),
            Way::Memory(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl Stream {
    fn write<T>(
        &mut self,
        done: T,
        step: impl FnOnce(Pin<&mut (dyn Write + Unpin)>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if self.is_closed_to_us {
            return Poll::Ready(Ok(done));
        }
        let written = match &mut self.way {
            Way::Network(stream) => step(Pin::new(stream)),
            Way::Memory(stream) => step(Pin::new(stream)),
        };
        match written {
            Poll::Ready(Err(error)) if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => {
                self.is_closed_to_us = true;
                Poll::Ready(Ok(done))
            }
            written => written,
        }
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.write(bytes.len(), |stream| stream.poll_write(context, bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write((), |stream| stream.poll_flush(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write((), |stream| stream.poll_shutdown(context))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn the_answer_of_one_who_stopped_listening_can_be_read() {
        let (ours, mut theirs) = tokio::io::duplex(1000);
        theirs.write_all(b"no more").await.unwrap();
        drop(theirs);
        let mut stream = TokioIo::new(Stream::from(Way::Memory(TokioIo::new(ours))));
        stream.write_all(&[b'x'; 5000]).await.unwrap();
        stream.flush().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "no more");
    }
}
