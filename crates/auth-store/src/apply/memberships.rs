use database::{DeclaredTable, Transaction, params, statements};

use super::json::json;
use super::{ApplyError, Changes, Kind, MembershipEntry};

statements! {
    READ_MEMBERSHIP = "SELECT roles, parent_accounts FROM account_membership \
                       WHERE server_id = $1 AND customer_id = $2 AND account_id = $3";
    INSERT_MEMBERSHIP = "INSERT INTO account_membership (server_id, customer_id, account_id, roles, parent_accounts) \
                         VALUES ($1, $2, $3, $4, $5)";
    UPDATE_MEMBERSHIP = "UPDATE account_membership SET roles = $4, parent_accounts = $5 \
                         WHERE server_id = $1 AND customer_id = $2 AND account_id = $3";
}

const MEMBERSHIPS: DeclaredTable =
    DeclaredTable { read: &READ_MEMBERSHIP, insert: &INSERT_MEMBERSHIP, update: &UPDATE_MEMBERSHIP };

pub(super) async fn membership(
    transaction: &mut Transaction,
    entry: &MembershipEntry,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    let key = params![entry.server_id.bytes(), entry.customer_id.bytes(), entry.account_id.bytes()];
    let content = params![json(&entry.roles)?, json(&entry.parent_accounts)?];
    let outcome = MEMBERSHIPS.write(transaction, key, content, params![]).await?;
    changes.add(entry.server_id, Kind::Membership, &entry.name, outcome);
    Ok(())
}
