use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use super::Floor;

pub async fn discovery(State(floor): State<Arc<Floor>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], floor.discovery.clone())
}

pub async fn key_set(State(floor): State<Arc<Floor>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], floor.key_set.clone())
}
