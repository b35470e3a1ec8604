use anyhow::{Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answer::{Answer, Extent};

/// A server, and the host that it is asked for.
#[derive(Debug, Clone)]
pub struct Target {
    /// `127.0.0.1:PORT`.
    pub address: String,
    pub host: String,
}

impl Target {
    pub fn get(&self, path: &str, headers: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept: */*\r\n{headers}\r\n", self.host)
    }

    pub fn post(&self, path: &str, headers: &str, form: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\naccept: */*\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n{headers}\r\n{form}",
            self.host,
            form.len()
        )
    }
}

/// HTTP/1.1 over one connection that is kept, one request at a time.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    pub async fn open(target: &Target) -> Result<Self> {
        let stream = TcpStream::connect(&target.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(16 * 1024) })
    }

    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        let extent = self.send(request).await?;
        Ok(Answer::new(&extent, &self.received))
    }

    /// For an answer of which only the status counts.
    pub async fn status(&mut self, request: &[u8]) -> Result<u16> {
        Ok(self.send(request).await?.status)
    }

    async fn send(&mut self, request: &[u8]) -> Result<Extent> {
        self.received.clear();
        self.stream.write_all(request).await?;
        let mut extent = None;
        loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                bail!("the connection was closed");
            }
            if extent.is_none() {
                extent = Extent::read(&self.received)?;
            }
            match extent.take() {
                Some(whole) if self.received.len() == whole.head + whole.body => return Ok(whole),
                Some(more) if self.received.len() > more.head + more.body => bail!("more than one answer came"),
                waiting => extent = waiting,
            }
        }
    }
}
