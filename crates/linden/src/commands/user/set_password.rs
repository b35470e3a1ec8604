use std::fmt;

use anyhow::{Result, bail};
use auth_server::environment::{Clock, SystemClock, SystemRandom};
use auth_store::audit::AuditKind;
use auth_store::user::PasswordHash;
use auth_store::user_administration;
use clap::Args;
use serde::Serialize;

use super::named;
use crate::commands::password::PasswordOptions;
use crate::commands::server::{Opened, ServerOptions};
use crate::commands::{answer, audit};
use crate::parts::password_hashing;

#[derive(Debug, Args)]
pub struct SetPasswordOptions {
    /// User name, e-mail address or id
    user: String,
    #[command(flatten)]
    password: PasswordOptions,
    #[command(flatten)]
    server: ServerOptions,
}

/// The password is in it when it was made here: it is told once.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PasswordSet {
    id: String,
    username: String,
    sessions_ended: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl fmt::Display for PasswordSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "set the password of {}", self.username)?;
        match self.sessions_ended {
            0 => {}
            1 => write!(f, " and ended a session")?,
            several => write!(f, " and ended {several} sessions")?,
        }
        self.password.as_ref().map_or(Ok(()), |password| write!(f, "\npassword {password}"))
    }
}

pub async fn run(options: SetPasswordOptions) -> Result<()> {
    let set = options.server.with(async |opened| set_password(opened, &options).await).await?;
    answer::print(&set, options.server.json)
}

async fn set_password(opened: &Opened, options: &SetPasswordOptions) -> Result<PasswordSet> {
    let user = named(opened, &options.user).await?;
    let password = options.password.read().await?;
    let hash = password_hashing()?.hash(password.canonical.clone(), &SystemRandom).await?;
    let (now, id) = (SystemClock.now(), user.id.to_string());
    let event = audit::event(AuditKind::PasswordSet, &id, &id, String::new(), now);
    let set =
        user_administration::set_password(&opened.auth, opened.server.id, user.id, PasswordHash(hash), event, now);
    let Some(sessions_ended) = set.await? else { bail!("the user {} is gone: nothing was changed", user.username) };
    let password = password.generated.then_some(password.canonical);
    Ok(PasswordSet { id, username: user.username, sessions_ended, password })
}
