use auth_core::server::Server;
use auth_protocol::claims::UserType;
use auth_protocol::id::{CustomerId, UserId};
use auth_server::environment::random_bytes;
use auth_store::apply::{NewPassword, UserEntry};
use auth_store::user::PasswordHash;
use commerce::apply::CustomerEntry;

use super::{Customers, Lookup, Means, claims};
use crate::apply::declaration::{Declaration, Entry};
use crate::apply::identity;
use crate::apply::tables::User;
use crate::apply::values::Name;
use crate::reading::Complaints;

/// The customer context of users and applications that name none.
pub(in crate::apply) const DEFAULT_CONTEXT: &str = "default";

pub(super) fn entries(
    declaration: &Declaration,
    lookup: &Lookup<'_>,
    means: &Means<'_>,
    complaints: &mut Complaints,
) -> (Vec<UserEntry>, Customers) {
    let known = lookup.known.users.iter();
    let mut customers: Customers =
        known.filter_map(|(key, user)| user.customer_id.map(|customer| (key.clone(), customer))).collect();
    let mut users = Vec::new();
    for entry in &declaration.users {
        let Some(server) = lookup.server_of(entry, &entry.table.server, complaints) else { continue };
        check(declaration, lookup, entry, server, complaints);
        claims::check_user(entry, server, complaints);
        let user = user(&entry.table, server, means);
        let key = (server.id, user.username_canonical.clone());
        if !lookup.known.users.contains_key(&key)
            && let Some(customer) = user.new_customer_id
        {
            customers.insert(key, customer);
        }
        users.push(user);
    }
    (users, customers)
}

fn check(
    declaration: &Declaration,
    lookup: &Lookup<'_>,
    entry: &Entry<User>,
    server: &Server,
    complaints: &mut Complaints,
) {
    for role in &entry.table.roles {
        let name = role.get_ref().as_str();
        if !lookup.has_role(server, name) {
            let message =
                format!("roles: no [[role]] of server {} is called {name}: declare it, or leave it out", server.name);
            complaints.add(entry.at(role), message);
        }
    }
    let is_customer = server.user_type == UserType::Customer;
    if is_customer && entry.table.email.is_none() {
        complaints.add(entry.at(&entry.table.username), "email: a customer needs one");
    }
    let Some(context) = &entry.table.customer_context else { return };
    if !is_customer {
        complaints.add(entry.at(context), "customer_context: is for customers alone: leave it out");
    } else if !is_context(declaration, server, context.get_ref().as_str()) {
        let message = format!(
            "customer_context: no [[application]] of server {} has the context {}: they could shop nowhere",
            server.name,
            context.get_ref().as_str()
        );
        complaints.add(entry.at(context), message);
    }
}

/// Whether an application uses it; when the files say nothing of the server's applications, they are not judged by it.
fn is_context(declaration: &Declaration, server: &Server, context: &str) -> bool {
    let mut applications =
        declaration.applications.iter().filter(|entry| entry.table.server.get_ref().as_str() == server.name).peekable();
    applications.peek().is_none()
        || applications
            .any(|entry| entry.table.customer_context.as_ref().map_or(DEFAULT_CONTEXT, Name::as_str) == context)
}

fn user(table: &User, server: &Server, means: &Means<'_>) -> UserEntry {
    let is_customer = server.user_type == UserType::Customer;
    let username = table.username.get_ref();
    let email = table.email.as_ref().map(|email| email.get_ref());
    let context = context_of(table);
    UserEntry {
        server_id: server.id,
        user_type: server.user_type,
        username: username.typed.clone(),
        username_canonical: username.canonical.clone(),
        email: email.map(|email| email.typed.clone()),
        email_canonical: email.map(|email| email.canonical.clone()),
        full_name: table.full_name.as_ref().map(|name| name.as_str().to_owned()),
        phone: table.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        customer_context_id: is_customer.then(|| identity::customer_context(server.tenant_id, context)),
        roles: table.roles.iter().map(|role| role.get_ref().as_str().to_owned()).collect(),
        permissions: table.permissions.clone(),
        enabled: table.enabled,
        attributes: table.attributes.as_ref().map(|attributes| attributes.get_ref().clone()),
        new_id: UserId::new(means.unix_millis, random_bytes(means.random)),
        new_customer_id: is_customer.then(|| CustomerId::new(means.unix_millis, random_bytes(means.random))),
        new_password: new_password(table),
    }
}

fn new_password(table: &User) -> NewPassword {
    match (&table.password_hash, &table.password) {
        (Some(hash), _) => NewPassword::Imported(PasswordHash(hash.get_ref().hash.clone()), hash.get_ref().kind),
        (None, Some(_)) => NewPassword::NotHashed,
        (None, None) => NewPassword::None,
    }
}

pub(super) fn context_of(table: &User) -> &str {
    table.customer_context.as_ref().map_or(DEFAULT_CONTEXT, |context| context.get_ref().as_str())
}

/// The customer service's records of the declared users.
pub(super) fn customers(declaration: &Declaration, lookup: &Lookup<'_>, customers: &Customers) -> Vec<CustomerEntry> {
    let entries = declaration.users.iter().filter_map(|entry| {
        let server = lookup.server(&entry.table.server)?;
        let username = entry.table.username.get_ref();
        let id = *customers.get(&(server.id, username.canonical.clone()))?;
        Some(CustomerEntry {
            id,
            tenant_id: server.tenant_id,
            customer_context_id: identity::customer_context(server.tenant_id, context_of(&entry.table)),
            full_name: entry.table.full_name.as_ref().map_or(username.typed.as_str(), Name::as_str).to_owned(),
            email: entry.table.email.as_ref()?.get_ref().typed.clone(),
        })
    });
    entries.collect()
}
