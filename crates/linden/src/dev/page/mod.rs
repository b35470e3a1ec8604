//! `/dev`: what goes on in the shop, for whoever develops with it. Wired in `linden dev` alone, and answered to this
//! machine alone.
//!
//! 1. `recorder` keeps the last requests with their decisions: each part of the shop adds why it refused one.
//! 2. `access` lets in requests of this machine to the shop's own address; everybody else finds nothing here.
//! 3. `state` gathers users, clients, sessions and requests.
//! 4. It is told as a page without scripts, or as JSON.

mod access;
mod recorder;
mod state;
mod view;

use std::sync::Arc;

use auth_core::time::Timestamp;
use auth_protocol::problem::{CONTENT_TYPE, Problem};
use auth_server::environment::{Clock, SystemClock};
use auth_store::Database;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{HeaderName, HeaderValue, StatusCode, header};

pub use access::is_of_this_machine as is_shown;
pub use recorder::Recorder;

use crate::request_id;

/// The shop's own address, and what is to be told there.
pub struct DevPage {
    pub origin: String,
    pub auth: Database,
    pub recorder: Recorder,
    /// User names with the passwords that the demo declares.
    pub demo_passwords: Vec<(String, String)>,
}

/// Puts the page before the shop, if it may be shown at all: the shop's address must be one of this machine alone.
pub fn before(page: DevPage, shop: Router) -> Router {
    let shop = page.recorder.around(shop);
    if !access::is_of_this_machine(&page.origin) {
        return shop;
    }
    let page = Arc::new(page);
    let pages = Router::new()
        .route("/dev", any(show))
        .route("/dev/state.json", any(show_json))
        .route("/dev/style.css", any(style))
        .layer(from_fn_with_state(Arc::clone(&page), guarded))
        .with_state(page);
    pages.fallback_service(shop)
}

async fn show(State(page): State<Arc<DevPage>>, request: Request) -> Response {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("text/html");
    if accept.contains("application/json") && !accept.contains("text/html") {
        return show_json(State(page)).await;
    }
    match state::gather(&page, now()).await {
        Ok(state) => view::html(&state).into_response(),
        Err(error) => unavailable(&error),
    }
}

async fn show_json(State(page): State<Arc<DevPage>>) -> Response {
    match state::gather(&page, now()).await {
        Ok(state) => axum::Json(state).into_response(),
        Err(error) => unavailable(&error),
    }
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], view::STYLE).into_response()
}

fn now() -> Timestamp {
    SystemClock.now()
}

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CACHE_CONTROL, "no-store"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

async fn guarded(State(page): State<Arc<DevPage>>, request: Request, next: Next) -> Response {
    let mut response = match access::is_allowed(&request, &page.origin) {
        true => next.run(request).await,
        false => problem(Problem::new(404, "not_found", "Nothing is served here")),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn unavailable(error: &auth_store::Error) -> Response {
    tracing::error!(?error, "the state of the shop could not be read");
    problem(Problem::new(503, "unavailable", "The state of the shop cannot be read at the moment"))
}

/// Like every problem it names its request, though no part has seen that.
fn problem(mut problem: Problem) -> Response {
    let id = request_id::new();
    problem.request_id = Some(id.clone());
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, axum::Json(&problem)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    request_id::name(&mut response, &id);
    response
}
