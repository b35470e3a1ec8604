use std::ops::Range;

use anyhow::{Context, Result};
use auth_core::server::Server;
use auth_core::session::{Session, SessionTimes, SignInMethod};
use auth_core::time::{Span, Timestamp};
use auth_core::user::{canonical_email, canonical_username};
use auth_protocol::id::{CustomerId, SessionId, UserId};
use auth_server::environment::{Random, SystemRandom, random_bytes};
use auth_store::apply::UserEntry;
use auth_store::session::NewSession;

use crate::commands::audit::unix_millis;

/// What all their names begin with.
pub const USERNAMES: &str = "made-up-";

/// Begun within so long before, one after the other.
const SECONDS: i64 = 600;

/// Made-up users and sessions by number.
pub struct Rows<'a> {
    server: &'a Server,
    /// What all users have in common.
    template: UserEntry,
    users: u32,
    now: Timestamp,
    /// The number in the first user's name.
    first: u32,
    /// Tells this run's ids from those of others.
    run: [u8; 6],
}

impl<'a> Rows<'a> {
    /// `last` of those that are there, by name.
    pub fn new(server: &'a Server, last: Option<&str>, template: UserEntry, users: u32, now: Timestamp) -> Self {
        let last = last.and_then(|name| name.strip_prefix(USERNAMES)).and_then(|number| number.parse::<u32>().ok());
        let run = random_bytes::<6>(&SystemRandom);
        Self { server, template, users, now, first: last.map_or(1, |last| last + 1), run }
    }

    pub fn username(&self, number: u32) -> String {
        // Of one length, so that the order of bytes is that of numbers.
        format!("{USERNAMES}{:010}", self.first + number)
    }

    pub fn users(&self, numbers: Range<u32>) -> Result<Vec<UserEntry>> {
        numbers.map(|number| self.user(number)).collect()
    }

    pub fn sessions(&self, numbers: Range<u32>) -> Vec<NewSession> {
        let mut secret_hashes = vec![0; numbers.len() * 32];
        SystemRandom.fill(&mut secret_hashes);
        let (secret_hashes, _) = secret_hashes.as_chunks::<32>();
        numbers.zip(secret_hashes).map(|(number, secret_hash)| self.session(number, *secret_hash)).collect()
    }

    fn user(&self, number: u32) -> Result<UserEntry> {
        let username = self.username(number);
        let email = format!("{username}@shop.invalid");
        Ok(UserEntry {
            username_canonical: canonical_username(&username).context("a made-up name")?,
            email_canonical: Some(canonical_email(&email).context("a made-up address")?),
            full_name: Some(format!("Made-up Shopper {}", self.first + number)),
            username,
            email: Some(email),
            new_id: self.user_id(number),
            new_customer_id: Some(CustomerId::new(unix_millis(self.now), self.bytes(number))),
            ..self.template.clone()
        })
    }

    /// Nobody has the secret that a hash is of: these sessions lie there, as others' do.
    fn session(&self, number: u32, secret_hash: [u8; 32]) -> NewSession {
        let began = self.now + Span::seconds(-(i64::from(number) % SECONDS));
        let session = Session {
            id: SessionId::new(unix_millis(began), self.bytes(number)),
            user_id: self.user_id(number % self.users),
            authenticated_at: began,
            methods: vec![SignInMethod::Password],
            times: SessionTimes::begin(&self.server.settings.lifetimes, began),
        };
        NewSession { session, secret_hash }
    }

    fn user_id(&self, number: u32) -> UserId {
        UserId::new(unix_millis(self.now), self.bytes(number))
    }

    fn bytes(&self, number: u32) -> [u8; 10] {
        let mut bytes = [0; 10];
        bytes[..6].copy_from_slice(&self.run);
        bytes[6..].copy_from_slice(&number.to_be_bytes());
        bytes
    }
}
