//! Client credentials (RFC 6749 §4.4): a confidential client for itself. Nothing is written.

use std::collections::BTreeMap;

use auth_core::token::{access_token_algorithm, client_authorities, client_token_lifetime};
use auth_protocol::claims::{AccessTokenClaims, IdentityClaims};
use auth_protocol::id::TokenId;
use auth_protocol::jws::ACCESS_TOKEN;
use auth_protocol::oauth_error::ErrorCode;
use auth_protocol::scope::ScopeSet;

use super::issue::TokenResponse;
use super::{TokenError, TokenRequest};
use crate::state::new_id;

pub(super) async fn issue(asked: &TokenRequest<'_>) -> Result<TokenResponse, TokenError> {
    let (state, client, server) = (asked.state, asked.client, &asked.call.server.server);
    if client.is_public() {
        return Err(TokenError::Invalid(ErrorCode::UnauthorizedClient, "a public client has no credentials"));
    }
    let requested = ScopeSet::parse(asked.parameters.get("scope").unwrap_or_default())
        .map_err(|_| TokenError::Invalid(ErrorCode::InvalidScope, "scope is malformed"))?;
    let granted = client_authorities(&requested, client);
    let now = state.now();
    let lifetime = client_token_lifetime(server, client);
    let claims = AccessTokenClaims {
        iss: server.issuer.clone(),
        aud: vec![server.settings.api_audience.clone(), server.issuer.clone()],
        exp: (now + lifetime).seconds(),
        iat: now.seconds(),
        nbf: now.seconds(),
        jti: new_id!(state, TokenId),
        sub: client.client_id.clone(),
        client_id: client.client_id.clone(),
        scope: granted.scope.clone(),
        authorities: granted.authorities,
        tenant_id: server.tenant_id,
        application_id: client.settings.application_id,
        sid: None,
        gid: None,
        max: None,
        identity: IdentityClaims::default(),
        act: None,
        attributes: BTreeMap::new(),
    };
    let algorithm = access_token_algorithm(&server.settings, &client.settings);
    let key = state.directory.signing_key(&asked.call.server, algorithm, now).await?;
    let access_token = key.sign(ACCESS_TOKEN, &claims).map_err(|error| {
        tracing::error!(?error, "an access token could not be signed");
        TokenError::Invalid(ErrorCode::ServerError, "the server failed")
    })?;
    Ok(TokenResponse::of_client(access_token, lifetime, granted.scope))
}
