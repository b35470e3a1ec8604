//! `linden seed`: made-up users and sessions, many of them, to see how a store behaves that has grown.
//!
//! 1. It has to be asked for in so many words, and no issuer that others may reach is filled.
//! 2. The users share one password, which is made here and told once.
//! 3. Blocks of rows, each a transaction, several under way at a time; a second run adds to the first.

mod rows;

use std::fmt;
use std::io::{IsTerminal, Write};

use anyhow::{Context, Result, bail};
use auth_protocol::claims::UserType;
use auth_server::environment::{Clock, SystemClock, SystemRandom};
use auth_store::apply::{NewPassword, UserEntry};
use auth_store::audit::AuditKind;
use auth_store::seed;
use auth_store::user::PasswordHash;
use clap::Args;
use futures::stream::{self, StreamExt, TryStreamExt};
use serde::Serialize;
use url::{Host, Url};

use self::rows::{Rows, USERNAMES};
use crate::apply::single::{self, UserTable};
use crate::commands::password::generated_password;
use crate::commands::server::{Opened, ServerOptions};
use crate::commands::{answer, audit};
use crate::parts::password_hashing;

/// In one transaction.
const BLOCK: u32 = 1_000;
const BLOCKS_AT_A_TIME: usize = 4;

#[derive(Debug, Args)]
pub struct SeedOptions {
    /// How many users
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=50_000_000))]
    users: u32,
    /// How many sessions, dealt out among these users
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=50_000_000))]
    sessions: u32,
    /// Without this nothing is written
    #[arg(long)]
    this_is_no_real_shop: bool,
    #[command(flatten)]
    server: ServerOptions,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Seeded {
    users: u32,
    sessions: u32,
    first_username: String,
    last_username: String,
    /// Of all of them.
    password: String,
}

impl fmt::Display for Seeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { users, sessions, first_username, last_username, password } = self;
        write!(
            f,
            "added {users} users, {first_username} to {last_username}, with {sessions} sessions\npassword {password}"
        )
    }
}

pub async fn run(options: SeedOptions) -> Result<()> {
    if !options.this_is_no_real_shop {
        bail!(
            "this would fill the store with users whom nobody knows, all with one password: \
             add --this-is-no-real-shop if that is what it is for"
        );
    }
    let seeded = options.server.with(async |opened| fill(opened, &options).await).await?;
    answer::print(&seeded, options.server.json)
}

async fn fill(opened: &Opened, options: &SeedOptions) -> Result<Seeded> {
    // Step 1.
    let server = &opened.server;
    if server.user_type != UserType::Customer {
        bail!("{} is for administrators, whom nobody should make up: choose a server of customers", server.name);
    }
    if !is_private(&server.issuer) {
        bail!(
            "{} is the address of a shop that others may reach: made-up users belong where the issuer is on localhost, on \
             an address of a private network, or under .test, .example, .invalid or .localhost",
            server.issuer
        );
    }
    // Step 2.
    let password = generated_password();
    let hash = password_hashing()?.hash(password.clone(), &SystemRandom).await?;
    // Step 3.
    let last = seed::last_username(&opened.auth, server.id, USERNAMES).await?;
    let now = SystemClock.now();
    let template = UserEntry { new_password: NewPassword::Hash(PasswordHash(hash)), ..template(opened).await? };
    let rows = Rows::new(server, last.as_deref(), template, options.users, now);
    let detail = format!("{} users and {} sessions", options.users, options.sessions);
    let object = rows.username(0);
    seed::announce(&opened.auth, server.id, audit::event(AuditKind::UsersSeeded, "", &object, detail, now)).await?;
    let written = Progress::new("users", options.users);
    stream::iter(blocks(options.users))
        .map(|block| async { anyhow::Ok(seed::add_users(&opened.auth, &rows.users(block)?, now).await?) })
        .buffer_unordered(BLOCKS_AT_A_TIME)
        .try_fold(written, async |written, ()| Ok(written.another(BLOCK)))
        .await?;
    let written = Progress::new("sessions", options.sessions);
    stream::iter(blocks(options.sessions))
        .map(|block| async { anyhow::Ok(seed::begin_sessions(&opened.auth, server.id, &rows.sessions(block)).await?) })
        .buffer_unordered(BLOCKS_AT_A_TIME)
        .try_fold(written, async |written, ()| Ok(written.another(BLOCK)))
        .await?;
    Ok(Seeded {
        users: options.users,
        sessions: options.sessions,
        first_username: rows.username(0),
        last_username: rows.username(options.users - 1),
        password,
    })
}

/// A shopper as `linden user add` makes one.
async fn template(opened: &Opened) -> Result<UserEntry> {
    let table = UserTable {
        server: &opened.server.name,
        username: "made-up",
        email: Some("made-up@shop.invalid"),
        full_name: None,
        phone: None,
        customer_context: None,
        roles: &[],
        permissions: &[],
    };
    let planned = single::user(&table, &opened.auth, audit::unix_millis(SystemClock.now())).await?;
    planned.map(|planned| planned.entry).context("no user was planned")
}

fn blocks(total: u32) -> impl Iterator<Item = std::ops::Range<u32>> {
    (0..total).step_by(BLOCK as usize).map(move |first| first..total.min(first + BLOCK))
}

/// Whether nobody else's customers can be at this issuer: names that are never anybody's (RFC 2606, RFC 6761), and
/// addresses that no browser elsewhere reaches.
fn is_private(issuer: &str) -> bool {
    let Some(host) = Url::parse(issuer).ok().and_then(|url| url.host().map(|host| host.to_owned())) else {
        return false;
    };
    match host {
        Host::Domain(name) => {
            let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
            ["localhost", "test", "example", "invalid"].contains(&last)
        }
        Host::Ipv4(address) => address.is_loopback() || address.is_private(),
        Host::Ipv6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// Told on stderr: on a terminal in one line that moves, elsewhere a line each tenth.
struct Progress {
    what: &'static str,
    total: u32,
    done: u32,
    moves: bool,
}

impl Progress {
    fn new(what: &'static str, total: u32) -> Self {
        Self { what, total, done: 0, moves: std::io::stderr().is_terminal() }
    }

    fn another(mut self, rows: u32) -> Self {
        let tenths = |done: u32| u64::from(done) * 10 / u64::from(self.total.max(1));
        let done = self.total.min(self.done + rows);
        let line = format!("{done} of {} {}", self.total, self.what);
        if self.moves {
            let end = if done == self.total { "\n" } else { "" };
            eprint!("\r{line}{end}");
            std::io::stderr().flush().ok();
        } else if tenths(done) > tenths(self.done) {
            eprintln!("{line}");
        }
        self.done = done;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_issuers_that_cannot_be_a_real_shops_are_filled() {
        for issuer in [
            "http://localhost:8080/auth",
            "http://127.0.0.1:8090/auth",
            "https://[::1]/auth",
            "https://10.1.2.3/auth",
            "https://shop.test/auth",
            "https://shop.example",
            "https://a.localhost./auth",
        ] {
            assert!(is_private(issuer), "{issuer}");
        }
        for issuer in
            ["https://shop.com/auth", "https://test.shop.com", "https://8.8.8.8/", "https://localhost.com", "shop"]
        {
            assert!(!is_private(issuer), "{issuer}");
        }
    }

    #[test]
    fn blocks_are_all_of_it_and_nothing_twice() {
        for total in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let numbers: Vec<u32> = blocks(total).flatten().collect();
            assert_eq!(numbers, (0..total).collect::<Vec<_>>());
        }
    }
}
