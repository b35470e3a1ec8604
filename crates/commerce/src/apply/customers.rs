use auth_protocol::id::{AccountId, TenantId};
use database::{DeclaredTable, Transaction, params, statements};
use serde_json::json;

use crate::apply::applications::check_tenant;
use crate::apply::{AccountEntry, ApplyError, Changes, CustomerContextEntry, CustomerEntry, Kind, MemberEntry};

statements! {
    pub(crate) READ_CUSTOMER = "SELECT customer_context_id, full_name, email FROM customer
        WHERE tenant_id = $1 AND customer_id = $2";
    READ_OWN_NAME = "SELECT full_name FROM customer WHERE tenant_id = $1 AND customer_id = $2 AND version > 0";
    INSERT_CUSTOMER = "INSERT INTO customer (tenant_id, customer_id, customer_context_id, full_name, email, created_at,
        updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)";
    UPDATE_CUSTOMER = "UPDATE customer SET customer_context_id = $3, full_name = $4, email = $5, updated_at = $6
        WHERE tenant_id = $1 AND customer_id = $2";
    READ_CONTEXT = "SELECT name FROM customer_context WHERE tenant_id = $1 AND customer_context_id = $2";
    INSERT_CONTEXT = "INSERT INTO customer_context (tenant_id, customer_context_id, name) VALUES ($1, $2, $3)";
    UPDATE_CONTEXT = "UPDATE customer_context SET name = $3 WHERE tenant_id = $1 AND customer_context_id = $2";
    READ_ACCOUNT = "SELECT parent_account_id, name, account_number, status FROM account
        WHERE tenant_id = $1 AND account_id = $2";
    INSERT_ACCOUNT = "INSERT INTO account (tenant_id, account_id, parent_account_id, name, account_number, status, created_at,
        updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    UPDATE_ACCOUNT = "UPDATE account SET parent_account_id = $3, name = $4, account_number = $5, status = $6, updated_at = $7
        WHERE tenant_id = $1 AND account_id = $2";
    FIND_NUMBER = "SELECT account_id FROM account WHERE tenant_id = $1 AND account_number = $2";
    READ_MEMBER = "SELECT roles FROM account_member WHERE tenant_id = $1 AND customer_id = $2 AND account_id = $3";
    INSERT_MEMBER = "INSERT INTO account_member (tenant_id, customer_id, account_id, roles, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5)";
    UPDATE_MEMBER = "UPDATE account_member SET roles = $4, updated_at = $5
        WHERE tenant_id = $1 AND customer_id = $2 AND account_id = $3";
}

const CUSTOMERS: DeclaredTable =
    DeclaredTable { read: &READ_CUSTOMER, insert: &INSERT_CUSTOMER, update: &UPDATE_CUSTOMER };
const CONTEXTS: DeclaredTable = DeclaredTable { read: &READ_CONTEXT, insert: &INSERT_CONTEXT, update: &UPDATE_CONTEXT };
const ACCOUNTS: DeclaredTable = DeclaredTable { read: &READ_ACCOUNT, insert: &INSERT_ACCOUNT, update: &UPDATE_ACCOUNT };
const MEMBERS: DeclaredTable = DeclaredTable { read: &READ_MEMBER, insert: &INSERT_MEMBER, update: &UPDATE_MEMBER };

/// How far up parents are followed to find a circle.
const MOST_PARENTS: usize = 32;

pub(crate) async fn context(
    transaction: &mut Transaction,
    entry: &CustomerContextEntry,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    check_tenant(transaction, &entry.name, entry.tenant_id).await?;
    let key = params![entry.tenant_id.bytes(), entry.id.bytes()];
    let outcome = CONTEXTS.write(transaction, key, params![&entry.name], params![]).await?;
    changes.add(entry.tenant_id, Kind::CustomerContext, entry.id, &entry.name, outcome);
    Ok(())
}

