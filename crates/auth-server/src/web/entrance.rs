//! The way into an authorization server, around all routes.
//!
//! 1. The host and the longest issuer path that the request's path starts with name the server; the base path is taken
//!    off, so that routes are written once for all servers.
//! 2. Documents that everybody fetches are answered here: they are the same for all, and nothing else is looked at.
//! 3. Everything else goes to the routes, with what is known of the request beside it.
//! 4. Every answer gets its headers, also where no server is.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use auth_store::audit::Origin;
use axum::Router;
use axum::extract::Request;
use axum::http::{Method, Uri};
use axum::response::Response;
use futures::future::{BoxFuture, Either, Ready, ready};
use tower::{Service, ServiceExt};

use super::request::{self, Call};
use super::{answer, headers};
use crate::discovery;
use crate::state::AppState;

#[derive(Clone)]
pub struct Entrance {
    pub state: Arc<AppState>,
    pub routes: Router,
}

type Answered = Result<Response, Infallible>;

impl Service<Request> for Entrance {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Answered>, BoxFuture<'static, Answered>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let state = &self.state;
        // Step 1.
        let path = request::behind_issuer(request.uri().path());
        let found = state.directory.find(request::host(state, &request), &path);
        let request_id = request::request_id(state, &request);
        let Some((server, rest)) = found else {
            return Either::Left(ready(Ok(nobody_here(state, request_id, &request))));
        };
        // Step 2.
        if *request.method() == Method::GET
            && let Some(document) = discovery::answer(&server, rest, &request_id)
        {
            return Either::Left(ready(Ok(document)));
        }
        let Some(uri) = request::with_path(request.uri(), if rest.is_empty() { "/" } else { rest }) else {
            return Either::Left(ready(Ok(nobody_here(state, request_id, &request))));
        };
        let call = Call::new(state, server, request_id, &request);
        Either::Right(Box::pin(route(self.routes.clone(), call, uri, request)))
    }
}

/// Step 3.
async fn route(routes: Router, call: Call, uri: Uri, mut request: Request) -> Answered {
    *request.uri_mut() = uri;
    request.extensions_mut().insert(call.clone());
    let Ok(mut response) = routes.oneshot(request).await;
    call.explain(&mut response);
    // Step 4.
    Ok(headers::finish(&call.origin.request_id, call.server.promises_tls(), response))
}

/// Step 4, where no server is.
fn nobody_here(state: &AppState, request_id: String, request: &Request) -> Response {
    let headers = request.headers();
    let origin = Origin { remote_address: request::remote_address(state, request), request_id };
    let unknown = answer::unknown_server(&origin, request::locale(headers), headers);
    headers::finish(&origin.request_id, false, unknown)
}
