use std::fmt;

use anyhow::Result;
use auth_core::login::identifier_hash;
use auth_server::environment::{Clock, SystemClock};
use auth_store::audit::AuditKind;
use auth_store::user_administration;
use clap::Args;
use serde::Serialize;

use super::{named, names_to_sign_in_with};
use crate::commands::server::{Opened, ServerOptions};
use crate::commands::{answer, audit};

#[derive(Debug, Args)]
pub struct UnlockOptions {
    /// User name, e-mail address or id
    user: String,
    #[command(flatten)]
    server: ServerOptions,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Unlocked {
    id: String,
    username: String,
    /// False when no failure was counted, so that there was nothing to forget.
    had_failures: bool,
}

impl fmt::Display for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.had_failures {
            true => write!(f, "{} may sign in again: failed sign-ins are forgotten", self.username),
            false => write!(f, "{} had no failed sign-ins: nothing was changed", self.username),
        }
    }
}

pub async fn run(options: UnlockOptions) -> Result<()> {
    let unlocked = options.server.with(async |opened| unlock(opened, &options.user).await).await?;
    answer::print(&unlocked, options.server.json)
}

/// Failures are counted for each name that can be typed, so that a count never tells that two names are one user's; all
/// of them are forgotten together here.
async fn unlock(opened: &Opened, name: &str) -> Result<Unlocked> {
    let user = named(opened, name).await?;
    let names = names_to_sign_in_with(&user.username, user.email.as_deref());
    let names = names.iter().map(|name| identifier_hash(name)).collect();
    let id = user.id.to_string();
    let event = audit::event(AuditKind::Unlocked, &id, &id, String::new(), SystemClock.now());
    let had_failures = user_administration::unlock(&opened.auth, opened.server.id, names, event).await?;
    Ok(Unlocked { id, username: user.username, had_failures })
}
