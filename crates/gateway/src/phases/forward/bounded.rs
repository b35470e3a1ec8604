use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// How far a request's body got. It outlives the body, which the connection takes with it when it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Progress {
    UnderWay = 0,
    Whole = 1,
    /// More bytes than are allowed.
    TooLarge = 2,
    /// A pause, or all of it, took too long.
    TooSlow = 3,
    /// The sender went away, or sent what is no body.
    BrokenOff = 4,
}

#[derive(Clone)]
pub struct Watch(Option<Arc<AtomicU8>>);

impl Watch {
    /// Of a request without a body.
    pub fn of_no_body() -> Self {
        Self(None)
    }

    pub fn progress(&self) -> Progress {
        match self.0.as_ref().map(|progress| progress.load(Ordering::Relaxed)) {
            Some(0) => Progress::UnderWay,
            None | Some(1) => Progress::Whole,
            Some(2) => Progress::TooLarge,
            Some(3) => Progress::TooSlow,
            Some(_) => Progress::BrokenOff,
        }
    }

    fn note(&self, progress: Progress) {
        if let Some(noted) = &self.0 {
            noted.store(progress as u8, Ordering::Relaxed);
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum BodyError {
    #[error("the body is larger than allowed")]
    TooLarge,
    #[error("the body came too slowly")]
    TooSlow,
    #[error("the body broke off")]
    BrokenOff(#[source] axum::BoxError),
}

#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub bytes: u64,
    /// Between two pieces.
    pub pause: Duration,
    /// `None` for a body that may go on for as long as it does.
    pub whole: Option<Duration>,
}

/// A body that streams on piece by piece, within bounds. Time runs only while a piece is waited for.
pub struct Bounded<B> {
    body: B,
    watch: Watch,
    left: u64,
    bounds: Bounds,
    /// When it must have come as a whole; counted from when it is first waited for.
    end: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
    waiting: bool,
}

impl<B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Unpin> Bounded<B> {
    pub fn new(body: B, bounds: Bounds) -> Self {
        Self { body, watch: Watch(None), left: bounds.bytes, bounds, end: None, timer: None, waiting: false }
    }

    /// With somebody who wants to know how far it got.
    pub fn watched(body: B, bounds: Bounds) -> (Self, Watch) {
        let watch = Watch(Some(Arc::default()));
        (Self { watch: watch.clone(), ..Self::new(body, bounds) }, watch)
    }

    fn is_too_slow(&mut self, context: &mut Context<'_>) -> bool {
        if !self.waiting {
            self.waiting = true;
            let now = Instant::now();
            self.end = self.end.or_else(|| Some(now + self.bounds.whole?));
            let paused = now + self.bounds.pause;
            let due = self.end.map_or(paused, |end| end.min(paused));
            match &mut self.timer {
                Some(timer) => timer.as_mut().reset(due),
                None => self.timer = Some(Box::pin(sleep_until(due))),
            }
        }
        self.timer.as_mut().is_some_and(|timer| timer.as_mut().poll(context).is_ready())
    }

    fn broken(&self, progress: Progress, error: BodyError) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.watch.note(progress);
        Poll::Ready(Some(Err(axum::Error::new(error))))
    }
}

impl<B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Unpin> HttpBody for Bounded<B> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if polled.is_ready() {
            self.waiting = false;
        }
        match polled {
            Poll::Pending if self.is_too_slow(context) => self.broken(Progress::TooSlow, BodyError::TooSlow),
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Err(error))) => self.broken(Progress::BrokenOff, BodyError::BrokenOff(error.into())),
            Poll::Ready(None) => {
                self.watch.note(Progress::Whole);
                Poll::Ready(None)
            }
            Poll::Ready(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, |data| data.remaining() as u64);
                let Some(left) = self.left.checked_sub(bytes) else {
                    return self.broken(Progress::TooLarge, BodyError::TooLarge);
                };
                self.left = left;
                if self.body.is_end_stream() {
                    self.watch.note(Progress::Whole);
                }
                Poll::Ready(Some(Ok(frame)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
