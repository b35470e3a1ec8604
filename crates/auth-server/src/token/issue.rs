//! Access and ID token for a user, and the answer that carries them.

use std::sync::Arc;

use auth_core::authorization::RequestedClaims;
use auth_core::server::ClaimPlace;
use auth_core::session::{Session, acr};
use auth_core::time::{Span, Timestamp};
use auth_core::token::{
    ACCESS_TOKEN_CONTRIBUTORS, Subject, WithAttributes, access_token_algorithm, access_token_hash,
    access_token_lifetime, attribute_claims, attribute_claims_with, id_token_algorithm, id_token_lifetime, identity,
    narrow, profile_with,
};
use auth_core::user::{Membership, User};
use auth_protocol::claims::{AccessTokenClaims, IdTokenClaims, IdentityClaims};
use auth_protocol::id::{GrantId, TokenId};
use auth_protocol::jws::{ACCESS_TOKEN, ID_TOKEN, SignError, SigningKey};
use auth_protocol::oauth_error::ErrorCode;
use auth_protocol::permission::Permission;
use auth_protocol::scope::{OPENID, ScopeSet};
use serde::Serialize;

use super::{TokenError, TokenRequest};
use crate::directory::ServerEntry;
use crate::state::new_id;

/// What tokens are issued for.
pub(super) struct UserGrant<'a> {
    pub user: &'a User,
    pub session: &'a Session,
    pub inactivity_at: Timestamp,
    pub grant_id: GrantId,
    pub account: Option<Membership>,
    /// As asked for at the authorization.
    pub scope: &'a ScopeSet,
    pub nonce: Option<&'a str>,
    /// Asked for one by one.
    pub claims: &'a RequestedClaims,
}

/// RFC 6749 §5.1 and OpenID Connect Core §3.1.3.3; for first-party clients identity claims and the session's times
/// (epoch seconds) beside them.
#[derive(Debug, Serialize)]
pub(super) struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    scope: ScopeSet,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(flatten)]
    first_party: Option<FirstParty>,
}

#[derive(Debug, Serialize)]
struct FirstParty {
    #[serde(flatten)]
    identity: IdentityClaims,
    sub: String,
    exp: i64,
    max: i64,
    inactivity_at: i64,
    remember_me_available: bool,
}

impl TokenResponse {
    pub(super) fn of_client(access_token: String, lifetime: Span, scope: ScopeSet) -> Self {
        Self {
            access_token,
            token_type: "Bearer",
            expires_in: lifetime.0 / auth_core::time::MICROS_PER_SECOND,
            scope,
            id_token: None,
            first_party: None,
        }
    }
}

fn unsigned(error: SignError) -> TokenError {
    tracing::error!(?error, "a token could not be signed");
    TokenError::Invalid(ErrorCode::ServerError, "the server failed")
}

/// What a user's tokens are signed with. Got, and made where there is none, before the grant is redeemed: what fails here
/// has spent nothing.
pub(super) struct UserKeys {
    access_token: Arc<SigningKey>,
    /// Where an ID token was asked for.
    id_token: Option<Arc<SigningKey>>,
}

impl UserKeys {
    pub(super) async fn of(asked: &TokenRequest<'_>, scope: &ScopeSet) -> Result<Self, TokenError> {
        let (directory, client, entry) = (&asked.state.directory, &asked.client.settings, &asked.call.server);
        let (settings, now) = (&entry.server.settings, asked.state.now());
        let access_token = directory.signing_key(entry, access_token_algorithm(settings, client), now).await?;
        let id_token = match scope.contains(OPENID) {
            true => Some(directory.signing_key(entry, id_token_algorithm(settings, client), now).await?),
            false => None,
        };
        Ok(Self { access_token, id_token })
    }
}

