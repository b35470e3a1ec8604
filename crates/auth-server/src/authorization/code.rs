//! What a code stands for, and for whom.

use auth_core::authorization::{AuthorizationRequest, Rejection};
use auth_core::client::{Client, secret_hash};
use auth_core::session::Session;
use auth_core::token::code_lifetime;
use auth_core::user::{Membership, User};
use auth_protocol::id::{AccountId, GrantId};
use auth_protocol::oauth_error::ErrorCode;
use auth_store::authorization::NewCode;
use auth_store::{Database, Error};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::directory::ServerEntry;
use crate::state::{AppState, new_id};

/// An account that was asked for, with the user's membership in it.
pub type SelectedAccount = Option<Membership>;

#[derive(Debug)]
pub enum IssueError {
    /// The user is no member of the account that was asked for.
    ForeignAccount,
    Store(Error),
}

impl From<Error> for IssueError {
    fn from(error: Error) -> Self {
        IssueError::Store(error)
    }
}

impl IssueError {
    pub fn rejection() -> Rejection {
        Rejection { error: ErrorCode::AccessDenied, description: "this account cannot be used".to_owned() }
    }
}

/// The membership that an account asked for rests on. There is no `acct_id` without it.
pub async fn selected_account(
    database: &Database,
    server: &ServerEntry,
    user: &User,
    account: Option<AccountId>,
) -> Result<SelectedAccount, IssueError> {
    let Some(account) = account else { return Ok(None) };
    let customer = user.customer_id.ok_or(IssueError::ForeignAccount)?;
    let membership = auth_store::account::membership(database, server.server.id, customer, account).await?;
    membership.map(Some).ok_or(IssueError::ForeignAccount)
}

/// A fresh code, and the row that keeps its hash.
pub fn code_for(
    state: &AppState,
    server: &ServerEntry,
    client: &Client,
    request: &AuthorizationRequest,
    session: &Session,
) -> (String, NewCode) {
    let now = state.now();
    let code = URL_SAFE_NO_PAD.encode(state.random_bytes::<32>());
    let new = NewCode {
        grant_id: new_id!(state, GrantId),
        session_id: session.id,
        user_id: session.user_id,
        client_id: client.client_id.clone(),
        scope: request.scope.clone(),
        account_id: request.account_id,
        claims: request.claims.clone(),
        grant_expires_at: session.times.hard_end_at,
        code_hash: secret_hash(&code),
        redirect_uri: request.redirect_uri.as_str().to_owned(),
        redirect_uri_named: request.redirect_uri_named,
        code_challenge: request.code_challenge.clone(),
        nonce: request.nonce.clone(),
        code_expires_at: now + code_lifetime(&server.server, client, &session.times, now),
    };
    (code, new)
}