/// The name that a customer gave to themselves stays.
pub(crate) async fn customer(
    transaction: &mut Transaction,
    entry: &CustomerEntry,
    now: i64,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    check_tenant(transaction, &entry.full_name, entry.tenant_id).await?;
    let key = params![entry.tenant_id.bytes(), entry.id.bytes()];
    let own = transaction.optional(&READ_OWN_NAME, key).await?.map(|row| row.get::<String>(0)).transpose()?;
    let full_name = own.as_ref().unwrap_or(&entry.full_name);
    let content = params![entry.customer_context_id.bytes(), full_name, &entry.email];
    let outcome = CUSTOMERS.write(transaction, key, content, params![now]).await?;
    changes.add(entry.tenant_id, Kind::Customer, entry.id, &entry.full_name, outcome);
    Ok(())
}

pub(crate) async fn account(
    transaction: &mut Transaction,
    entry: &AccountEntry,
    now: i64,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    check_tenant(transaction, &entry.name, entry.tenant_id).await?;
    let holder = transaction.optional(&FIND_NUMBER, params![entry.tenant_id.bytes(), &entry.account_number]).await?;
    if holder.map(|row| row.get::<[u8; 16]>(0)).transpose()?.is_some_and(|holder| holder != entry.id.bytes()) {
        let what = format!("the account number {}", entry.account_number);
        return Err(ApplyError::Taken { entry: entry.name.clone(), what });
    }
    let key = params![entry.tenant_id.bytes(), entry.id.bytes()];
    let parent = entry.parent_account_id.map(AccountId::bytes);
    let content = params![parent, &entry.name, &entry.account_number, entry.status.name()];
    let outcome = ACCOUNTS.write(transaction, key, content, params![now]).await?;
    changes.add(entry.tenant_id, Kind::Account, entry.id, &entry.name, outcome);
    Ok(())
}

/// Once all accounts are written: an account's parents are there, and it is not among them.
pub(crate) async fn check_parent(transaction: &mut Transaction, entry: &AccountEntry) -> Result<(), ApplyError> {
    let mut next = entry.parent_account_id;
    for _ in 0..MOST_PARENTS {
        let Some(parent) = next else { return Ok(()) };
        next = parent_of(transaction, &entry.name, entry.tenant_id, parent).await?;
    }
    let reason = "leads in a circle, or further up than accounts may be nested".to_owned();
    Err(ApplyError::Invalid { entry: entry.name.clone(), field: "parent_account_id", reason })
}

async fn parent_of(
    transaction: &mut Transaction,
    entry: &str,
    tenant: TenantId,
    account: AccountId,
) -> Result<Option<AccountId>, ApplyError> {
    let row = transaction.optional(&READ_ACCOUNT, params![tenant.bytes(), account.bytes()]).await?;
    let row = row.ok_or_else(|| ApplyError::Missing { entry: entry.to_owned(), what: format!("account {account}") })?;
    Ok(row.get::<Option<[u8; 16]>>(0)?.map(AccountId::from_bytes))
}

pub(crate) async fn member(
    transaction: &mut Transaction,
    entry: &MemberEntry,
    now: i64,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    let name = format!("{} in {}", entry.customer_id, entry.account_id);
    let missing = |what: String| ApplyError::Missing { entry: name.clone(), what };
    let tenant = entry.tenant_id.bytes();
    if transaction.optional(&READ_CUSTOMER, params![tenant, entry.customer_id.bytes()]).await?.is_none() {
        return Err(missing(format!("customer {}", entry.customer_id)));
    }
    if transaction.optional(&READ_ACCOUNT, params![tenant, entry.account_id.bytes()]).await?.is_none() {
        return Err(missing(format!("account {}", entry.account_id)));
    }
    let key = params![tenant, entry.customer_id.bytes(), entry.account_id.bytes()];
    let outcome = MEMBERS.write(transaction, key, params![json!(entry.roles).to_string()], params![now]).await?;
    changes.add(entry.tenant_id, Kind::Member, &name, &name, outcome);
    Ok(())
}
