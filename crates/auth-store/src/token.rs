//! Redeeming authorization codes: each once, whoever asks and however often.

use auth_core::authorization::{CodeChallenge, RequestedClaims};
use auth_core::session::Session;
use auth_core::time::Timestamp;
use auth_core::user::User;
use auth_protocol::id::{AccountId, GrantId, ServerId};
use auth_protocol::scope::ScopeSet;
use database::{Database, Error, Row, params, statements};

use crate::audit::{self, AuditEvent};
use crate::row;
use crate::session;
use crate::user;

statements! {
    CODE = "SELECT grant_id, client_id, redirect_uri, code_challenge, nonce, expires_at, redeemed_at, \
                   redirect_uri_named \
            FROM authorization_code WHERE server_id = $1 AND code_hash = $2";
    GRANT = "SELECT session_id, user_id, scope, account_id, ended_at, claims \
             FROM oauth_grant WHERE server_id = $1 AND grant_id = $2";
    REDEEM = "UPDATE authorization_code SET redeemed_at = $3 \
              WHERE server_id = $1 AND code_hash = $2 AND redeemed_at IS NULL AND expires_at > $3";
    HOLD_GRANT = "UPDATE oauth_grant SET ended_at = ended_at \
                  WHERE server_id = $1 AND grant_id = $2 AND ended_at IS NULL";
    END_GRANT = "UPDATE oauth_grant SET ended_at = $3 WHERE server_id = $1 AND grant_id = $2 AND ended_at IS NULL";
}

/// A presented code, with all that its redemption is decided on.
#[derive(Debug, Clone)]
pub struct PresentedCode {
    pub code_hash: [u8; 32],
    pub client_id: String,
    pub redirect_uri: String,
    /// Whether the authorization named it, or it was the client's default one.
    pub redirect_uri_named: bool,
    pub code_challenge: Option<CodeChallenge>,
    pub nonce: Option<String>,
    pub expires_at: Timestamp,
    pub redeemed_at: Option<Timestamp>,
    pub grant: Grant,
    pub session: Session,
    pub user: User,
}

#[derive(Debug, Clone)]
pub struct Grant {
    pub id: GrantId,
    pub scope: ScopeSet,
    pub account_id: Option<AccountId>,
    pub ended_at: Option<Timestamp>,
    pub claims: RequestedClaims,
}

pub async fn find_code(
    database: &Database,
    server: ServerId,
    code_hash: [u8; 32],
) -> Result<Option<PresentedCode>, Error> {
    database
        .read(move |snapshot| {
            Box::pin(async move {
                let Some(code) = snapshot.optional(&CODE, params![server.bytes(), &code_hash]).await? else {
                    return Ok(None);
                };
                let grant_id: [u8; 16] = code.get(0)?;
                let Some(grant) = snapshot.optional(&GRANT, params![server.bytes(), grant_id]).await? else {
                    return Ok(None);
                };
                let session = params![server.bytes(), grant.get::<[u8; 16]>(0)?];
                let Some(session) = snapshot.optional(&session::BY_ID, session).await? else { return Ok(None) };
                let user = params![server.bytes(), grant.get::<[u8; 16]>(1)?];
                let Some(user) = snapshot.optional(&user::BY_ID, user).await? else { return Ok(None) };
                Ok(Some(PresentedCode {
                    code_hash,
                    client_id: code.get(1)?,
                    redirect_uri: code.get(2)?,
                    redirect_uri_named: code.get(7)?,
                    code_challenge: code.get::<Option<String>>(3)?.map(CodeChallenge::from_stored),
                    nonce: code.get(4)?,
                    expires_at: row::time(&code, 5)?,
                    redeemed_at: row::optional_time(&code, 6)?,
                    grant: Grant {
                        id: GrantId::from_bytes(grant_id),
                        scope: ScopeSet::parse(&grant.get::<String>(2)?).map_err(|_| row::unreadable(2, "no scope"))?,
                        account_id: grant.get::<Option<[u8; 16]>>(3)?.map(AccountId::from_bytes),
                        ended_at: row::optional_time(&grant, 4)?,
                        claims: claims(&grant)?,
                    },
                    session: session::read(&session)?,
                    user: user::read(&user)?,
                }))
            })
        })
        .await
}

/// True for the one caller who redeems the code, while session and grant live: what [`find_code`] read may be over since.
/// `slide_to` moves the session's inactivity.
pub async fn redeem_code(
    database: &Database,
    server: ServerId,
    code: &PresentedCode,
    slide_to: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, Error> {
    let (code_hash, session, grant) = (code.code_hash, code.session.id, code.grant.id);
    database
        .write(move |transaction| {
            Box::pin(async move {
                // In the order in which a sign-out takes them.
                if !session::hold(transaction, server, session, now).await?
                    || transaction.execute(&HOLD_GRANT, params![server.bytes(), grant.bytes()]).await? == 0
                {
                    return Ok(false);
                }
                if transaction.execute(&REDEEM, params![server.bytes(), &code_hash, now.0]).await? == 0 {
                    return Ok(false);
                }
                if let Some(inactivity_at) = slide_to {
                    session::slide(transaction, server, session, inactivity_at).await?;
                }
                Ok(true)
            })
        })
        .await
}

/// Ends what a code gave when the code comes a second time, never the browser's session; false when it had ended.
pub async fn end_grant(
    database: &Database,
    server: ServerId,
    grant: GrantId,
    event: AuditEvent,
    now: Timestamp,
) -> Result<bool, Error> {
    database
        .write(move |transaction| {
            let event = event.clone();
            Box::pin(async move {
                let ended = transaction.execute(&END_GRANT, params![server.bytes(), grant.bytes(), now.0]).await? == 1;
                if ended {
                    audit::record(transaction, server, &event).await?;
                }
                Ok(ended)
            })
        })
        .await
}

fn claims(grant: &Row) -> Result<RequestedClaims, Error> {
    Ok(row::optional_json(grant, 5)?.unwrap_or_default())
}

/// What a grant that still stands lets those who hold an access token of it know beside its scopes.
pub async fn claims_of_grant(
    database: &Database,
    server: ServerId,
    grant: GrantId,
) -> Result<Option<RequestedClaims>, Error> {
    let Some(found) = database.read_optional(&GRANT, params![server.bytes(), grant.bytes()]).await? else {
        return Ok(None);
    };
    Ok(if row::optional_time(&found, 4)?.is_none() { Some(claims(&found)?) } else { None })
}
