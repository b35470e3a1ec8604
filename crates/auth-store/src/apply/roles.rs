use database::{DeclaredTable, Transaction, params, statements};

use super::json::json;
use super::{ApplyError, Changes, Kind, RoleEntry, ScopeEntry};

statements! {
    READ_SCOPE = "SELECT open, permissions, permission_roots FROM scope WHERE server_id = $1 AND name = $2";
    INSERT_SCOPE = "INSERT INTO scope (server_id, name, open, permissions, permission_roots) VALUES ($1, $2, $3, $4, $5)";
    UPDATE_SCOPE = "UPDATE scope SET open = $3, permissions = $4, permission_roots = $5 WHERE server_id = $1 AND name = $2";
    READ_ROLE = "SELECT permissions FROM role WHERE server_id = $1 AND name = $2";
    INSERT_ROLE = "INSERT INTO role (server_id, name, permissions) VALUES ($1, $2, $3)";
    UPDATE_ROLE = "UPDATE role SET permissions = $3 WHERE server_id = $1 AND name = $2";
}

const SCOPES: DeclaredTable = DeclaredTable { read: &READ_SCOPE, insert: &INSERT_SCOPE, update: &UPDATE_SCOPE };
const ROLES: DeclaredTable = DeclaredTable { read: &READ_ROLE, insert: &INSERT_ROLE, update: &UPDATE_ROLE };

pub(super) async fn scope(
    transaction: &mut Transaction,
    entry: &ScopeEntry,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    let scope = &entry.scope;
    let content = params![scope.open, json(&scope.permissions)?, json(&scope.permission_roots)?];
    let outcome = SCOPES.write(transaction, params![entry.server_id.bytes(), &scope.name], content, params![]).await?;
    changes.add(entry.server_id, Kind::Scope, &scope.name, outcome);
    Ok(())
}

pub(super) async fn role(
    transaction: &mut Transaction,
    entry: &RoleEntry,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    let key = params![entry.server_id.bytes(), &entry.role.name];
    let outcome = ROLES.write(transaction, key, params![json(&entry.role.permissions)?], params![]).await?;
    changes.add(entry.server_id, Kind::Role, &entry.role.name, outcome);
    Ok(())
}
