//! `private_key_jwt`: an assertion that the client signed with a key of its own (RFC 7521 §4.2, RFC 7523 §3, OpenID
//! Connect Core §9).
//!
//! 1. The key is the client's registered one that the assertion's `kid` names; its algorithm is the key's, whatever the
//!    assertion says. While the signature is not certain, nothing is told but that the client was refused.
//! 2. What the assertion says is held against `auth_core::client::AssertionClaims::check`, and the client is told.
//! 3. One insert uses it up, before anything is done for the client.

use auth_core::authorization::Parameters;
use auth_core::client::{ASSERTION_TYPE, AssertionClaims, Client, InvalidAssertion};
use auth_protocol::jws::{PresentedToken, VerifyingKey};
use serde::Deserialize;

use super::{AuthenticationError, refused};
use crate::state::AppState;
use crate::web::request::Call;

/// Endpoints whose address is accepted in `aud` beside the issuer (RFC 9126 §2), under both of their spellings.
const ENDPOINTS: [&str; 4] = ["/oauth/token", "/oauth2/token", "/oauth/par", "/oauth2/par"];

/// The assertion that comes with a request, if any does.
pub(super) fn presented(parameters: &Parameters) -> Result<Option<&str>, AuthenticationError> {
    match (parameters.get("client_assertion"), parameters.get("client_assertion_type")) {
        (None, None) => Ok(None),
        (Some(assertion), Some(ASSERTION_TYPE)) => Ok(Some(assertion)),
        (Some(_), Some(_)) => Err(AuthenticationError::AssertionType),
        (Some(_), None) => Err(AuthenticationError::Malformed("client_assertion_type is missing")),
        (None, Some(_)) => Err(AuthenticationError::Malformed("client_assertion is missing")),
    }
}

#[derive(Deserialize)]
struct Claimant {
    sub: String,
}

/// Whose assertion it says it is, where the request doesn't: `client_id` may be left out (RFC 7521 §4.2).
pub(super) fn claimed_client(assertion: &str) -> Option<String> {
    PresentedToken::read(assertion).and_then(|token| token.unverified_claims()).ok().map(|Claimant { sub }| sub)
}

pub(super) async fn verify(
    state: &AppState,
    call: &Call,
    client: &Client,
    assertion: &str,
) -> Result<(), AuthenticationError> {
    let claims = signed_claims(client, assertion)
        .ok_or_else(|| refused(call, format!("the assertion is signed by no key of {}", client.client_id)))?;
    let server = &call.server.server;
    let good = claims
        .check(&client.client_id, &audiences(&server.issuer), state.now())
        .map_err(AuthenticationError::Assertion)?;
    match auth_store::client_assertion::use_once(&state.database, server.id, &good).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(AuthenticationError::Assertion(InvalidAssertion::Replayed)),
        Err(error) => Err(AuthenticationError::Store(error)),
    }
}

/// Step 1.
fn signed_claims(client: &Client, assertion: &str) -> Option<AssertionClaims> {
    let token = PresentedToken::read(assertion).ok()?;
    let key = client.settings.jwks.as_ref()?.key(token.key_id())?;
    VerifyingKey::from_public(key)?.verify_of_any_type(&token).ok()
}

fn audiences(issuer: &str) -> Vec<String> {
    let endpoints = ENDPOINTS.iter().map(|endpoint| format!("{issuer}{endpoint}"));
    std::iter::once(issuer.to_owned()).chain(endpoints).collect()
}
