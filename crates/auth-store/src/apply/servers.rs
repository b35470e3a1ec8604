use auth_core::time::Timestamp;
use database::{DeclaredTable, Error, Transaction, params, statements};

use super::json::json;
use super::{ApplyError, Changes, Kind, ServerEntry};

statements! {
    READ_SERVER = "SELECT friendly_name, settings FROM server WHERE server_id = $1";
    INSERT_SERVER = "INSERT INTO server (server_id, friendly_name, settings, tenant_id, name, user_type, created_at, updated_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    UPDATE_SERVER = "UPDATE server SET friendly_name = $2, settings = $3, updated_at = $7 \
                     WHERE server_id = $1 AND tenant_id = $4 AND name = $5 AND user_type = $6";
    SERVER_NAMED = "SELECT server_id FROM server WHERE name = $1 AND server_id <> $2 LIMIT 1";
    FIXED = "SELECT tenant_id, name, user_type FROM server WHERE server_id = $1";
    CLAIM_ISSUER = "INSERT INTO issuer (server_id, issuer) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    ISSUER_OWNER = "SELECT server_id FROM issuer WHERE issuer = $1";
    FREE_OTHER_ISSUERS = "DELETE FROM issuer WHERE server_id = $1 AND issuer <> $2";
}

const SERVERS: DeclaredTable = DeclaredTable { read: &READ_SERVER, insert: &INSERT_SERVER, update: &UPDATE_SERVER };

pub(super) async fn server(
    transaction: &mut Transaction,
    entry: &ServerEntry,
    now: Timestamp,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    check(transaction, entry).await?;
    let content = params![&entry.friendly_name, json(&entry.settings)?];
    let rest = params![entry.tenant_id.bytes(), &entry.name, entry.user_type.name(), now.0];
    let outcome = SERVERS.write(transaction, params![entry.id.bytes()], content, rest).await?;
    let moved = issuer(transaction, entry).await?;
    changes.add(entry.id, Kind::AuthorizationServer, &entry.name, outcome.or_changed(moved));
    Ok(())
}

async fn check(transaction: &mut Transaction, entry: &ServerEntry) -> Result<(), ApplyError> {
    if transaction.optional(&SERVER_NAMED, params![&entry.name, entry.id.bytes()]).await?.is_some() {
        return Err(ApplyError::Taken { entry: entry.name.clone(), what: format!("the name {}", entry.name) });
    }
    let Some(there) = transaction.optional(&FIXED, params![entry.id.bytes()]).await? else { return Ok(()) };
    let what = if there.get::<[u8; 16]>(0)? != entry.tenant_id.bytes() {
        "tenant"
    } else if there.get::<String>(1)? != entry.name {
        "name"
    } else if there.get::<String>(2)? != entry.user_type.name() {
        "user_type"
    } else {
        return Ok(());
    };
    Err(ApplyError::Fixed { entry: entry.name.clone(), what })
}

/// The server's one issuer; whether it was another before. Tokens of the former one end with it.
async fn issuer(transaction: &mut Transaction, entry: &ServerEntry) -> Result<bool, ApplyError> {
    let claimed = transaction.execute(&CLAIM_ISSUER, params![entry.id.bytes(), &entry.issuer]).await?;
    let owner: [u8; 16] = transaction.one(&ISSUER_OWNER, params![&entry.issuer]).await?.get(0)?;
    if owner != entry.id.bytes() {
        let what = format!("the issuer {}", entry.issuer);
        return Err(ApplyError::Taken { entry: entry.name.clone(), what });
    }
    let freed: Result<u64, Error> =
        transaction.execute(&FREE_OTHER_ISSUERS, params![entry.id.bytes(), &entry.issuer]).await;
    Ok(claimed + freed? > 0)
}
