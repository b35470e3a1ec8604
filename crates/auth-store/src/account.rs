//! Account memberships: auth's copy of who belongs to which company, so that no request waits for a service.

use auth_core::user::Membership;
use auth_protocol::id::{AccountId, CustomerId, ServerId};
use database::{Database, Error, params, statements};

use crate::row;

statements! {
    FIND = "SELECT roles, parent_accounts FROM account_membership \
            WHERE server_id = $1 AND customer_id = $2 AND account_id = $3";
}

pub async fn membership(
    database: &Database,
    server: ServerId,
    customer: CustomerId,
    account: AccountId,
) -> Result<Option<Membership>, Error> {
    let key = params![server.bytes(), customer.bytes(), account.bytes()];
    let found = database.read_optional(&FIND, key).await?;
    found
        .map(|found| {
            Ok(Membership { account_id: account, roles: row::json(&found, 0)?, parent_accounts: row::json(&found, 1)? })
        })
        .transpose()
}
