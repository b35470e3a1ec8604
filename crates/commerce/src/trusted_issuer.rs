//! Whose tokens count: a copy of the authorization servers' issuers, written with every declaration. The services read it
//! here, the gateway through the tenant resolver; neither ever opens the authorization server's database.

use auth_protocol::id::TenantId;
use database::{Database, Error, Row, Transaction, params, statements};
use serde::{Deserialize, Serialize};

use crate::generation;

statements! {
    TRUSTED_ISSUERS = "SELECT tenant_id, issuer, audience FROM trusted_issuer ORDER BY tenant_id, issuer";
    TRUST_ISSUER = "INSERT INTO trusted_issuer (tenant_id, issuer, audience) VALUES ($1, $2, $3)";
    DISTRUST_ISSUER = "DELETE FROM trusted_issuer WHERE tenant_id = $1 AND issuer = $2";
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Issuer {
    pub tenant_id: TenantId,
    pub issuer: String,
    pub audience: String,
}

/// All of the installation: a handful, written by operators.
pub async fn all(database: &Database) -> Result<Vec<Issuer>, Error> {
    database.read_rows(&TRUSTED_ISSUERS, params![]).await?.iter().map(issuer).collect()
}

/// Makes the copy be these, and raises the generation when it was another; whether it was.
pub async fn replace(database: &Database, issuers: &[Issuer]) -> Result<bool, Error> {
    let issuers = issuers.to_vec();
    database
        .write(move |transaction| {
            let issuers = issuers.clone();
            Box::pin(async move { write(transaction, &issuers).await })
        })
        .await
}

async fn write(transaction: &mut Transaction, issuers: &[Issuer]) -> Result<bool, Error> {
    generation::lock(transaction).await?;
    let there = transaction.rows(&TRUSTED_ISSUERS, params![]).await?;
    let there = there.iter().map(issuer).collect::<Result<Vec<_>, _>>()?;
    let gone = there.iter().filter(|known| !issuers.contains(known));
    let new = issuers.iter().filter(|issuer| !there.contains(issuer));
    let mut is_changed = false;
    for old in gone {
        transaction.execute(&DISTRUST_ISSUER, params![old.tenant_id.bytes(), &old.issuer]).await?;
        is_changed = true;
    }
    for new in new {
        transaction.execute(&TRUST_ISSUER, params![new.tenant_id.bytes(), &new.issuer, &new.audience]).await?;
        is_changed = true;
    }
    if is_changed {
        generation::raise(transaction).await?;
    }
    Ok(is_changed)
}

fn issuer(row: &Row) -> Result<Issuer, Error> {
    Ok(Issuer { tenant_id: TenantId::from_bytes(row.get(0)?), issuer: row.get(1)?, audience: row.get(2)? })
}
