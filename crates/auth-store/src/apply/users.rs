use auth_core::time::Timestamp;
use auth_protocol::id::{CustomerContextId, CustomerId, UserId};
use database::{Error, Transaction, Value, holds, params, statements};

use super::json::json;
use super::{ApplyError, Changes, KeptUser, Kind, NewPassword, Outcome, UserEntry};

statements! {
    READ_USER = "SELECT username, email, email_canonical, full_name, phone, customer_context_id, roles, permissions, enabled, \
                        attributes, user_id, customer_id \
                 FROM users WHERE server_id = $1 AND username_canonical = $2";
    pub(crate) INSERT_USER = "INSERT INTO users (server_id, username_canonical, username, email, email_canonical, full_name, phone, \
                                      customer_context_id, roles, permissions, enabled, attributes, user_id, user_type, \
                                      customer_id, password_hash, imported_argon2id_blocks, imported_bcrypt_cost, \
                                      created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19)";
    UPDATE_USER = "UPDATE users SET username = $3, email = $4, email_canonical = $5, full_name = $6, phone = $7, \
                                    customer_context_id = $8, roles = $9, permissions = $10, enabled = $11, attributes = $12, \
                                    updated_at = $13 \
                   WHERE server_id = $1 AND username_canonical = $2";
    EMAIL_HOLDER = "SELECT username_canonical FROM users WHERE server_id = $1 AND email_canonical = $2";
}

pub(crate) async fn user(
    transaction: &mut Transaction,
    entry: &UserEntry,
    now: Timestamp,
    changes: &mut Changes,
) -> Result<KeptUser, ApplyError> {
    check_email(transaction, entry).await?;
    let key = key(entry);
    let there = transaction.optional(&READ_USER, &key).await?;
    let kept = there.as_ref().map(|there| there.get::<String>(9)).transpose()?;
    let content = content(entry, kept)?;
    let (outcome, user_id, customer_id) = match there {
        None => {
            transaction.execute(&INSERT_USER, &user_row(entry, now)?).await?;
            (Outcome::Created, entry.new_id, entry.new_customer_id)
        }
        Some(there) => {
            let user_id = UserId::from_bytes(there.get(10)?);
            let customer_id = there.get::<Option<[u8; 16]>>(11)?.map(CustomerId::from_bytes);
            if holds(&there, &content)? {
                (Outcome::Unchanged, user_id, customer_id)
            } else {
                transaction.execute(&UPDATE_USER, &[&key[..], &content[..], &params![now.0][..]].concat()).await?;
                (Outcome::Changed, user_id, customer_id)
            }
        }
    };
    changes.add(entry.server_id, Kind::User, &entry.username, outcome);
    let username_canonical = entry.username_canonical.clone();
    Ok(KeptUser { server_id: entry.server_id, username_canonical, user_id, customer_id })
}

/// What [`INSERT_USER`] takes.
pub(crate) fn user_row(entry: &UserEntry, now: Timestamp) -> Result<Vec<Value>, Error> {
    Ok([key(entry), content(entry, None)?, new_user(entry, now)?].concat())
}

fn key(entry: &UserEntry) -> Vec<Value> {
    params![entry.server_id.bytes(), &entry.username_canonical].to_vec()
}

/// `kept` attributes stay where none are declared.
fn content(entry: &UserEntry, kept: Option<String>) -> Result<Vec<Value>, Error> {
    let attributes = match (&entry.attributes, kept) {
        (None, Some(kept)) => kept,
        (attributes, _) => json(&attributes.clone().unwrap_or_default())?,
    };
    let content = params![
        &entry.username,
        entry.email.as_ref(),
        entry.email_canonical.as_ref(),
        entry.full_name.as_ref(),
        entry.phone.as_ref(),
        entry.customer_context_id.map(CustomerContextId::bytes),
        json(&entry.roles)?,
        json(&entry.permissions)?,
        entry.enabled,
        attributes,
    ];
    Ok(content.to_vec())
}

fn new_user(entry: &UserEntry, now: Timestamp) -> Result<Vec<Value>, Error> {
    let (password, imported) = match &entry.new_password {
        NewPassword::None => (None, None),
        NewPassword::Hash(hash) => (Some(&hash.0), None),
        NewPassword::Imported(hash, kind) => (Some(&hash.0), Some(kind)),
        NewPassword::NotHashed => return Err(Error::Contention),
    };
    let customer_id = entry.new_customer_id.map(CustomerId::bytes);
    let blocks = i64::from(imported.map_or(0, |kind| kind.argon2id_blocks()));
    let cost = i64::from(imported.map_or(0, |kind| kind.bcrypt_cost()));
    let (id, user_type) = (entry.new_id.bytes(), entry.user_type.name());
    Ok(params![id, user_type, customer_id, password, blocks, cost, now.0].to_vec())
}

async fn check_email(transaction: &mut Transaction, entry: &UserEntry) -> Result<(), ApplyError> {
    let Some(email) = &entry.email_canonical else { return Ok(()) };
    let holder = transaction.optional(&EMAIL_HOLDER, params![entry.server_id.bytes(), email]).await?;
    match holder.map(|row| row.get::<String>(0)).transpose()? {
        Some(holder) if holder != entry.username_canonical => {
            Err(ApplyError::Taken { entry: entry.username.clone(), what: format!("the e-mail address {email}") })
        }
        _ => Ok(()),
    }
}