pub(super) fn issue(
    asked: &TokenRequest<'_>,
    grant: &UserGrant<'_>,
    keys: &UserKeys,
) -> Result<TokenResponse, TokenError> {
    let (state, client, entry) = (asked.state, asked.client, &asked.call.server);
    let (server, now) = (&entry.server, state.now());
    let held = held_permissions(entry, grant.user, grant.account.as_ref());
    let granted = narrow(grant.scope, client, &entry.scopes, &held);
    let subject = Subject { user: grant.user, account: grant.account.as_ref() };
    let identity = identity(ACCESS_TOKEN_CONTRIBUTORS, &subject);
    let hard_end = grant.session.times.hard_end_at;
    let lifetime = access_token_lifetime(server, client, &grant.session.times, now);
    let exp = (now + lifetime).seconds();
    let (mappings, of_user) = (&server.settings.claims, &grant.user.attributes);
    let attributes = attribute_claims(mappings, of_user, ClaimPlace::AccessToken, client, &granted.scope);
    let claims = AccessTokenClaims {
        iss: server.issuer.clone(),
        aud: vec![server.settings.api_audience.clone(), server.issuer.clone()],
        exp,
        iat: now.seconds(),
        nbf: now.seconds(),
        jti: new_id!(state, TokenId),
        sub: grant.user.id.to_string(),
        client_id: client.client_id.clone(),
        scope: granted.scope.clone(),
        authorities: granted.authorities,
        tenant_id: server.tenant_id,
        application_id: client.settings.application_id,
        sid: Some(grant.session.id),
        gid: Some(grant.grant_id),
        max: Some(hard_end.seconds()),
        identity: identity.clone(),
        act: None,
        attributes: attributes.into_iter().map(|(claim, value)| (claim.to_owned(), value.to_json())).collect(),
    };
    let access_token = keys.access_token.sign(ACCESS_TOKEN, &claims).map_err(unsigned)?;
    let id_token = match keys.id_token.as_deref().filter(|_| granted.scope.contains(OPENID)) {
        Some(key) => Some(id_token(asked, grant, key, &granted.scope, &access_token, now)?),
        None => None,
    };
    let first_party = client.settings.first_party.then(|| FirstParty {
        identity,
        sub: grant.user.id.to_string(),
        exp,
        max: hard_end.seconds(),
        inactivity_at: grant.inactivity_at.seconds(),
        remember_me_available: false,
    });
    Ok(TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in: lifetime.0 / auth_core::time::MICROS_PER_SECOND,
        scope: granted.scope,
        id_token,
        first_party,
    })
}

/// A user's own permissions, those of their roles, and those of their roles in the selected account.
pub fn held_permissions(entry: &ServerEntry, user: &User, account: Option<&Membership>) -> Vec<Permission> {
    let in_account = account.map(|membership| membership.roles.as_slice()).unwrap_or_default();
    let roles = user.roles.iter().chain(in_account);
    let of_roles = roles.flat_map(|role| entry.permissions_of(role));
    user.permissions.iter().chain(of_roles).cloned().collect()
}

fn id_token(
    asked: &TokenRequest<'_>,
    grant: &UserGrant<'_>,
    key: &SigningKey,
    scope: &ScopeSet,
    access_token: &str,
    now: Timestamp,
) -> Result<String, TokenError> {
    let (client, entry) = (asked.client, &asked.call.server);
    let methods = &grant.session.methods;
    let claims = IdTokenClaims {
        iss: entry.server.issuer.clone(),
        sub: grant.user.id.to_string(),
        aud: client.client_id.clone(),
        exp: (now + id_token_lifetime(&entry.server, client, &grant.session.times, now)).seconds(),
        iat: now.seconds(),
        auth_time: grant.session.authenticated_at.seconds(),
        sid: grant.session.id,
        acr: acr(methods).to_owned(),
        amr: methods.iter().map(|method| method.name().to_owned()).collect(),
        at_hash: access_token_hash(key.algorithm(), access_token),
        nonce: grant.nonce.map(str::to_owned),
        profile: profile_with(grant.user, scope, &grant.claims.id_token, client),
    };
    let mappings = &entry.server.settings.claims;
    let (own, asked_for) = (&grant.user.attributes, &grant.claims.id_token);
    let attributes = attribute_claims_with(mappings, own, ClaimPlace::IdToken, client, scope, asked_for);
    key.sign(ID_TOKEN, &WithAttributes { claims, attributes }).map_err(unsigned)
}

/// The identity claims that user info answers beside the standard ones.
pub fn subject_claims(user: &User, account: Option<&Membership>) -> IdentityClaims {
    identity(ACCESS_TOKEN_CONTRIBUTORS, &Subject { user, account })
}
