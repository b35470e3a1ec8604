//! What a declaration writes: tenants, applications, customers, accounts, members and item lists.
//!
//! One call is one transaction: either all of the declaration stands afterwards, or nothing of it was written.
//!
//! 1. The entries' values are checked ([`ApplyError::Invalid`]).
//! 2. The generation's row is locked, so that declarations go one after the other.
//! 3. Each entry is compared with what is there, and written when it differs. What a declaration does not name stays.
//! 4. References and uniqueness are checked on what was written.
//! 5. When anything changed, each change goes on record, the generation rises, and nodes drop what they cached.
//!
//! A customer's own item list is the customer's: it is created when missing and never changed afterwards. The shop's public
//! lists are made to be as declared, items that are not declared removed.

mod applications;
mod changes;
mod check;
mod customers;
mod declaration;
mod identifiers;
mod item_lists;
mod origins;
mod record;

use database::{Database, Transaction};

pub use changes::{Change, Changes, Kind};
pub use database::Outcome;
pub use declaration::{
    AccountEntry, AccountStatus, ApplicationEntry, CustomerContextEntry, CustomerEntry, Declaration, ItemEntry,
    ItemListEntry, MemberEntry, TenantEntry,
};

use crate::generation;

/// Why a declaration was not applied. Nothing of it was written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ApplyError {
    #[error("{entry}: {field} {reason}")]
    Invalid { entry: String, field: &'static str, reason: String },
    #[error("{entry}: there is no {what}")]
    Missing { entry: String, what: String },
    #[error("{entry}: {what} belongs to another")]
    Taken { entry: String, what: String },
    #[error(transparent)]
    Storage(#[from] database::Error),
}

/// Makes the data as declared. `now` is in microseconds since the epoch.
pub async fn apply(database: &Database, declaration: &Declaration, now: i64) -> Result<Changes, ApplyError> {
    check::check(declaration)?;
    let declaration = declaration.clone();
    database
        .write(move |transaction| {
            let declaration = declaration.clone();
            Box::pin(async move { write(transaction, &declaration, now).await })
        })
        .await
}

/// Whether [`apply`] would succeed now. All of it is done in a transaction that is then undone, so nothing is left out
/// and nothing is written.
pub async fn rehearse(database: &Database, declaration: &Declaration, now: i64) -> Result<(), ApplyError> {
    check::check(declaration)?;
    let declaration = declaration.clone();
    database
        .rehearse(move |transaction| {
            let declaration = declaration.clone();
            Box::pin(async move { write(transaction, &declaration, now).await })
        })
        .await
}

async fn write(transaction: &mut Transaction, declaration: &Declaration, now: i64) -> Result<Changes, ApplyError> {
    generation::lock(transaction).await?;
    let mut changes = Changes::default();
    for tenant in &declaration.tenants {
        applications::tenant(transaction, tenant, now, &mut changes).await?;
    }
    for context in &declaration.customer_contexts {
        customers::context(transaction, context, &mut changes).await?;
    }
    for application in &declaration.applications {
        applications::application(transaction, application, now, &mut changes).await?;
    }
    for application in &declaration.applications {
        applications::check_unambiguous(transaction, application).await?;
        origins::check(transaction, application).await?;
    }
    for customer in &declaration.customers {
        customers::customer(transaction, customer, now, &mut changes).await?;
    }
    for account in &declaration.accounts {
        customers::account(transaction, account, now, &mut changes).await?;
    }
    for account in &declaration.accounts {
        customers::check_parent(transaction, account).await?;
    }
    for member in &declaration.members {
        customers::member(transaction, member, now, &mut changes).await?;
    }
    for list in &declaration.item_lists {
        item_lists::item_list(transaction, list, now, &mut changes).await?;
    }
    if !changes.is_empty() {
        let generation = generation::raise(transaction).await?;
        record::changes(transaction, &changes, generation, now).await?;
    }
    Ok(changes)
}

#[cfg(test)]
pub(crate) fn statements() -> Vec<&'static database::Statement> {
    [applications::STATEMENTS, customers::STATEMENTS, item_lists::STATEMENTS].concat()
}
