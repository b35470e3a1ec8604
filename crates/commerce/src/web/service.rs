//! The steps that no endpoint can forget, outermost first:
//!
//! 1. A request id, the gateway's or a new one, on every problem.
//! 2. `Cache-Control: no-store` where an endpoint says nothing else: answers are for one caller.
//! 3. The guard, for every known URL. Unknown ones are 404, other methods 405 with `Allow`.

use auth_protocol::id::RequestId;
use auth_protocol::problem::Problem;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::header::CACHE_CONTROL;
use http::{HeaderName, HeaderValue};
use resource_guard::{ProblemAnswer, request_id, with_request_id};

use crate::Services;
use crate::web::failure::Failure;
use crate::web::routes::Routes;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

impl Routes {
    /// A service, ready to be called, for callers with access tokens.
    pub(crate) fn guarded(self, services: Services) -> Router {
        let guard = services.guard.layer();
        Self { router: self.router.route_layer(guard), ..self }.unguarded(services)
    }

    /// For the internal address alone.
    pub(crate) fn unguarded(self, services: Services) -> Router {
        self.router
            .fallback(|| async { Failure::NotFound })
            .method_not_allowed_fallback(|| async { method_not_allowed() })
            .layer(from_fn_with_state(services.clone(), around))
            .with_state(services)
    }
}

async fn around(State(services): State<Services>, mut request: Request, next: Next) -> Response {
    let given = request_id(request.headers()).map(str::to_owned);
    let id = given.unwrap_or_else(|| {
        let (millis, random) = services.id_parts();
        let id = RequestId::new(millis, random).to_string();
        if let Ok(header) = HeaderValue::from_str(&id) {
            request.headers_mut().insert(REQUEST_ID, header);
        }
        id
    });
    let mut answer = with_request_id(next.run(request).await, Some(&id));
    answer.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

fn method_not_allowed() -> ProblemAnswer {
    Problem::new(405, "method_not_allowed", "This can not be done here")
        .detail("The header Allow names what can.")
        .into()
}
