use std::sync::OnceLock;

use arc_swap::ArcSwapOption;
use auth_protocol::id::{ApplicationId, CustomerContextId, TenantId};
use http::HeaderValue;
use serde::Deserialize;
use serde_json::Value;

use crate::phases::guest_token::Kept;

/// What the tenant service says of an application; the gateway's own view of its answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    pub id: ApplicationId,
    pub tenant_id: TenantId,
    pub customer_context_id: CustomerContextId,
    pub issuer: String,
    pub gateway_client_id: String,
    /// Origins of storefronts elsewhere that may call the services.
    #[serde(default)]
    pub origins: Vec<String>,
    /// The storefront's `/config.json`.
    #[serde(default)]
    pub storefront: Value,
    /// Whom a service is asked for when nobody acts for an account; made when it is first needed.
    #[serde(skip)]
    pub(crate) context: OnceLock<Option<HeaderValue>>,
    /// The token that its guests were last given.
    #[serde(skip)]
    pub(crate) guest: ArcSwapOption<Kept>,
}

/// Host and path of an issuer: `https://shop.example/auth` is `shop.example` and `/auth`.
pub(crate) fn issuer_place(issuer: &str) -> (&str, &str) {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    match rest.find('/') {
        Some(end) => (&rest[..end], rest[end..].trim_end_matches('/')),
        None => (rest, ""),
    }
}

pub(crate) fn issuer_scheme(issuer: &str) -> &str {
    issuer.split_once("://").map_or("https", |(scheme, _)| scheme)
}

/// `https://shop.example` of an issuer.
pub(crate) fn issuer_origin(issuer: &str) -> &str {
    let start = issuer.find("://").map_or(0, |place| place + 3);
    let end = issuer[start..].find('/').map_or(issuer.len(), |place| start + place);
    &issuer[..end]
}
