use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, extract::State};
use http::{HeaderValue, StatusCode, header};

use super::Readiness;

/// The text format of Prometheus.
const METRICS: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// What `/healthz` says.
pub const HEALTHY: &str = "ok\n";

/// What operators' programs ask, apart from what the public asks:
/// `/healthz` is true while the process can answer, `/readyz` while requests are well sent here, `/metrics` is a text.
pub fn management(readiness: Arc<Readiness>, metrics: impl Fn() -> String + Clone + Send + Sync + 'static) -> Router {
    let metrics = get(async move || ([(header::CONTENT_TYPE, METRICS)], metrics()));
    Router::new()
        .route("/healthz", get(async || HEALTHY))
        .route("/readyz", get(ready).with_state(readiness))
        .route("/metrics", metrics)
        .fallback(async || (StatusCode::NOT_FOUND, "here are /healthz, /readyz and /metrics\n"))
}

async fn ready(State(readiness): State<Arc<Readiness>>) -> Response {
    let report = readiness.report().await;
    let status = if report.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(report)).into_response()
}
