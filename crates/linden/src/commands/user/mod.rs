//! `linden user …`: the users of an authorization server.

mod add;
mod list;
mod set_password;
mod unlock;

use anyhow::{Result, bail};
use auth_core::user::{Identifier, User, canonical_username};
use auth_protocol::id::UserId;
use clap::Subcommand;

use super::server::Opened;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user, and the customer's record with them
    Add(add::AddOptions),
    /// Set a user's password, and sign them out everywhere
    SetPassword(set_password::SetPasswordOptions),
    /// Forget a user's failed sign-ins, and lift a lock
    Unlock(unlock::UnlockOptions),
    /// List users by name
    List(list::ListOptions),
}

pub async fn run(command: UserCommand) -> Result<()> {
    match command {
        UserCommand::Add(options) => add::run(options).await,
        UserCommand::SetPassword(options) => set_password::run(options).await,
        UserCommand::Unlock(options) => unlock::run(options).await,
        UserCommand::List(options) => list::run(options).await,
    }
}

/// The user of this user name, e-mail address or id.
async fn named(opened: &Opened, name: &str) -> Result<User> {
    let found = match (name.parse::<UserId>(), Identifier::read(name)) {
        (Ok(id), _) => auth_store::user::find(&opened.auth, opened.server.id, id).await?,
        (_, Ok(identifier)) => {
            let found = auth_store::user::find_for_sign_in(&opened.auth, opened.server.id, &identifier).await?;
            found.map(|(user, _)| user)
        }
        (_, Err(error)) => bail!("{name:?} {error}: name a user by user name, e-mail address or id"),
    };
    match found {
        Some(user) => Ok(user),
        None => bail!(
            "there is no user {name} at the authorization server {}: `linden user list` shows who is there",
            opened.server.name
        ),
    }
}

/// Every name that failures of this user are counted under, each in its canonical form.
fn names_to_sign_in_with(username: &str, email: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = [Some(username), email]
        .into_iter()
        .flatten()
        .filter_map(|name| Identifier::read(name).ok())
        .map(|identifier| identifier.canonical)
        .collect();
    // A user name may look like an address to one rule and not to the other.
    names.extend(canonical_username(username).ok());
    names.sort();
    names.dedup();
    names
}
