//! What can be said of a declaration without looking into the database.

use std::collections::HashSet;
use std::fmt::Display;
use std::hash::Hash;

use url::Url;

use crate::apply::identifiers;
use crate::apply::{ApplicationEntry, ApplyError, Declaration, ItemListEntry};
use crate::cart::{ListName, MOST_ITEMS, ProductId, ProductName, Quantity};
use crate::tenant::HostName;

pub(crate) fn check(declaration: &Declaration) -> Result<(), ApplyError> {
    for tenant in &declaration.tenants {
        text(&tenant.name, "name", &tenant.name)?;
    }
    declaration.applications.iter().try_for_each(application)?;
    for customer in &declaration.customers {
        text(&customer.full_name, "full_name", &customer.full_name)?;
        text(&customer.full_name, "email", &customer.email)?;
    }
    for account in &declaration.accounts {
        text(&account.name, "name", &account.name)?;
        text(&account.name, "account_number", &account.account_number)?;
    }
    for member in &declaration.members {
        for role in &member.roles {
            text(&member.customer_id.to_string(), "roles", role)?;
        }
    }
    declaration.item_lists.iter().try_for_each(item_list)?;
    each_once(declaration)
}

fn application(application: &ApplicationEntry) -> Result<(), ApplyError> {
    let name = &application.name;
    for (field, value) in [
        ("name", name),
        ("token", &application.token),
        ("identifier_value", &application.identifier_value),
        ("issuer", &application.issuer),
        ("client_id", &application.client_id),
        ("gateway_client_id", &application.gateway_client_id),
        ("default_locale", &application.default_locale),
    ] {
        text(name, field, value)?;
    }
    for locale in &application.allowed_locales {
        text(name, "allowed_locales", locale)?;
    }
    if let Some(reason) =
        identifiers::unfit(application.identifier_type, &application.identifier_value, &application.issuer)
    {
        return invalid(name, "identifier_value", reason);
    }
    if identifiers::is_too_long_for_a_header(&application.token) {
        return invalid(name, "token", "does not fit into a header: at most 128 ASCII characters");
    }
    if application.domains.is_empty() {
        return invalid(name, "domains", "names no domain");
    }
    for domain in &application.domains {
        if let Err(reason) = domain.parse::<HostName>() {
            return invalid(name, "domains", format!("holds {domain:?}: {reason}"));
        }
    }
    for origin in &application.origins {
        let is_origin = Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == *origin);
        if !is_origin {
            return invalid(name, "origins", format!("holds {origin:?}, which is no origin like https://shop.example"));
        }
    }
    if application.storefront.is_object() { Ok(()) } else { invalid(name, "storefront", "is not an object") }
}

fn item_list(list: &ItemListEntry) -> Result<(), ApplyError> {
    let wrong = |field, reason: &dyn Display| invalid(&list.name, field, reason.to_string());
    match ListName::parse(&list.name) {
        Ok(name) if name.as_str() == list.name => {}
        Ok(_) => return wrong("name", &"has spaces around it"),
        Err(reason) => return wrong("name", &reason),
    }
    if list.customer_id.is_some() && list.application_id.is_some() {
        return wrong("application_id", &"is for public lists alone");
    }
    if i64::try_from(list.items.len()).is_ok_and(|count| count > MOST_ITEMS) {
        return wrong("items", &format!("has more than {MOST_ITEMS} entries"));
    }
    for item in &list.items {
        if let Err(reason) = ProductId::parse(&item.product_id) {
            return wrong("product_id", &reason);
        }
        if let Err(reason) = ProductName::parse(&item.name) {
            return wrong("item name", &reason);
        }
        if let Err(reason) = Quantity::new(item.quantity) {
            return wrong("quantity", &reason);
        }
    }
    Ok(())
}

/// An entry that is there twice could never be as declared.
fn each_once(declaration: &Declaration) -> Result<(), ApplyError> {
    once("tenant", declaration.tenants.iter().map(|tenant| (tenant.id, &tenant.name)))?;
    once("application", declaration.applications.iter().map(|entry| ((entry.tenant_id, entry.id), &entry.name)))?;
    once("customer", declaration.customers.iter().map(|entry| ((entry.tenant_id, entry.id), &entry.full_name)))?;
    once("account", declaration.accounts.iter().map(|entry| ((entry.tenant_id, entry.id), &entry.name)))?;
    let members = declaration.members.iter();
    once("member", members.map(|entry| ((entry.tenant_id, entry.account_id, entry.customer_id), entry.customer_id)))?;
    once("item list", declaration.item_lists.iter().map(|entry| ((entry.tenant_id, entry.id), &entry.name)))?;
    for list in &declaration.item_lists {
        once("item", list.items.iter().map(|item| (item.id, &item.name)))?;
        once("product on a list", list.items.iter().map(|item| (&item.product_id, &item.name)))?;
    }
    Ok(())
}

fn once<Key: Hash + Eq, Name: Display>(
    what: &'static str,
    entries: impl Iterator<Item = (Key, Name)>,
) -> Result<(), ApplyError> {
    let mut seen = HashSet::new();
    for (key, name) in entries {
        if !seen.insert(key) {
            return invalid(&name.to_string(), what, "is declared twice");
        }
    }
    Ok(())
}

/// What people or programs read: not blank, not endless, nothing that does not show.
fn text(entry: &str, field: &'static str, value: &str) -> Result<(), ApplyError> {
    if value.trim().is_empty() {
        return invalid(entry, field, "is empty");
    }
    if value.chars().count() > 255 {
        return invalid(entry, field, "has more than 255 characters");
    }
    if value.chars().any(char::is_control) { invalid(entry, field, "holds control characters") } else { Ok(()) }
}

fn invalid(entry: &str, field: &'static str, reason: impl Into<String>) -> Result<(), ApplyError> {
    Err(ApplyError::Invalid { entry: entry.to_owned(), field, reason: reason.into() })
}
