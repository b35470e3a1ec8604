use auth_core::server::Server;
use auth_protocol::claims::UserType;
use auth_protocol::id::AccountId;
use auth_store::apply::MembershipEntry;
use commerce::apply::{AccountEntry, AccountStatus as Status, MemberEntry};

use super::{Customers, Lookup};
use crate::apply::declaration::{Declaration, Entry};
use crate::apply::identity;
use crate::apply::tables::{Account, AccountStatus, Member};
use crate::apply::values::Name;
use crate::reading::Complaints;

/// How deep accounts may be nested.
const MOST_PARENTS: usize = 8;

pub(super) fn check(
    declaration: &Declaration,
    lookup: &Lookup<'_>,
    customers: &Customers,
    complaints: &mut Complaints,
) {
    for entry in &declaration.accounts {
        let Some(server) = lookup.server_of(entry, &entry.table.server, complaints) else { continue };
        if server.user_type != UserType::Customer {
            let message =
                format!("server: the users of {} are no customers, so they are members of nothing", server.name);
            complaints.add(entry.at(&entry.table.server), message);
            continue;
        }
        check_parent(lookup, entry, complaints);
        for member in &entry.table.member {
            check_member(lookup, entry, server, member, customers, complaints);
        }
    }
}

fn check_parent(lookup: &Lookup<'_>, entry: &Entry<Account>, complaints: &mut Complaints) {
    let Some(parent) = &entry.table.parent else { return };
    let server = entry.table.server.get_ref().as_str();
    let name = parent.get_ref().as_str();
    if lookup.parent_of(server, name).is_none() {
        let message =
            format!("parent: no [[account]] of server {server} is called {name} in these files: declare it here, too");
        complaints.add(entry.at(parent), message);
    } else if parents(lookup, entry).is_none() {
        let message = format!("parent: leads in a circle, or more than {MOST_PARENTS} accounts up");
        complaints.add(entry.at(parent), message);
    }
}

fn check_member(
    lookup: &Lookup<'_>,
    entry: &Entry<Account>,
    server: &Server,
    member: &Member,
    customers: &Customers,
    complaints: &mut Complaints,
) {
    let username = member.username.get_ref();
    if !customers.contains_key(&(server.id, username.canonical.clone())) {
        let message = format!(
            "username: no user of server {} is called {}: declare them with [[user]]",
            server.name, username.typed
        );
        complaints.add(entry.at(&member.username), message);
    }
    for role in &member.roles {
        let name = role.get_ref().as_str();
        if !lookup.has_role(server, name) {
            let message =
                format!("roles: no [[role]] of server {} is called {name}: declare it, or leave it out", server.name);
            complaints.add(entry.at(role), message);
        }
    }
}

/// Names of the accounts above, nearest first; `None` when they lead in a circle or too far up.
fn parents<'a>(lookup: &Lookup<'a>, entry: &Entry<Account>) -> Option<Vec<&'a str>> {
    let server = entry.table.server.get_ref().as_str();
    let mut parents = Vec::new();
    let mut next = lookup.parent_of(server, entry.table.name.get_ref().as_str()).flatten();
    while let Some(parent) = next {
        if parents.len() == MOST_PARENTS {
            return None;
        }
        parents.push(parent);
        next = lookup.parent_of(server, parent).flatten();
    }
    Some(parents)
}

pub(super) fn entries(declaration: &Declaration, lookup: &Lookup<'_>) -> Vec<AccountEntry> {
    let entries = declaration.accounts.iter().filter_map(|entry| {
        let tenant_id = lookup.server(&entry.table.server)?.tenant_id;
        let name = entry.table.name.get_ref().as_str();
        let parent = entry.table.parent.as_ref().map(|parent| parent.get_ref().as_str());
        Some(AccountEntry {
            id: identity::account(tenant_id, name),
            tenant_id,
            parent_account_id: parent.map(|parent| identity::account(tenant_id, parent)),
            name: name.to_owned(),
            account_number: entry.table.account_number.as_ref().map_or(name, Name::as_str).to_owned(),
            status: match entry.table.status {
                Some(AccountStatus::Inactive) => Status::Inactive,
                Some(AccountStatus::Active) | None => Status::Active,
            },
        })
    });
    entries.collect()
}

/// Each declared member with its account and server.
fn each_member<'a>(
    declaration: &'a Declaration,
    lookup: &'a Lookup<'_>,
) -> impl Iterator<Item = (&'a Server, &'a Entry<Account>, &'a Member)> {
    declaration.accounts.iter().flat_map(move |entry| {
        let server = lookup.server(&entry.table.server);
        entry.table.member.iter().filter_map(move |member| Some((server?, entry, member)))
    })
}

fn account_id(server: &Server, entry: &Entry<Account>) -> AccountId {
    identity::account(server.tenant_id, entry.table.name.get_ref().as_str())
}

fn roles(member: &Member) -> Vec<String> {
    member.roles.iter().map(|role| role.get_ref().as_str().to_owned()).collect()
}

pub(super) fn members(declaration: &Declaration, lookup: &Lookup<'_>, customers: &Customers) -> Vec<MemberEntry> {
    let members = each_member(declaration, lookup).filter_map(|(server, entry, member)| {
        let customer_id = *customers.get(&(server.id, member.username.get_ref().canonical.clone()))?;
        let account_id = account_id(server, entry);
        Some(MemberEntry { tenant_id: server.tenant_id, account_id, customer_id, roles: roles(member) })
    });
    members.collect()
}

pub(super) fn memberships(
    declaration: &Declaration,
    lookup: &Lookup<'_>,
    customers: &Customers,
) -> Vec<MembershipEntry> {
    let members = each_member(declaration, lookup).filter_map(|(server, entry, member)| {
        let username = member.username.get_ref();
        let above = parents(lookup, entry).unwrap_or_default();
        Some(MembershipEntry {
            server_id: server.id,
            customer_id: *customers.get(&(server.id, username.canonical.clone()))?,
            account_id: account_id(server, entry),
            roles: roles(member),
            parent_accounts: above.iter().map(|name| identity::account(server.tenant_id, name)).collect(),
            name: format!("{} in {}", username.typed, entry.table.name.get_ref().as_str()),
        })
    });
    members.collect()
}
