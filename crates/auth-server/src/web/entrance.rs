//! The way into an authorization server, around all routes.
//!
//! 1. The host and the longest issuer path that the request's path starts with name the server; the base path is taken
//!    off, so that routes are written once for all servers.
//! 2. Documents that everybody fetches are answered here: they are the same for all, and nothing else is looked at.
//! 3. Everything else goes to the routes, with what is known of the request beside it.
//! 4. Every answer gets its headers, also where no server is, and its line in the log.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use auth_store::audit::Origin;
use axum::Router;
use axum::extract::Request;
use axum::http::{Method, Uri};
use axum::response::Response;
use futures::future::{BoxFuture, Either, Ready, ready};
use telemetry::metrics::labels::{CalledPart, Part, StatusClass};
use telemetry::request::within;
use tower::{Service, ServiceExt};

use super::access_line::AccessLine;
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
        let line = AccessLine::of(&request);
        let Some((server, rest)) = found else {
            return at_once(state, &request_id, line, nobody_here(state, &request_id, &request));
        };
        // Step 2.
        if *request.method() == Method::GET
            && let Some(document) = discovery::answer(&server, rest, &request_id)
        {
            return at_once(state, &request_id, line, document);
        }
        let Some(uri) = request::with_path(request.uri(), if rest.is_empty() { "/" } else { rest }) else {
            return at_once(state, &request_id, line, nobody_here(state, &request_id, &request));
        };
        let call = Call::new(state, server, request_id.clone(), &request);
        let routed = route(self.clone(), call, uri, request, line);
        Either::Right(Box::pin(within(&request_id, routed)))
    }
}

/// Step 3.
async fn route(entrance: Entrance, call: Call, uri: Uri, mut request: Request, line: AccessLine) -> Answered {
    let Entrance { state, routes } = entrance;
    let begun = Instant::now();
    *request.uri_mut() = uri;
    request.extensions_mut().insert(call.clone());
    let Ok(mut response) = routes.oneshot(request).await;
    call.explain(&mut response);
    // Step 4.
    state.metrics.answered(CalledPart::Auth, response.status().as_u16(), begun.elapsed());
    line.answered(response.status());
    Ok(headers::finish(&call.origin.request_id, call.server.promises_tls(), response))
}

/// Step 4, where nothing is waited for: too short to be timed.
fn at_once(
    state: &AppState,
    request_id: &str,
    line: AccessLine,
    response: Response,
) -> Either<Ready<Answered>, BoxFuture<'static, Answered>> {
    state.metrics.requests.add((Part::Auth, StatusClass::of(response.status().as_u16())));
    line.answered_at_once(request_id, response.status());
    Either::Left(ready(Ok(response)))
}

/// Step 4, where no server is.
fn nobody_here(state: &AppState, request_id: &str, request: &Request) -> Response {
    let headers = request.headers();
    let origin = Origin { remote_address: request::remote_address(state, request), request_id: request_id.to_owned() };
    let unknown = answer::unknown_server(&origin, request::locale(headers), headers);
    headers::finish(&origin.request_id, false, unknown)
}
