use std::path::PathBuf;

use anyhow::Result;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use bytes::Bytes;
use clap::Args;
use serde_json::json;

use crate::floor::claims::SOME_ID;
use crate::shop;

#[derive(Debug, Args)]
pub struct UpstreamOptions {
    /// File with the key set to serve
    #[arg(long)]
    key_set: PathBuf,
}

pub async fn run(options: UpstreamOptions) -> Result<()> {
    let key_set: Bytes = std::fs::read(&options.key_set)?.into();
    let application = json!({
        "id": SOME_ID,
        "tenantId": SOME_ID,
        "customerContextId": SOME_ID,
        "issuer": shop::ISSUER,
        "gatewayClientId": shop::SERVICE,
    });
    let host = json!({ "issuers": [shop::ISSUER], "origins": [], "contextPaths": [], "takesParameter": false });
    let guest = json!({ "access_token": "guest", "token_type": "Bearer", "expires_in": 86_400 });
    let list = json!({ "id": SOME_ID, "name": "wishlist", "items": [], "createdAt": "2026-11-01T00:00:00Z" });
    let lists = json!({ "content": [list.clone(), list], "cursor": null });
    let router = Router::new()
        .route("/internal/applications/resolve", get(answer(application)))
        .route("/internal/generation", get(answer(json!({ "generation": 1 }))))
        .route("/internal/hosts", get(answer(host)))
        .route("/auth/oauth/token", post(answer(guest)))
        .route("/auth/oauth/jwks", get(json_of(key_set)))
        .fallback(answer(lists));
    crate::serving::serve(router).await
}

fn answer(value: serde_json::Value) -> impl Fn() -> std::future::Ready<axum::response::Response> + Clone {
    json_of(value.to_string().into())
}

fn json_of(bytes: Bytes) -> impl Fn() -> std::future::Ready<axum::response::Response> + Clone {
    move || std::future::ready(([(CONTENT_TYPE, "application/json")], bytes.clone()).into_response())
}
