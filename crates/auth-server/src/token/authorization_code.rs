//! Redeeming an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5).
//!
//! 1. The code is found by its hash, with its grant, session and user. Another client's code is as good as none, and
//!    stays what it was.
//! 2. Redirect URI and proof key must be those of the authorization; the URI may be left out where it was left out there.
//! 3. Every right is checked again: session, user, account. Another account than the code's spends the code; a storage
//!    that cannot tell does not, nor does a signing key that cannot be had.
//! 4. One conditional write redeems it, while session and grant are held. A code that comes twice ends its grant, never
//!    the browser's session: browsers repeat a POST by themselves when a reused connection dies.

use auth_core::authorization::check_verifier;
use auth_core::client::{RedirectUri, secret_hash};
use auth_core::session::SessionState;
use auth_protocol::id::{AccountId, AuditEventId};
use auth_protocol::oauth_error::ErrorCode;
use auth_store::audit::{AuditEvent, AuditKind};
use auth_store::token::PresentedCode;

use super::issue::{TokenResponse, UserGrant, UserKeys, issue};
use super::{TokenError, TokenRequest};
use crate::authorization::{IssueError, SelectedAccount, selected_account};
use crate::state::new_id;

const NOT_GOOD: &str = "the code is unknown, used, expired or another client's";

fn invalid_grant(description: &'static str) -> TokenError {
    TokenError::Invalid(ErrorCode::InvalidGrant, description)
}

/// One answer for all who come with a code that is not good; the reason stays here.
fn not_good(asked: &TokenRequest<'_>, reason: &str) -> TokenError {
    asked.call.because(reason);
    invalid_grant(NOT_GOOD)
}

pub(super) async fn redeem(asked: &TokenRequest<'_>) -> Result<TokenResponse, TokenError> {
    let (state, server) = (asked.state, &asked.call.server.server);
    if asked.parameters.get("purpose").is_some() {
        return Err(TokenError::Invalid(ErrorCode::InvalidRequest, "passcodes are not offered: leave purpose out"));
    }
    let Some(presented) = asked.parameters.get("code") else {
        return Err(TokenError::Invalid(ErrorCode::InvalidRequest, "code is missing"));
    };
    let code = auth_store::token::find_code(&state.database, server.id, secret_hash(presented)).await?;
    let code = code.ok_or_else(|| not_good(asked, "no such code was given out, or it expired long ago"))?;
    if code.client_id != asked.client.client_id {
        return Err(not_good(asked, &format!("the code was given to {}", code.client_id)));
    }
    check_binding(asked, &code)?;
    let now = state.now();
    if code.redeemed_at.is_some() {
        return Err(reused(asked, &code).await);
    }
    let rights_hold =
        code.user.enabled && code.grant.ended_at.is_none() && code.session.times.state(now) != SessionState::Ended;
    if !rights_hold {
        return Err(not_good(asked, "the user is disabled, or the session or its grant has ended"));
    }
    // The outer error leaves the code as it was; the refusal within it is told when the code is spent.
    let account = account(asked, &code).await?;
    let keys = UserKeys::of(asked, &code.grant.scope).await?;
    let slide_to = code.session.times.slide(&server.settings.lifetimes, now);
    if !auth_store::token::redeem_code(&state.database, server.id, &code, slide_to, now).await? {
        return Err(lost(asked, &code).await);
    }
    let grant = UserGrant {
        user: &code.user,
        session: &code.session,
        inactivity_at: slide_to.unwrap_or(code.session.times.inactivity_at),
        grant_id: code.grant.id,
        account: account?,
        scope: &code.grant.scope,
        nonce: code.nonce.as_deref(),
        claims: &code.grant.claims,
    };
    issue(asked, &grant, &keys)
}

/// Step 2.
fn check_binding(asked: &TokenRequest<'_>, code: &PresentedCode) -> Result<(), TokenError> {
    match asked.parameters.get("redirect_uri") {
        None if !code.redirect_uri_named => {}
        None => return Err(TokenError::Invalid(ErrorCode::InvalidRequest, "redirect_uri is missing")),
        // By the same rule as at the authorization: an empty path equals a slash.
        Some(presented) if RedirectUri::parse(&code.redirect_uri).is_ok_and(|uri| uri.matches(presented)) => {}
        Some(_) => return Err(invalid_grant("redirect_uri is not that of the authorization")),
    }
    check_verifier(code.code_challenge.as_ref(), asked.parameters.get("code_verifier")).map_err(|error| {
        tracing::info!(%error, client_id = asked.client.client_id, "proof key refused");
        asked.call.because(format!("proof key: {error}"));
        invalid_grant("code_verifier does not fit the code")
    })
}

/// Step 3. The exchange without `accountId` takes the code's; with another one it is refused, and the code is spent.
async fn account(
    asked: &TokenRequest<'_>,
    code: &PresentedCode,
) -> Result<Result<SelectedAccount, TokenError>, TokenError> {
    let named: Option<AccountId> = match asked.parameters.get("accountId").map(str::parse) {
        None => code.grant.account_id,
        Some(Ok(named)) if Some(named) == code.grant.account_id => Some(named),
        Some(_) => return Ok(Err(invalid_grant("accountId is not that of the authorization"))),
    };
    let found = selected_account(&asked.state.database, &asked.call.server, &code.user, named).await;
    match found {
        Ok(account) => Ok(Ok(account)),
        Err(IssueError::ForeignAccount) => Ok(Err(invalid_grant("this account cannot be used any more"))),
        Err(IssueError::Store(error)) => Err(TokenError::Store(error)),
    }
}

/// The conditional write changed nothing: somebody was faster, or code, session or grant have just ended.
async fn lost(asked: &TokenRequest<'_>, code: &PresentedCode) -> TokenError {
    let again = auth_store::token::find_code(&asked.state.database, asked.call.server.server.id, code.code_hash).await;
    match again {
        Ok(Some(code)) if code.redeemed_at.is_some() => reused(asked, &code).await,
        Ok(_) => not_good(asked, "the code has expired"),
        Err(error) => TokenError::Store(error),
    }
}

/// Step 4, for a code that was redeemed before.
async fn reused(asked: &TokenRequest<'_>, code: &PresentedCode) -> TokenError {
    let (state, server) = (asked.state, &asked.call.server.server);
    let event = AuditEvent {
        id: new_id!(state, AuditEventId),
        kind: AuditKind::CodeReused,
        actor: asked.client.client_id.clone(),
        subject: code.user.id.to_string(),
        object: code.grant.id.to_string(),
        origin: asked.call.origin.clone(),
        detail: String::new(),
        at: state.now(),
    };
    match auth_store::token::end_grant(&state.database, server.id, code.grant.id, event, state.now()).await {
        Ok(_) => not_good(asked, "the code was redeemed before: what it gave has ended"),
        Err(error) => TokenError::Store(error),
    }
}
