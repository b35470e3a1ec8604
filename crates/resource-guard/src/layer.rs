use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use tower::{Layer, Service};

use crate::{Caller, Guard, ProblemAnswer, with_request_id};

/// Verifies the token of every request before the service sees it, and leaves [`Caller`] and
/// [`ContextRequest`](crate::ContextRequest) for the extractors. Problems on the way out get the request's id.
#[derive(Debug, Clone)]
pub struct GuardLayer {
    guard: Guard,
}

impl GuardLayer {
    pub(crate) fn new(guard: Guard) -> Self {
        Self { guard }
    }
}

impl<S> Layer<S> for GuardLayer {
    type Service = GuardService<S>;

    fn layer(&self, inner: S) -> GuardService<S> {
        GuardService { guard: self.guard.clone(), inner }
    }
}

#[derive(Debug, Clone)]
pub struct GuardService<S> {
    guard: Guard,
    inner: S,
}

impl<S> Service<Request> for GuardService<S>
where
    S: Service<Request> + Clone + Send + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let guard = self.guard.clone();
        // The one that is ready goes with the request; a fresh copy waits for the next.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            let headers = request.headers().clone();
            match Caller::of_request(&guard, &headers).await {
                Ok((caller, context)) => {
                    request.extensions_mut().insert(caller);
                    request.extensions_mut().insert(context);
                    Ok(with_request_id(inner.call(request).await?, &headers))
                }
                Err(refusal) => Ok(with_request_id(ProblemAnswer::from(refusal), &headers)),
            }
        })
    }
}
