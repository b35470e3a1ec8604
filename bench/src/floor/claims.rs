//! The same claims as Linden's tokens have, by name and size.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::shop::{API_AUDIENCE, ISSUER, SERVICE_PERMISSIONS, SERVICE_SCOPE, STOREFRONT, STOREFRONT_SCOPE};

const LIFETIME: u64 = 300;
const HARD_END: u64 = 12 * 60 * 60;
/// As long as an identifier's text.
pub const SOME_ID: &str = "01JD0000000000000000000000";

#[derive(Serialize)]
pub struct AccessToken<'a> {
    iss: &'a str,
    aud: [&'a str; 2],
    exp: u64,
    iat: u64,
    nbf: u64,
    jti: &'a str,
    sub: &'a str,
    client_id: &'a str,
    scope: &'a str,
    authorities: &'a [&'a str],
    tenant_id: &'a str,
    application_id: &'a str,
    #[serde(flatten)]
    user: Option<User<'a>>,
}

#[derive(Serialize)]
pub struct User<'a> {
    sid: &'a str,
    gid: &'a str,
    max: u64,
    user_id: &'a str,
    username: &'a str,
    full_name: &'a str,
    email_address: &'a str,
    user_type: &'a str,
    customer_id: &'a str,
    customer_context_ids: [&'a str; 1],
}

#[derive(Serialize)]
pub struct IdToken<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: u64,
    iat: u64,
    auth_time: u64,
    sid: &'a str,
    acr: &'a str,
    amr: [&'a str; 1],
    at_hash: &'a str,
    nonce: &'a str,
}

#[derive(Serialize)]
pub struct TokenResponse<'a> {
    pub access_token: String,
    pub token_type: &'a str,
    pub expires_in: u64,
    pub scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    #[serde(flatten)]
    pub user: Option<User<'a>>,
}

pub fn of_client<'a>(client_id: &'a str, jti: &'a str) -> AccessToken<'a> {
    AccessToken { sub: client_id, client_id, scope: SERVICE_SCOPE, ..access_token(jti, None) }
}

pub fn access_token<'a>(jti: &'a str, user: Option<User<'a>>) -> AccessToken<'a> {
    let now = now();
    AccessToken {
        iss: ISSUER,
        aud: [API_AUDIENCE, ISSUER],
        exp: now + LIFETIME,
        iat: now,
        nbf: now,
        jti,
        sub: SOME_ID,
        client_id: STOREFRONT,
        scope: STOREFRONT_SCOPE,
        authorities: &[SERVICE_PERMISSIONS[0], SERVICE_PERMISSIONS[1], SERVICE_SCOPE],
        tenant_id: SOME_ID,
        application_id: SOME_ID,
        user,
    }
}

pub fn user() -> User<'static> {
    User {
        sid: SOME_ID,
        gid: SOME_ID,
        max: now() + HARD_END,
        user_id: SOME_ID,
        username: "shopper-1",
        full_name: "Shopper Example",
        email_address: "shopper-1@shop.example",
        user_type: "CUSTOMER",
        customer_id: SOME_ID,
        customer_context_ids: [SOME_ID],
    }
}

pub fn id_token<'a>(at_hash: &'a str, nonce: &'a str) -> IdToken<'a> {
    let now = now();
    IdToken {
        iss: ISSUER,
        sub: SOME_ID,
        aud: STOREFRONT,
        exp: now + LIFETIME,
        iat: now,
        auth_time: now,
        sid: SOME_ID,
        acr: "urn:linden:acr:password",
        amr: ["pwd"],
        at_hash,
        nonce,
    }
}

#[allow(clippy::disallowed_methods, reason = "a floor has no clock but the machine's")]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
