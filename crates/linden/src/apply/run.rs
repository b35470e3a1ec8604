use std::collections::HashMap;
use std::sync::Arc;

use auth_core::password::canonical_password;
use auth_core::time::Timestamp;
use auth_server::environment::SystemRandom;
use auth_server::password_hashing::{HashingError, PasswordHashing};
use auth_store::apply::{ApplyError as AuthError, Known, NewPassword};
use auth_store::user::PasswordHash;
use commerce::apply::ApplyError as CommerceError;
use commerce::trusted_issuer::Issuer;
use database::{Database, Error};

use super::declaration::{Declaration, Entry};
use super::plan::{Customers, Lookup, Means, Plan, commerce, memberships};
use super::report::{GeneratedSecret, Report};
use super::tables::Client;
use crate::reading::{Mistakes, Place};

/// The secret of a client with `{ derived = true }`, by its server's issuer and its id.
pub type DeriveSecret = Arc<dyn Fn(&str, &str) -> Option<String> + Send + Sync>;

/// What applying needs beside files and databases.
pub struct Environment {
    pub hashing: PasswordHashing,
    pub derive_secret: DeriveSecret,
    pub now: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
    #[error("a password could not be hashed: {0}")]
    Hashing(#[from] HashingError),
    #[error(transparent)]
    Storage(#[from] Error),
    /// The authorization server's part is written, the rest is not. Secrets that were made meanwhile are in force, and
    /// are told here or never.
    #[error("only the authorization server's part was written: {cause}; run it again to do what is left")]
    Unfinished { cause: Box<ApplyError>, generated_secrets: Vec<GeneratedSecret> },
}

impl ApplyError {
    pub fn generated_secrets(&self) -> &[GeneratedSecret] {
        match self {
            ApplyError::Unfinished { generated_secrets, .. } => generated_secrets,
            _ => &[],
        }
    }
}

/// Makes both databases as declared. See the module's head for the order, and for what a crash in between means.
pub async fn run(
    declaration: &Declaration,
    auth: &Database,
    shop: &Database,
    environment: &Environment,
) -> Result<Report, ApplyError> {
    let (known, mut plan) = planned(declaration, auth, shop, environment).await?;
    hash_new_passwords(declaration, &mut plan, &known, &environment.hashing).await?;
    let lookup = Lookup::new(declaration, &known);
    let now = environment.now;

    let rehearsed = commerce(declaration, &lookup, &plan.customers);
    commerce::apply::rehearse(shop, &rehearsed, now.0).await.map_err(|error| of_commerce(declaration, error))?;

    let applied = auth_store::apply::apply(auth, &plan.auth, now).await;
    let applied = applied.map_err(|error| of_auth(declaration, &lookup, error))?;
    let mut report = Report::default();
    for (server, client_id) in applied.new_secrets {
        if let Some(secret) = plan.generated.remove(&(server, client_id.clone())) {
            report.generated_secrets.push(GeneratedSecret { client_id, secret });
        }
    }
    report.add_auth(applied.changes);
    let kept = applied.users.into_iter();
    let kept = kept.filter_map(|user| Some(((user.server_id, user.username_canonical), user.customer_id?)));
    let customers: Customers = plan.customers.into_iter().chain(kept).collect();
    match write_the_rest(declaration, &lookup, &customers, auth, shop, now, &mut report).await {
        Ok(()) => Ok(report),
        Err(cause) => {
            Err(ApplyError::Unfinished { cause: Box::new(cause), generated_secrets: report.generated_secrets })
        }
    }
}

/// Commerce never opens the authorization server's database: whose tokens count there is a copy.
async fn trust_issuers(auth: &Database, shop: &Database) -> Result<(), Error> {
    let servers = auth_store::server::all(auth).await?;
    let issuers: Vec<Issuer> = servers
        .into_iter()
        .map(|server| Issuer {
            tenant_id: server.tenant_id,
            issuer: server.issuer,
            audience: server.settings.api_audience,
        })
        .collect();
    commerce::trusted_issuer::replace(shop, &issuers).await?;
    Ok(())
}

/// What is there, and what is to be written; nothing is written yet.
pub(super) async fn planned(
    declaration: &Declaration,
    auth: &Database,
    shop: &Database,
    environment: &Environment,
) -> Result<(Known, Plan), ApplyError> {
    let known = known(declaration, auth).await?;
    let shops = ::commerce::export::hosts(shop).await?;
    let means = Means {
        shops: &shops,
        random: &SystemRandom,
        unix_millis: u64::try_from(environment.now.millis()).unwrap_or_default(),
        derive_secret: environment.derive_secret.as_ref(),
    };
    let plan = Plan::new(declaration, &known, &means)?;
    Ok((known, plan))
}

/// The shop's data, then the memberships, which are nothing without the shop's accounts.
async fn write_the_rest(
    declaration: &Declaration,
    lookup: &Lookup<'_>,
    customers: &Customers,
    auth: &Database,
    shop: &Database,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), ApplyError> {
    trust_issuers(auth, shop).await?;
    let declared = commerce(declaration, lookup, customers);
    let members = memberships(declaration, lookup, customers);
    let of_shop =
        commerce::apply::apply(shop, &declared, now.0).await.map_err(|error| of_commerce(declaration, error))?;
    report.add_commerce(of_shop, members.iter().map(|member| member.name.as_str()));
    let of_members = auth_store::apply::apply_memberships(auth, &members, now)
        .await
        .map_err(|error| of_auth(declaration, lookup, error))?;
    report.add_auth(of_members);
    Ok(())
}

pub(super) async fn known(declaration: &Declaration, auth: &Database) -> Result<Known, Error> {
    let servers = auth_store::server::all(auth).await?;
    let servers = Known { servers, ..Known::default() };
    let users = Lookup::new(declaration, &servers).users_named(declaration);
    auth_store::apply::known(auth, &users).await
}

/// Only those of users who are new: hashing takes its time, and a user who is there keeps their password.
async fn hash_new_passwords(
    declaration: &Declaration,
    plan: &mut Plan,
    known: &Known,
    hashing: &PasswordHashing,
) -> Result<(), HashingError> {
    let passwords: HashMap<(&str, &str), &str> = declaration
        .users
        .iter()
        .filter_map(|Entry { table, .. }| {
            let password = table.password.as_ref()?.get_ref().text()?;
            Some(((table.server.get_ref().as_str(), table.username.get_ref().canonical.as_str()), password))
        })
        .collect();
    let lookup = Lookup::new(declaration, known);
    for user in &mut plan.auth.users {
        let Some(server) = lookup.server_by_id(user.server_id) else { continue };
        let is_new = !known.users.contains_key(&(user.server_id, user.username_canonical.clone()));
        let password = passwords.get(&(server.name.as_str(), user.username_canonical.as_str()));
        if let Some(password) = password.filter(|_| is_new) {
            let canonical = canonical_password(password).map_err(|_| HashingError::Failed)?;
            user.new_password = NewPassword::Hash(PasswordHash(hashing.hash(canonical, &SystemRandom).await?));
        }
    }
    Ok(())
}

pub(super) fn of_auth(declaration: &Declaration, lookup: &Lookup<'_>, error: AuthError) -> ApplyError {
    match error {
        AuthError::SecretEnded { server, ref client_id } => {
            let server = lookup.server_by_id(server).map(|server| server.name.as_str());
            let is_meant = |entry: &&Entry<Client>| {
                entry.table.client_id.get_ref().as_str() == client_id
                    && Some(entry.table.server.get_ref().as_str()) == server
            };
            let place = declaration.clients.iter().find(is_meant).map(secret_place);
            told_at(declaration, place, error.to_string())
        }
        AuthError::Storage(error) => error.into(),
        AuthError::Taken { ref entry, .. } | AuthError::Fixed { ref entry, .. } => {
            refused(declaration, entry, error.to_string())
        }
    }
}

pub(super) fn of_commerce(declaration: &Declaration, error: CommerceError) -> ApplyError {
    match error {
        CommerceError::Storage(error) => error.into(),
        CommerceError::Invalid { ref entry, .. }
        | CommerceError::Missing { ref entry, .. }
        | CommerceError::Taken { ref entry, .. } => refused(declaration, entry, error.to_string()),
    }
}

/// A store knows an entry's name, the files know where it stands.
fn refused(declaration: &Declaration, entry: &str, message: String) -> ApplyError {
    told_at(declaration, place_of(declaration, entry), message)
}

fn secret_place(entry: &Entry<Client>) -> Place {
    let hashes = entry.table.secret_hashes.as_ref().map(|hashes| entry.at(hashes));
    entry.table.secret.as_ref().map(|secret| entry.at(secret)).or(hashes).unwrap_or(entry.place)
}

fn told_at(declaration: &Declaration, place: Option<Place>, message: String) -> ApplyError {
    let place = place.unwrap_or(Place { file: 0, offset: 0 });
    Mistakes(vec![place.mistake(&declaration.files, message)]).into()
}

fn place_of(declaration: &Declaration, name: &str) -> Option<Place> {
    let applications = declaration.applications.iter().map(|entry| (entry.place, entry.table.name.get_ref().as_str()));
    let accounts = declaration.accounts.iter().map(|entry| (entry.place, entry.table.name.get_ref().as_str()));
    let lists = declaration.item_lists.iter().map(|entry| (entry.place, entry.table.name.get_ref().as_str()));
    let tenants = declaration.tenants.iter().map(|entry| (entry.place, entry.table.name.get_ref().as_str()));
    let servers = declaration.servers.iter().map(|entry| (entry.place, entry.table.name.get_ref().as_str()));
    let users = declaration.users.iter().map(|entry| (entry.place, entry.table.username.get_ref().typed.as_str()));
    let full_names =
        declaration.users.iter().filter_map(|entry| Some((entry.place, entry.table.full_name.as_ref()?.as_str())));
    let named = applications.chain(accounts).chain(lists).chain(tenants).chain(servers).chain(users).chain(full_names);
    named.into_iter().find(|(_, known)| *known == name).map(|(place, _)| place)
}
