use std::fmt;

use anyhow::{Result, bail};
use auth_core::login::{identifier_hash, is_locked};
use auth_core::user::canonical_username;
use auth_server::environment::{Clock, SystemClock};
use auth_store::user_administration::{self, ListedUser, UserPage};
use clap::Args;
use serde::Serialize;

use super::names_to_sign_in_with;
use crate::commands::answer;
use crate::commands::server::{Opened, ServerOptions};

#[derive(Debug, Args)]
pub struct ListOptions {
    /// Only users whose name begins so
    #[arg(long, value_name = "TEXT")]
    starting_with: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Go on behind this user: what the list before ended with
    #[arg(long, value_name = "USERNAME")]
    after: Option<String>,
    #[command(flatten)]
    server: ServerOptions,
}

#[derive(Serialize)]
struct Listed {
    content: Vec<Line>,
    /// For `--after`, when there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    id: String,
    username: String,
    email: Option<String>,
    name: Option<String>,
    roles: Vec<String>,
    enabled: bool,
    locked: bool,
    created_at: String,
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.content.is_empty() {
            return write!(f, "no users");
        }
        for (number, line) in self.content.iter().enumerate() {
            write!(f, "{}{line}", if number == 0 { "" } else { "\n" })?;
        }
        self.cursor.as_ref().map_or(Ok(()), |cursor| write!(f, "\nthere are more: --after {cursor}"))
    }
}

/// `anna  anna@fjord.example  Anna Berg  [SHOPPER]  locked`
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.username)?;
        for text in [self.email.as_deref(), self.name.as_deref()].into_iter().flatten() {
            write!(f, "  {text}")?;
        }
        write!(f, "  [{}]", self.roles.join(", "))?;
        write!(f, "{}{}", if self.enabled { "" } else { "  disabled" }, if self.locked { "  locked" } else { "" })
    }
}

pub async fn run(options: ListOptions) -> Result<()> {
    let listed = options.server.with(async |opened| list(opened, &options).await).await?;
    answer::print(&listed, options.server.json)
}

async fn list(opened: &Opened, options: &ListOptions) -> Result<Listed> {
    let page = UserPage {
        after: canonical("--after", options.after.as_deref())?,
        prefix: canonical("--starting-with", options.starting_with.as_deref())?,
        // One more tells whether there are more.
        limit: options.limit + 1,
    };
    let mut users = user_administration::list(&opened.auth, opened.server.id, &page).await?;
    let more = users.len() > usize::from(options.limit);
    users.truncate(options.limit.into());
    let cursor = users.last().filter(|_| more).map(|user| user.username_canonical.clone());
    let mut content = Vec::new();
    for user in users {
        content.push(line(opened, user).await?);
    }
    Ok(Listed { content, cursor })
}

fn canonical(option: &str, name: Option<&str>) -> Result<String> {
    let Some(name) = name else { return Ok(String::new()) };
    // A user name may be an e-mail address, which an at sign or a part of a domain belongs to.
    match canonical_username(name) {
        Ok(canonical) => Ok(canonical),
        Err(error) => bail!("{option} {error}"),
    }
}

async fn line(opened: &Opened, listed: ListedUser) -> Result<Line> {
    let (user, server) = (listed.user, &opened.server);
    let mut locked = false;
    for name in names_to_sign_in_with(&user.username, user.email.as_deref()) {
        let failures = auth_store::login::failures(&opened.auth, server.id, identifier_hash(&name)).await?;
        locked |= is_locked(&server.settings.lock_out, failures.as_ref(), SystemClock.now());
    }
    Ok(Line {
        id: user.id.to_string(),
        username: user.username,
        email: user.email,
        name: user.full_name,
        roles: user.roles,
        enabled: user.enabled,
        locked,
        created_at: answer::moment(listed.created_at),
    })
}
