use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use tower::{Layer, Service};

use crate::{Caller, Guard, request_id, with_request_id};

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

    fn call(&mut self, request: Request) -> Self::Future {
        let guard = self.guard.clone();
        // The one that is ready goes with the request; a fresh copy waits for the next.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let id = request_id(&parts.headers).map(str::to_owned);
            match Caller::of_request(&guard, &parts.headers).await {
                Ok((caller, context)) => {
                    parts.extensions.insert(caller);
                    parts.extensions.insert(context);
                    let answer = inner.call(Request::from_parts(parts, body)).await?;
                    Ok(with_request_id(answer, id.as_deref()))
                }
                Err(refusal) => Ok(with_request_id(refusal, id.as_deref())),
            }
        })
    }
}
