//! Pushed authorization requests (RFC 9126): kept under the hash of the reference until the browser brings it, once.

use auth_core::authorization::AuthorizationRequest;
use auth_core::time::{Span, Timestamp};
use auth_protocol::id::ServerId;
use database::{Database, Error, params, statements};

use crate::row;

statements! {
    PUSH = "INSERT INTO pushed_authorization (server_id, reference_hash, client_id, request, expires_at) \
            VALUES ($1, $2, $3, $4, $5)";
    LIVE = "SELECT count(*) AS live FROM pushed_authorization WHERE server_id = $1 AND client_id = $2 AND expires_at > $3";
    /// Anybody may be a public client and push: each push takes out more than it puts in, as soon as there is anything to
    /// take out, so that the table holds what lives and little more.
    MAKE_ROOM = "DELETE FROM pushed_authorization WHERE server_id = $1 AND reference_hash IN ( \
                     SELECT reference_hash FROM pushed_authorization \
                     WHERE server_id = $1 AND expires_at < $2 ORDER BY expires_at LIMIT 4)";
    FIND = "SELECT request, expires_at, redeemed_at FROM pushed_authorization \
            WHERE server_id = $1 AND reference_hash = $2 AND client_id = $3";
    REDEEM = "UPDATE pushed_authorization SET redeemed_at = $4 \
              WHERE server_id = $1 AND reference_hash = $2 AND client_id = $3 \
                AND redeemed_at IS NULL AND expires_at > $4";
}

/// How long one that has expired is still known, so that its client can be told by redirect.
pub const KEEP_EXPIRED: Span = Span::minutes(2);

/// Of one client's: many times what people who are signing in leave waiting. Who pushes at the same moment may each be
/// the last, so that a few more come in.
pub const MOST_LIVE: i64 = 10_000;

/// By what a request is found: nothing of the reference itself is kept, and another client's is as good as none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub hash: [u8; 32],
    pub client_id: String,
}

/// A request that was pushed; whether it is still good, [`redeem`] alone says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedAuthorization {
    pub request: AuthorizationRequest,
    pub expires_at: Timestamp,
    pub redeemed_at: Option<Timestamp>,
}

/// False when the client has [`MOST_LIVE`] that live already.
pub async fn push(
    database: &Database,
    server: ServerId,
    hash: [u8; 32],
    request: &AuthorizationRequest,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<bool, Error> {
    let (client_id, request) = (request.client_id.clone(), row::to_json(request)?);
    let live = database.read_rows(&LIVE, params![server.bytes(), client_id.as_str(), now.0]).await?;
    if live.first().map_or(Ok(0), |row| row.get::<i64>(0))? >= MOST_LIVE {
        return Ok(false);
    }
    database
        .write(move |transaction| {
            let (client_id, request) = (client_id.clone(), request.clone());
            Box::pin(async move {
                transaction.execute(&MAKE_ROOM, params![server.bytes(), (now - KEEP_EXPIRED).0]).await?;
                let values = params![server.bytes(), &hash, client_id, request, expires_at.0];
                transaction.execute(&PUSH, values).await.map(|_| true)
            })
        })
        .await
}

/// Also one that was redeemed or has expired, for a while.
pub async fn find(
    database: &Database,
    server: ServerId,
    reference: &Reference,
) -> Result<Option<PushedAuthorization>, Error> {
    let key = params![server.bytes(), &reference.hash, reference.client_id.as_str()];
    let Some(found) = database.read_optional(&FIND, key).await? else { return Ok(None) };
    Ok(Some(PushedAuthorization {
        request: row::json(&found, 0)?,
        expires_at: row::time(&found, 1)?,
        redeemed_at: row::optional_time(&found, 2)?,
    }))
}

/// True for the one caller who redeems it in time.
pub async fn redeem(
    database: &Database,
    server: ServerId,
    reference: &Reference,
    now: Timestamp,
) -> Result<bool, Error> {
    let values = params![server.bytes(), &reference.hash, reference.client_id.as_str(), now.0];
    Ok(database.execute(&REDEEM, values).await? == 1)
}
