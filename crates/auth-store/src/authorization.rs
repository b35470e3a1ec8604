//! Grants and the authorization codes that stand for them until they are redeemed.

use auth_core::authorization::{CodeChallenge, RequestedClaims};
use auth_core::time::Timestamp;
use auth_protocol::id::{AccountId, GrantId, ServerId, SessionId, UserId};
use auth_protocol::scope::ScopeSet;
use database::{Database, Error, Transaction, params, statements};

use crate::{row, session};

statements! {
    BEGIN_GRANT = "INSERT INTO oauth_grant (server_id, grant_id, session_id, user_id, client_id, scope, account_id, \
                                            claims, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    ISSUE_CODE = "INSERT INTO authorization_code (server_id, code_hash, grant_id, client_id, redirect_uri, \
                                                  redirect_uri_named, code_challenge, nonce, expires_at) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

/// What one authorization gives to one client, and the code that carries it there.
#[derive(Debug, Clone)]
pub struct NewCode {
    pub grant_id: GrantId,
    pub session_id: SessionId,
    pub user_id: UserId,
    pub client_id: String,
    /// As asked for; it is narrowed when the code is redeemed, by what counts then.
    pub scope: ScopeSet,
    pub account_id: Option<AccountId>,
    pub claims: RequestedClaims,
    pub grant_expires_at: Timestamp,
    pub code_hash: [u8; 32],
    pub redirect_uri: String,
    /// Whether the authorization named it, or it was the client's default one.
    pub redirect_uri_named: bool,
    pub code_challenge: Option<CodeChallenge>,
    pub nonce: Option<String>,
    pub code_expires_at: Timestamp,
}

/// A code for a session that is there already; false when the session ended meanwhile. `slide_to` moves its inactivity.
pub async fn issue_code(
    database: &Database,
    server: ServerId,
    code: NewCode,
    slide_to: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, Error> {
    database
        .write(move |transaction| {
            let code = code.clone();
            Box::pin(async move {
                if !session::hold(transaction, server, code.session_id, now).await? {
                    return Ok(false);
                }
                insert(transaction, server, &code).await?;
                if let Some(inactivity_at) = slide_to {
                    session::slide(transaction, server, code.session_id, inactivity_at).await?;
                }
                Ok(true)
            })
        })
        .await
}

pub(crate) async fn insert(transaction: &mut Transaction, server: ServerId, code: &NewCode) -> Result<(), Error> {
    let claims = if code.claims.is_empty() { None } else { Some(row::to_json(&code.claims)?) };
    let grant = params![
        server.bytes(),
        code.grant_id.bytes(),
        code.session_id.bytes(),
        code.user_id.bytes(),
        code.client_id.as_str(),
        code.scope.to_string(),
        code.account_id.map(AccountId::bytes),
        claims,
        code.grant_expires_at.0
    ];
    transaction.execute(&BEGIN_GRANT, grant).await?;
    let values = params![
        server.bytes(),
        &code.code_hash,
        code.grant_id.bytes(),
        code.client_id.as_str(),
        code.redirect_uri.as_str(),
        code.redirect_uri_named,
        code.code_challenge.as_ref().map(CodeChallenge::as_str),
        code.nonce.as_deref(),
        code.code_expires_at.0
    ];
    transaction.execute(&ISSUE_CODE, values).await.map(|_| ())
}
