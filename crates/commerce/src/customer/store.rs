//! Customers and accounts in the database. Every operation takes a permit, and finds tenant and owner in it.

use auth_protocol::id::{AccountId, CustomerContextId, CustomerId};
use database::{Database, Error, Row, params, statements};
use resource_guard::{self as guard, Permit, Read, Update};
use serde::Serialize;

use crate::audit::{AuditKind, Deed};
use crate::customer::policy::{Accounts, Customers};
use crate::customer::profile::ProfileChange;
use crate::row::json;
use crate::web::answer::rfc3339;
use crate::web::version::IfMatch;

statements! {
    READ_CUSTOMER = "SELECT customer_id, customer_context_id, full_name, email, phone, contact_email, version, created_at,
        updated_at FROM customer WHERE tenant_id = $1 AND customer_id = $2";
    LOCK_CUSTOMER = "UPDATE customer SET version = version WHERE tenant_id = $1 AND customer_id = $2
        RETURNING customer_id, customer_context_id, full_name, email, phone, contact_email, version, created_at, updated_at";
    CHANGE_CUSTOMER = "UPDATE customer SET full_name = $3, phone = $4, contact_email = $5, version = version + 1,
        updated_at = $6 WHERE tenant_id = $1 AND customer_id = $2
        RETURNING customer_id, customer_context_id, full_name, email, phone, contact_email, version, created_at, updated_at";
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
    /// Of the sign-in.
    email: String,
    phone: Option<String>,
    /// Where the shop writes to, when that is not `email`.
    contact_email: Option<String>,
    /// How often the customer changed the record: its ETag.
    pub(crate) version: i64,
    #[serde(serialize_with = "rfc3339")]
    created_at: i64,
    #[serde(serialize_with = "rfc3339")]
    updated_at: i64,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotChanged {
    #[error("there is no such customer")]
    NotFound,
    #[error("the record has another version than the change was made for")]
    OtherVersion,
    #[error(transparent)]
    Storage(#[from] Error),
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

    /// A change that is there already changes nothing, whatever version it was made for: a request whose answer was lost can
    /// be sent again (RFC 9110 §13.1.1 allows for that).
    pub(crate) async fn change(
        &self,
        permit: &Permit<Update, Customers, guard::Customer>,
        change: ProfileChange,
        if_match: IfMatch,
        deed: Deed,
    ) -> Result<Customer, NotChanged> {
        let (key, owner) = (params![permit.tenant_id().bytes(), permit.owner().bytes()].to_vec(), permit.owner());
        self.database
            .write(move |transaction| {
                let (key, change, if_match, deed) = (key.clone(), change.clone(), if_match.clone(), deed.clone());
                Box::pin(async move {
                    let row = transaction.optional(&LOCK_CUSTOMER, &key).await?.ok_or(NotChanged::NotFound)?;
                    let before = customer(&row)?;
                    let (after, changed) = change.applied_to(&before);
                    if changed.is_empty() {
                        return Ok(before);
                    }
                    if !if_match.holds(before.version) {
                        return Err(NotChanged::OtherVersion);
                    }
                    let content = params![after.full_name, after.phone, after.contact_email, deed.at];
                    let row = transaction.one(&CHANGE_CUSTOMER, &[&key[..], content].concat()).await?;
                    deed.record(transaction, AuditKind::CustomerChanged, &owner.to_string(), &changed.join(", "))
                        .await?;
                    Ok(customer(&row)?)
                })
            })
            .await
    }

    pub(crate) async fn accounts(
        &self,
        permit: &Permit<Read, Accounts, guard::Customer>,
    ) -> Result<Vec<Account>, Error> {
        let values = params![permit.tenant_id().bytes(), permit.owner().bytes()];
        self.database.read_rows(&ACCOUNTS_OF_CUSTOMER, values).await?.iter().map(account).collect()
    }
}

impl ProfileChange {
    /// The record as it is to be, and the names of the fields that are new.
    fn applied_to(&self, before: &Customer) -> (Customer, Vec<&'static str>) {
        let mut after = before.clone();
        if let Some(full_name) = &self.full_name {
            after.full_name.clone_from(full_name);
        }
        if let Some(phone) = &self.phone {
            after.phone.clone_from(phone);
        }
        if let Some(contact_email) = &self.contact_email {
            after.contact_email.clone_from(contact_email);
        }
        let fields = [
            ("fullName", after.full_name != before.full_name),
            ("phone", after.phone != before.phone),
            ("contactEmail", after.contact_email != before.contact_email),
        ];
        (after, fields.into_iter().filter(|(_, is_new)| *is_new).map(|(field, _)| field).collect())
    }
}

fn customer(row: &Row) -> Result<Customer, Error> {
    Ok(Customer {
        id: CustomerId::from_bytes(row.get(0)?),
        customer_context_id: CustomerContextId::from_bytes(row.get(1)?),
        full_name: row.get(2)?,
        email: row.get(3)?,
        phone: row.get(4)?,
        contact_email: row.get(5)?,
        version: row.get(6)?,
        created_at: row.get(7)?,
        updated_at: row.get(8)?,
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
