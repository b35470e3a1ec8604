use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// A connection that ends when nothing happens on it: the first request must be there some time after it began, and
/// later neither side may stand still for longer than `idle`. That bounds what HTTP's own time-outs leave open: peers
/// that do not read their answer, drip a body, or keep a connection for nothing.
pub(super) struct Timed<S> {
    stream: S,
    has_begun: Begun,
    /// When the first request must be there.
    first: Instant,
    last_byte: Instant,
    idle: Duration,
    timer: Pin<Box<Sleep>>,
}

/// Whether a first request arrived.
#[derive(Clone, Default)]
pub(super) struct Begun(Arc<AtomicBool>);

impl Begun {
    pub(super) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<S> Timed<S> {
    pub(super) fn new(stream: S, has_begun: Begun, first: Duration, idle: Duration) -> Self {
        let now = Instant::now();
        let first = now + first;
        Self { stream, has_begun, first, last_byte: now, idle, timer: Box::pin(sleep_until(first)) }
    }

    fn due(&self) -> Instant {
        if self.has_begun.0.load(Ordering::Relaxed) { self.last_byte + self.idle } else { self.first }
    }

    /// After a step that moved bytes, or did not.
    fn judge<T>(&mut self, context: &mut Context<'_>, step: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if step.is_ready() {
            self.last_byte = Instant::now();
            return step;
        }
        while self.timer.as_mut().poll(context).is_ready() {
            let due = self.due();
            if due <= Instant::now() {
                return Poll::Ready(Err(io::Error::new(ErrorKind::TimedOut, "nothing happened on the connection")));
            }
            self.timer.as_mut().reset(due);
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let step = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.judge(context, step)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let step = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, step)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let step = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.judge(context, step)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
