//! The steps that no endpoint can forget, outermost first:
//!
//! 1. A request id, the gateway's or a new one, in every line of the log and on every problem. What others than the gateway
//!    say of that and of the caller's address does not count.
//! 2. `Cache-Control: no-store` where an endpoint says nothing else: answers are for one caller.
//! 3. A line in the log at `info`, with the path alone of the address.
//! 4. The guard, for every known URL. Unknown ones are 404, other methods 405 with `Allow`.

use std::net::SocketAddr;
use std::time::Instant;

use auth_protocol::id::RequestId;
use auth_protocol::problem::Problem;
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::header::CACHE_CONTROL;
use http::{HeaderName, HeaderValue};
use resource_guard::{ProblemAnswer, request_id, with_request_id};
use telemetry::metrics::labels::CalledPart;
use telemetry::request::within;
use tracing::Level;

use crate::Services;
use crate::web::failure::Failure;
use crate::web::routes::Routes;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl Routes {
    /// A service, ready to be called, for callers with access tokens.
    pub(crate) fn guarded(self, services: Services, part: CalledPart) -> Router {
        let guard = services.guard.layer();
        Self { router: self.router.route_layer(guard), ..self }.unguarded(services, part)
    }

    /// For the internal address alone.
    pub(crate) fn unguarded(self, services: Services, part: CalledPart) -> Router {
        self.router
            .fallback(|| async { Failure::NotFound })
            .method_not_allowed_fallback(|| async { method_not_allowed() })
            .layer(from_fn_with_state((services.clone(), part), around))
            .with_state(services)
    }
}

async fn around(State((services, part)): State<(Services, CalledPart)>, mut request: Request, next: Next) -> Response {
    believe_the_gateway_alone(&services, &mut request);
    let given = request_id(request.headers()).map(str::to_owned);
    let id = given.unwrap_or_else(|| {
        let (millis, random) = services.id_parts();
        let id = RequestId::new(millis, random).to_string();
        if let Ok(header) = HeaderValue::from_str(&id) {
            request.headers_mut().insert(REQUEST_ID, header);
        }
        id
    });
    let begun = Instant::now();
    let mut answer = with_request_id(within(&id, answered(part, request, next)).await, Some(&id));
    services.metrics.answered(part, answer.status().as_u16(), begun.elapsed());
    answer.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// What others claim is taken off: they are who they are, and their requests have ids of ours.
fn believe_the_gateway_alone(services: &Services, request: &mut Request) {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    if services.gateway.believes(peer) {
        return;
    }
    let headers = request.headers_mut();
    headers.remove(REQUEST_ID);
    headers.remove(FORWARDED_FOR);
    if let Some(peer) = peer.and_then(|peer| HeaderValue::try_from(peer.to_string()).ok()) {
        headers.insert(FORWARDED_FOR, peer);
    }
}

async fn answered(part: CalledPart, request: Request, next: Next) -> Response {
    // Gateways ask the resolver each second, whether anybody visits or not.
    let is_resolver = part == CalledPart::TenantResolver;
    let is_read = if is_resolver { tracing::enabled!(Level::DEBUG) } else { tracing::enabled!(Level::INFO) };
    let asked = is_read.then(|| (request.method().clone(), request.uri().path().to_owned()));
    let answer = next.run(request).await;
    if let Some((method, path)) = asked {
        let status = answer.status().as_u16();
        match is_resolver {
            true => tracing::debug!(%method, path, status, "answered"),
            false => tracing::info!(%method, path, status, "answered"),
        }
    }
    answer
}

fn method_not_allowed() -> ProblemAnswer {
    Problem::new(405, "method_not_allowed", "This can not be done here")
        .detail("The header Allow names what can.")
        .into()
}
