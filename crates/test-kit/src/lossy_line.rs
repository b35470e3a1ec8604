//! A line on which an answer is lost when it hurts most: after all was done that it tells of.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

/// Passes everything on. Once armed, the answer to the next message that holds the word is swallowed and both sides are cut.
pub struct LossyLine {
    pub port: u16,
    /// Messages with the word until the one whose answer is lost; none when 0.
    left: Arc<AtomicUsize>,
    _listening: AbortOnDropHandle<()>,
}

impl LossyLine {
    /// To a port of this machine. Every message holds the empty word.
    pub async fn to(server: u16, word: &'static str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let left = Arc::new(AtomicUsize::new(0));
        let of_line = Arc::clone(&left);
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { continue };
                tokio::spawn(pass(client, server, word, Arc::clone(&of_line)));
            }
        });
        Ok(Self { port, left, _listening: AbortOnDropHandle::new(listening) })
    }

    pub fn arm(&self) {
        self.arm_for(1);
    }

    /// For the second such message, or a later one.
    pub fn arm_for(&self, number: usize) {
        self.left.store(number, Ordering::SeqCst);
    }

    /// Until the message comes.
    pub fn is_armed(&self) -> bool {
        self.left.load(Ordering::SeqCst) > 0
    }
}

async fn pass(mut client: TcpStream, mut server: TcpStream, word: &str, left: Arc<AtomicUsize>) -> std::io::Result<()> {
    let (mut asked, mut answered) = ([0; 16_384], [0; 16_384]);
    let mut cut = false;
    let holds = |message: &[u8]| word.is_empty() || message.windows(word.len()).any(|part| part == word.as_bytes());
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let message = &asked[..read?];
                if message.is_empty() {
                    return Ok(());
                }
                cut |= holds(message) && counted_down(&left) == Ok(1);
                server.write_all(message).await?;
            }
            read = server.read(&mut answered) => {
                let message = &answered[..read?];
                if message.is_empty() || cut {
                    return Ok(());
                }
                client.write_all(message).await?;
            }
        }
    }
}

/// What it was.
fn counted_down(left: &AtomicUsize) -> Result<usize, usize> {
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
}
