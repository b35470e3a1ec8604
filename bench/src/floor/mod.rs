//! The floors: for each operation a route that does only what no implementation can leave out, on the same HTTP stack.
//!
//! | operation | work |
//! | --- | --- |
//! | `/empty` | an HTTP exchange |
//! | discovery, key set | the same bytes as Linden's, from memory |
//! | client credentials | parse the form, compare the secret's SHA-256 in constant time, sign a token of the same claims, ES256 or RS256 |
//! | `/hash` | one Argon2id hash, on a thread that keeps its memory |
//! | sign-in | redirect, form page, one hash, a durable commit, the code's redemption in another, two signatures |
//!
//! Addresses are Linden's own, so that one driver drives both.

pub mod claims;
mod client_credentials;
mod hashing;
mod sign_in;
pub mod signing;
mod static_json;
mod store;

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use clap::Args;

use hashing::Hashing;
use signing::{RsaSigner, Signer};
use store::Store;

#[derive(Debug, Args)]
pub struct FloorOptions {
    /// Where the database is made
    #[arg(long)]
    data_dir: PathBuf,
    /// File with the discovery document to serve
    #[arg(long)]
    discovery: PathBuf,
    /// File with the key set to serve
    #[arg(long)]
    key_set: PathBuf,
}

struct Floor {
    discovery: Bytes,
    key_set: Bytes,
    secret_hash: [u8; 32],
    signer: Signer,
    /// Made when it is first asked for: most runs do not need it.
    rsa_signer: LazyLock<Option<RsaSigner>>,
    hashing: Hashing,
    store: Store,
}

pub async fn run(options: FloorOptions) -> Result<()> {
    let floor = Arc::new(Floor {
        discovery: std::fs::read(&options.discovery)?.into(),
        key_set: std::fs::read(&options.key_set)?.into(),
        secret_hash: signing::sha256(crate::shop::SERVICE_SECRET.as_bytes()),
        signer: Signer::generate()?,
        rsa_signer: LazyLock::new(RsaSigner::generate),
        hashing: Hashing::start()?,
        store: Store::open(&options.data_dir)?,
    });
    let router = Router::new()
        .route("/empty", get(StatusCode::OK))
        .route("/auth/.well-known/openid-configuration", get(static_json::discovery))
        .route("/auth/oauth/jwks", get(static_json::key_set))
        .route("/auth/oauth/authorize", get(sign_in::authorize))
        .route("/auth/login", get(sign_in::page).post(sign_in::submit))
        .route("/auth/oauth/token", post(token))
        .route("/hash", get(hash))
        .with_state(floor);
    crate::serving::serve(router).await
}

async fn token(State(floor): State<Arc<Floor>>, body: Bytes) -> Response {
    let parameters = Form::read(&body);
    let answered = match parameters.get("grant_type") {
        "client_credentials" => client_credentials::issue(&floor, &parameters),
        _ => sign_in::redeem(&floor, &parameters).await,
    };
    answered.unwrap_or_else(|| StatusCode::BAD_REQUEST.into_response())
}

async fn hash(State(floor): State<Arc<Floor>>) -> StatusCode {
    match floor.hashing.hash(crate::shop::PASSWORD.to_owned()).await {
        Some(_) => StatusCode::OK,
        None => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Parameters of a form body or a query.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(bytes: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(bytes).into_owned().collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}
