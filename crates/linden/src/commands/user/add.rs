use std::fmt;

use anyhow::{Result, bail};
use auth_core::user::Identifier;
use auth_server::environment::{Clock, SystemClock, SystemRandom};
use auth_store::apply::NewPassword;
use auth_store::audit::AuditKind;
use auth_store::user::PasswordHash;
use auth_store::user_administration::{self, AddUserError};
use clap::Args;
use serde::Serialize;

use crate::apply::single::{self, UserTable};
use crate::commands::password::PasswordOptions;
use crate::commands::server::{Opened, ServerOptions};
use crate::commands::{answer, audit};
use crate::parts::password_hashing;

#[derive(Debug, Args)]
pub struct AddOptions {
    /// User name, or an e-mail address to sign in with
    username: String,
    /// E-mail address; a customer needs one. Left out where the user name is one
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Full name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Phone number, such as +4721234567
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// A role of the authorization server; may be given several times
    #[arg(long = "role", value_name = "NAME")]
    roles: Vec<String>,
    /// A permission beside those of the roles; may be given several times
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<String>,
    /// The customer context, when it is not the default one
    #[arg(long, value_name = "NAME")]
    customer_context: Option<String>,
    #[command(flatten)]
    password: PasswordOptions,
    #[command(flatten)]
    server: ServerOptions,
}

/// The password is in it when it was made here: it is told once.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Added {
    id: String,
    username: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl fmt::Display for Added {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "added user {} ({})", self.username, self.id)?;
        self.password.as_ref().map_or(Ok(()), |password| write!(f, "\npassword {password}"))
    }
}

pub async fn run(options: AddOptions) -> Result<()> {
    let added = options.server.with(async |opened| add(opened, &options).await).await?;
    answer::print(&added, options.server.json)
}

/// 1. What can be said without a password is said before one is asked for.
/// 2. The shop's record of the customer comes first: without its user it is nobody's, while a user without it could sign
///    in and find no shop.
/// 3. The user, with the event that tells of them.
async fn add(opened: &Opened, options: &AddOptions) -> Result<Added> {
    // Step 1.
    let now = SystemClock.now();
    let email = options.email.as_deref().or_else(|| Some(options.username.as_str()).filter(|name| name.contains('@')));
    let table = UserTable {
        server: &opened.server.name,
        username: &options.username,
        email,
        full_name: options.name.as_deref(),
        phone: options.phone.as_deref(),
        customer_context: options.customer_context.as_deref(),
        roles: &options.roles,
        permissions: &options.permissions,
    };
    let Some(mut planned) = single::user(&table, &opened.auth, audit::unix_millis(now)).await? else {
        bail!("no user was planned");
    };
    for name in [Some(options.username.as_str()), email].into_iter().flatten() {
        let identifier = Identifier::read(name).map_err(|error| anyhow::anyhow!("{name:?} {error}"))?;
        if auth_store::user::find_for_sign_in(&opened.auth, opened.server.id, &identifier).await?.is_some() {
            bail!(taken(name));
        }
    }
    let password = options.password.read().await?;
    let hash = password_hashing()?.hash(password.canonical.clone(), &SystemRandom).await?;
    planned.entry.new_password = NewPassword::Hash(PasswordHash(hash));
    // Step 2.
    let commerce = opened.data.commerce().await?;
    let recorded = commerce::apply::apply(&commerce, &planned.shop, now.0).await;
    commerce.close().await;
    recorded?;
    // Step 3.
    let entry = planned.entry;
    let (id, customer_id) = (entry.new_id.to_string(), entry.new_customer_id.map(|id| id.to_string()));
    let event = audit::event(AuditKind::UserAdded, &id, &id, format!("user name {}", entry.username), now);
    match user_administration::add(&opened.auth, entry, event, now).await {
        Ok(()) => {}
        Err(AddUserError::UsernameTaken) => bail!(taken(&options.username)),
        Err(AddUserError::EmailTaken) => bail!(taken(email.unwrap_or_default())),
        Err(AddUserError::Storage(error)) => return Err(error.into()),
    }
    let password = password.generated.then_some(password.canonical);
    Ok(Added { id, username: options.username.clone(), customer_id, password })
}

fn taken(name: &str) -> String {
    format!("{name} belongs to a user already: nothing was changed; `linden user list` shows who is there")
}
