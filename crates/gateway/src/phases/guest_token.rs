//! Guests call with the token of the application's own gateway client.
//!
//! 1. Fetched by client credentials, never a user's; kept by application until shortly before it expires.
//! 2. One fetch at a time, however many ask.
//! 3. `Bearer` and `DPoP` authorization, even a bad one, is passed on untouched. Other schemes are no identity here: they
//!    are taken off, and the guest's token is added.

use std::sync::Arc;

use auth_protocol::id::ApplicationId;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::BodyExt;
use moka::future::Cache;
use serde::Deserialize;

use crate::Application;
use crate::application::{issuer_origin, issuer_place};
use crate::upstream::Client;

/// A token is fetched anew when less of its life is left than this.
const EARLY_SECONDS: i64 = 30;
const LARGEST_ANSWER: usize = 64 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub enum Presented {
    /// A caller's own token.
    Own(String),
    /// Nobody's: the guest's token is to be added.
    None,
    /// Two at once.
    Ambiguous,
}

pub fn presented(headers: &HeaderMap) -> Presented {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    match (all.next(), all.next()) {
        (None, _) => Presented::None,
        (Some(_), Some(_)) => Presented::Ambiguous,
        (Some(value), None) => {
            let value = String::from_utf8_lossy(value.as_bytes());
            let (scheme, token) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
            match scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("dpop") {
                true => Presented::Own(token.trim().to_owned()),
                false => Presented::None,
            }
        }
    }
}

#[derive(Debug, Clone, thiserror::Error)]
#[error("no guest token: {0}")]
pub struct GuestTokenError(String);

struct GuestToken {
    authorization: HeaderValue,
    fresh_until: i64,
}

pub struct GuestTokens {
    client: Client,
    auth: String,
    secret_of: Arc<dyn Fn(&str) -> Option<String> + Send + Sync>,
    clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    kept: Cache<ApplicationId, Arc<GuestToken>>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: i64,
}

impl GuestTokens {
    pub fn new(
        client: Client,
        auth: String,
        secret_of: Arc<dyn Fn(&str) -> Option<String> + Send + Sync>,
        clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    ) -> Self {
        Self { client, auth, secret_of, clock, kept: Cache::new(10_000) }
    }

    /// The `Authorization` header of a guest of this application.
    pub async fn authorization(&self, application: &Application) -> Result<HeaderValue, GuestTokenError> {
        if let Some(kept) = self.kept.get(&application.id).await {
            if (self.clock)() < kept.fresh_until {
                return Ok(kept.authorization.clone());
            }
            self.kept.invalidate(&application.id).await;
        }
        let fetched = self.kept.try_get_with(application.id, self.fetch(application)).await;
        fetched.map(|token| token.authorization.clone()).map_err(|error| (*error).clone())
    }

    async fn fetch(&self, application: &Application) -> Result<Arc<GuestToken>, GuestTokenError> {
        let failed = |why: &dyn std::fmt::Display| GuestTokenError(why.to_string());
        let id = &application.gateway_client_id;
        let secret = (self.secret_of)(id).ok_or_else(|| failed(&"the gateway has no secret for its client"))?;
        let (host, path) = issuer_place(&application.issuer);
        let scheme = issuer_origin(&application.issuer).split("://").next().unwrap_or("https");
        let request = Request::post(format!("http://{}{path}/oauth/token", self.auth))
            .header("x-forwarded-host", host)
            .header("x-forwarded-proto", scheme)
            .header(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("grant_type=client_credentials"))
            .map_err(|error| failed(&error))?;
        let response = self.client.send(request).await.map_err(|error| failed(&error))?;
        if response.status() != StatusCode::OK {
            return Err(failed(&format!("the authorization server answered {}", response.status())));
        }
        let body = http_body_util::Limited::new(response.into_body(), LARGEST_ANSWER);
        let bytes = body.collect().await.map_err(|error| failed(&error))?.to_bytes();
        let answer: TokenAnswer = serde_json::from_slice(&bytes).map_err(|error| failed(&error))?;
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {}", answer.access_token)).map_err(|error| failed(&error))?;
        authorization.set_sensitive(true);
        let life = answer.expires_in - EARLY_SECONDS.min(answer.expires_in / 2);
        Ok(Arc::new(GuestToken { authorization, fresh_until: (self.clock)() + life }))
    }
}
