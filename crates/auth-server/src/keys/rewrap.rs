//! Another master key for all that is sealed.

use auth_store::audit::AuditKind;
use auth_store::rewrap::{Row, SealedRow, rows_of_others};

use super::rotation::event;
use super::server_keys::{KeyError, KeySource, SIGNING};

/// Seals everything under the current master key that lies under another one; how many rows those were. A transaction for
/// each server: killed in between, each row is openable by the key that it names, and running it again does the rest.
pub async fn rewrap(source: &KeySource<'_>, actor: &str) -> Result<u64, KeyError> {
    let id = source.master.ring().current.id().to_owned();
    let mut written = 0;
    for server in auth_store::server::all(source.database).await? {
        let rows = rows_of_others(source.database, server.id, &id).await?;
        if rows.is_empty() {
            continue;
        }
        let rows = rows
            .into_iter()
            .map(|row| Ok((row.clone(), sealed_anew(source, &row)?)))
            .collect::<Result<_, KeyError>>()?;
        let event = event(source, AuditKind::KeysRewrapped, actor, format!("under the master key {id}"));
        written += auth_store::rewrap::rewrap(source.database, server.id, rows, event).await?;
    }
    Ok(written)
}

fn sealed_anew(source: &KeySource<'_>, row: &SealedRow) -> Result<auth_store::signing_key::Sealed, KeyError> {
    let purpose = match &row.row {
        Row::SigningKey(_) => SIGNING,
        Row::Secret(purpose) => purpose,
    };
    let plain = source.master.open(purpose, &row.sealed)?;
    Ok(source.master.seal(purpose, &plain, source.random)?)
}
