use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::{Body, Frame, SizeHint};
use hyper::body::{Bytes, Incoming};
use tokio::time::{Instant, Sleep, sleep_until};

/// Bytes for which a second more is given.
const BYTES_A_SECOND: u64 = 1024;

/// The body of a request, which must come at a pace: whoever drips it byte by byte would keep a place among the requests
/// under way for as long as they like. Only the time counts that the server waits for the next piece.
pub(super) struct Paced {
    body: Incoming,
    received: u64,
    patience: Duration,
    waited: Duration,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Paced {
    pub(super) fn new(body: Incoming, patience: Duration) -> Self {
        Self { body, received: 0, patience, waited: Duration::ZERO, waiting: None }
    }

    fn note(&mut self, frame: &Frame<Bytes>) {
        if let Some((since, _)) = self.waiting.take() {
            self.waited += since.elapsed();
        }
        self.received += frame.data_ref().map_or(0, |data| data.len() as u64);
    }

    fn wait(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let allowed = self.patience + Duration::from_secs(self.received / BYTES_A_SECOND);
        let left = allowed.saturating_sub(self.waited);
        let (_, timer) = self.waiting.get_or_insert_with(|| {
            let now = Instant::now();
            (now, Box::pin(sleep_until(now + left)))
        });
        timer.as_mut().poll(context)
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                self.note(&frame);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => self.wait(context).map(|()| {
                let slow = io::Error::new(ErrorKind::TimedOut, "the body does not come at the least pace");
                Some(Err(slow.into()))
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
