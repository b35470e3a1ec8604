//! Customers and accounts in the database. Every operation takes a permit, and finds tenant and owner in it.

use auth_protocol::id::{AccountId, CustomerContextId, CustomerId};
use database::{Database, Error, Row, params, statements};
use resource_guard::{self as guard, Permit, Read};
use serde::Serialize;

use crate::customer::policy::{Accounts, Customers};
use crate::row::json;
use crate::web::answer::rfc3339;

statements! {
    READ_CUSTOMER = "SELECT customer_id, customer_context_id, full_name, email, created_at, updated_at FROM customer
        WHERE tenant_id = $1 AND customer_id = $2";
    ACCOUNTS_OF_CUSTOMER = "SELECT a.account_id, a.name, a.account_number, a.status, a.parent_account_id, m.roles
        FROM account_member m
        JOIN account a ON a.tenant_id = m.tenant_id AND a.account_id = m.account_id
        WHERE m.tenant_id = $1 AND m.customer_id = $2 ORDER BY a.name, a.account_id";
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Customer {
    id: CustomerId,
    customer_context_id: CustomerContextId,
    full_name: String,
    email: String,
    #[serde(serialize_with = "rfc3339")]
    created_at: i64,
    #[serde(serialize_with = "rfc3339")]
    updated_at: i64,
}

/// An account as its member sees it: `roles` are the member's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) name: String,
    account_number: String,
    roles: Vec<String>,
    /// `ACTIVE` or `INACTIVE`.
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_account_id: Option<AccountId>,
}

#[derive(Clone)]
pub(crate) struct CustomerStore {
    database: Database,
}

impl CustomerStore {
    pub(crate) fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }

    pub(crate) async fn customer(
        &self,
        permit: &Permit<Read, Customers, guard::Customer>,
    ) -> Result<Option<Customer>, Error> {
        let values = params![permit.tenant_id().bytes(), permit.owner().bytes()];
        self.database.read_optional(&READ_CUSTOMER, values).await?.as_ref().map(customer).transpose()
    }

    pub(crate) async fn accounts(
        &self,
        permit: &Permit<Read, Accounts, guard::Customer>,
    ) -> Result<Vec<Account>, Error> {
        let values = params![permit.tenant_id().bytes(), permit.owner().bytes()];
        self.database.read_rows(&ACCOUNTS_OF_CUSTOMER, values).await?.iter().map(account).collect()
    }
}

fn customer(row: &Row) -> Result<Customer, Error> {
    Ok(Customer {
        id: CustomerId::from_bytes(row.get(0)?),
        customer_context_id: CustomerContextId::from_bytes(row.get(1)?),
        full_name: row.get(2)?,
        email: row.get(3)?,
        created_at: row.get(4)?,
        updated_at: row.get(5)?,
    })
}

fn account(row: &Row) -> Result<Account, Error> {
    Ok(Account {
        id: AccountId::from_bytes(row.get(0)?),
        name: row.get(1)?,
        account_number: row.get(2)?,
        status: row.get(3)?,
        parent_account_id: row.get::<Option<[u8; 16]>>(4)?.map(AccountId::from_bytes),
        roles: json(row, 5)?,
    })
}
