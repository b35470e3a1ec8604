use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};

/// What a listener bears now and has refused. Clones tell of the same listener.
#[derive(Clone, Default)]
pub struct Load(Arc<Counted>);

#[derive(Default)]
struct Counted {
    connections: AtomicUsize,
    requests: AtomicUsize,
    refused: AtomicU64,
}

impl Load {
    pub fn connections(&self) -> usize {
        self.0.connections.load(Ordering::Relaxed)
    }

    /// Worked on, or not sent whole.
    pub fn requests(&self) -> usize {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// Requests that were answered 503 because there were too many, since the start.
    pub fn refused(&self) -> u64 {
        self.0.refused.load(Ordering::Relaxed)
    }

    pub(super) fn refuse(&self) -> u64 {
        self.0.refused.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn connected(&self) -> Connected {
        self.0.connections.fetch_add(1, Ordering::Relaxed);
        Connected(self.clone())
    }

    /// A place for a request, unless so many are under way already.
    pub(super) fn enter(&self, most: usize) -> Option<UnderWay> {
        let entered = UnderWay(self.clone());
        let before = self.0.requests.fetch_add(1, Ordering::Relaxed);
        (before < most).then_some(entered)
    }
}

pub(super) struct Connected(Load);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Given back when it is dropped.
pub(super) struct UnderWay(Load);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.requests.fetch_sub(1, Ordering::Relaxed);
    }
}

/// More than this is given away piece by piece, so that what is not sent yet is not counted as sent.
const PIECE: usize = 32 * 1024;

/// The body of an answer: its request is under way until the last piece was taken, since until then it lies in memory.
pub(super) struct Counting {
    body: Body,
    /// Of what the body gave, what was not taken yet.
    rest: Bytes,
    _until_sent: Option<UnderWay>,
}

impl Counting {
    pub(super) fn new(body: Body, until_sent: Option<UnderWay>) -> Self {
        Self { body, rest: Bytes::new(), _until_sent: until_sent }
    }

    fn piece(&mut self) -> Frame<Bytes> {
        let length = self.rest.len().min(PIECE);
        Frame::data(self.rest.split_to(length))
    }
}

impl http_body::Body for Counting {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(self.piece())));
        }
        let frame = match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => frame,
            other => return other,
        };
        match frame.into_data() {
            Ok(data) if data.len() > PIECE => {
                self.rest = data;
                Poll::Ready(Some(Ok(self.piece())))
            }
            Ok(data) => Poll::Ready(Some(Ok(Frame::data(data)))),
            Err(frame) => Poll::Ready(Some(Ok(frame))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, mut hint) = (self.rest.len() as u64, self.body.size_hint());
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(hint.lower() + rest);
        hint
    }
}
