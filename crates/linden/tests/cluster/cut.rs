//! A line that can be cut: bytes go both ways, until the next answer is swallowed with all its connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

pub struct Cut {
    pub origin: String,
    armed: Arc<AtomicBool>,
    _accepting: AbortOnDropHandle<()>,
}

impl Cut {
    /// Stands before a plain HTTP origin.
    pub async fn before(origin: &str) -> Self {
        let target = origin.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let armed = Arc::new(AtomicBool::new(false));
        let accepting = tokio::spawn(accept(listener, target, Arc::clone(&armed)));
        Self { origin: format!("http://localhost:{port}"), armed, _accepting: AbortOnDropHandle::new(accepting) }
    }

    /// From now on nothing comes back, and whoever waits for an answer loses the line when there is one.
    pub fn next_answer(&self) {
        self.armed.store(true, Ordering::SeqCst);
    }
}

async fn accept(listener: TcpListener, target: String, armed: Arc<AtomicBool>) {
    while let Ok((near, _)) = listener.accept().await {
        let Ok(far) = TcpStream::connect(&target).await else { continue };
        let armed = Arc::clone(&armed);
        tokio::spawn(async move {
            let (mut near_in, mut near_out) = near.into_split();
            let (mut far_in, mut far_out) = far.into_split();
            let asking = AbortOnDropHandle::new(tokio::spawn(async move { copy(&mut near_in, &mut far_out).await }));
            let mut bytes = vec![0; 16 * 1024];
            while let Ok(read @ 1..) = far_in.read(&mut bytes).await {
                if armed.load(Ordering::SeqCst) || near_out.write_all(&bytes[..read]).await.is_err() {
                    break;
                }
            }
            drop(asking);
        });
    }
}
