use std::collections::BTreeSet;

use auth_core::client::{ClientSettings, GrantType};
use auth_core::server::Server;
use auth_protocol::claims::UserType;
use auth_protocol::id::{ApplicationId, TenantId};
use auth_store::apply::Declaration as AuthDeclaration;
use commerce::apply::{ApplicationEntry, CustomerContextEntry, ItemEntry, ItemListEntry, TenantEntry};
use commerce::tenant::IdentifierType;
use serde_json::{Map, Value};

use super::Lookup;
use super::users::{DEFAULT_CONTEXT, context_of};
use crate::apply::declaration::{Declaration, Entry};
use crate::apply::identity;
use crate::apply::tables::{Application, ItemList};
use crate::apply::values::{ClientId, Domain, Name};
use crate::reading::Complaints;
use crate::reading::Spanned;

pub(super) fn check(
    declaration: &Declaration,
    lookup: &Lookup<'_>,
    auth: &AuthDeclaration,
    complaints: &mut Complaints,
) {
    for entry in &declaration.applications {
        let Some(server) = lookup.server_of(entry, &entry.table.server, complaints) else { continue };
        if server.user_type != UserType::Customer {
            let message = format!("server: the users of {} are no customers: name a server of customers", server.name);
            complaints.add(entry.at(&entry.table.server), message);
        }
        let named = [
            ("client", &entry.table.client, GrantType::AuthorizationCode),
            ("gateway_client", &entry.table.gateway_client, GrantType::ClientCredentials),
        ];
        let id = identity::application(server.tenant_id, entry.table.name.get_ref().as_str());
        for (field, client, grant) in named {
            let Some(client) = client else { continue };
            if let Some(message) = unfit(lookup, auth, server, client, (grant, id)) {
                complaints.add(entry.at(client), format!("{field}: {message}"));
            }
        }
    }
    declaration.item_lists.iter().for_each(|entry| check_list(declaration, lookup, entry, complaints));
}

/// What is wrong with a client that an application names.
fn unfit(
    lookup: &Lookup<'_>,
    auth: &AuthDeclaration,
    server: &Server,
    client: &Spanned<ClientId>,
    (grant, application): (GrantType, ApplicationId),
) -> Option<String> {
    let client_id = client.get_ref().as_str();
    let Some(settings) = client_settings(lookup, auth, server, client_id) else {
        return Some(format!(
            "no [[client]] of server {} is called {client_id}: declare it, or correct the name",
            server.name
        ));
    };
    // Its tokens say which application they are for, and services refuse them in the context of any other.
    if settings.application_id.is_some_and(|other| other != application) {
        return Some(format!("{client_id} serves another application alone: name a client of its own, or one of none"));
    }
    let may = settings.grant_types.contains(&grant);
    (!may).then(|| format!("{client_id} may not use {}: add it to the client's grant_types", grant.name()))
}

fn client_settings<'a>(
    lookup: &'a Lookup<'_>,
    auth: &'a AuthDeclaration,
    server: &Server,
    client_id: &str,
) -> Option<&'a ClientSettings> {
    let mut declared = auth.clients.iter();
    let declared = declared.find(|client| client.server_id == server.id && client.client_id == client_id);
    let known = || lookup.known.clients.get(&server.id)?.iter().find(|client| client.client_id == client_id);
    declared.map(|client| &client.settings).or_else(|| known().map(|client| &client.settings))
}

fn check_list(declaration: &Declaration, lookup: &Lookup<'_>, entry: &Entry<ItemList>, complaints: &mut Complaints) {
    let tenant = entry.table.tenant.get_ref().as_str();
    if !lookup.has_tenant(tenant) {
        let message = format!("tenant: there is no tenant {tenant}: declare it with [[tenant]], or correct the name");
        complaints.add(entry.at(&entry.table.tenant), message);
    }
    let Some(application) = &entry.table.application else { return };
    let tenant_id = identity::tenant(tenant);
    let is_there = declaration.applications.iter().any(|declared| {
        declared.table.name.get_ref() == application.get_ref()
            && lookup.server(&declared.table.server).is_some_and(|server| server.tenant_id == tenant_id)
    });
    if !is_there {
        let name = application.get_ref().as_str();
        let message = format!("application: no [[application]] of tenant {tenant} is called {name} in these files");
        complaints.add(entry.at(application), message);
    }
}

pub(super) fn tenants(declaration: &Declaration) -> Vec<TenantEntry> {
    let names = declaration.tenants.iter().map(|entry| entry.table.name.get_ref().as_str());
    names.map(|name| TenantEntry { id: identity::tenant(name), name: name.to_owned() }).collect()
}

/// Pools of customers that applications and users name, each once.
pub(super) fn customer_contexts(declaration: &Declaration, lookup: &Lookup<'_>) -> Vec<CustomerContextEntry> {
    let of_applications = declaration.applications.iter().map(|entry| {
        (&entry.table.server, entry.table.customer_context.as_ref().map_or(DEFAULT_CONTEXT, Name::as_str))
    });
    let of_users = declaration.users.iter().map(|entry| (&entry.table.server, context_of(&entry.table)));
    let named: BTreeSet<(TenantId, &str)> = of_applications
        .chain(of_users)
        .filter_map(|(server, name)| {
            let server = lookup.server(server).filter(|server| server.user_type == UserType::Customer)?;
            Some((server.tenant_id, name))
        })
        .collect();
    let entries = named.into_iter().map(|(tenant_id, name)| CustomerContextEntry {
        id: identity::customer_context(tenant_id, name),
        tenant_id,
        name: name.to_owned(),
    });
    entries.collect()
}

pub(super) fn entries(declaration: &Declaration, lookup: &Lookup<'_>) -> Vec<ApplicationEntry> {
    let applications = declaration.applications.iter();
    applications.filter_map(|entry| Some(application(&entry.table, lookup.server(&entry.table.server)?))).collect()
}

fn application(table: &Application, server: &Server) -> ApplicationEntry {
    let name = table.name.get_ref().as_str();
    let (identifier_type, identifier_value) = identifier(table);
    let locale = table.default_locale.as_ref().map_or("en", Name::as_str);
    let allowed: Vec<String> = table.allowed_locales.iter().map(|locale| locale.as_str().to_owned()).collect();
    let context = table.customer_context.as_ref().map_or(DEFAULT_CONTEXT, Name::as_str);
    ApplicationEntry {
        id: identity::application(server.tenant_id, name),
        tenant_id: server.tenant_id,
        name: name.to_owned(),
        token: table.token.as_ref().map_or(name, Name::as_str).to_owned(),
        identifier_type,
        identifier_value,
        customer_context_id: identity::customer_context(server.tenant_id, context),
        issuer: server.issuer.clone(),
        client_id: client_id(&table.client),
        gateway_client_id: client_id(&table.gateway_client),
        domains: domains(table).iter().map(|domain| domain.as_str().to_owned()).collect(),
        origins: table.origins.iter().map(|origin| origin.as_str().to_owned()).collect(),
        deactivated: !table.enabled,
        default_locale: locale.to_owned(),
        allowed_locales: if allowed.is_empty() { vec![locale.to_owned()] } else { allowed },
        storefront: storefront(table, server),
    }
}

/// As it was checked: there is one.
fn client_id(client: &Option<Spanned<ClientId>>) -> String {
    client.as_ref().map_or(String::new(), |client| client.get_ref().as_str().to_owned())
}

fn domains(table: &Application) -> &[Domain] {
    table.domains.as_ref().map_or(&[], |domains| domains.get_ref())
}

/// With an origin, the storefront is told where to sign in and as which client, unless the file tells it otherwise.
fn storefront(table: &Application, server: &Server) -> Value {
    let mut settings: Map<String, Value> = table.storefront.clone().into_iter().collect();
    if let Some(origin) = &table.origin {
        let path = server.issuer.strip_prefix(origin.get_ref().as_str()).filter(|path| path.starts_with('/'));
        let base = path.unwrap_or(&server.issuer);
        let known = [
            ("shopName", server.friendly_name.as_str()),
            ("authBaseUrl", base),
            ("clientId", &client_id(&table.client)),
        ];
        for (name, value) in known {
            settings.entry(name).or_insert_with(|| value.into());
        }
    }
    Value::Object(settings)
}

/// How the application is found among those of its domains.
fn identifier(table: &Application) -> (IdentifierType, String) {
    let kinds = [
        (IdentifierType::DomainPrefix, &table.domain_prefix),
        (IdentifierType::Parameter, &table.parameter),
        (IdentifierType::ContextPath, &table.context_path),
    ];
    let named = kinds.into_iter().find_map(|(kind, value)| Some((kind, value.as_ref()?.get_ref().as_str().to_owned())));
    named.unwrap_or_else(|| {
        let first = domains(table).first().map(|domain| domain.as_str().to_owned());
        (IdentifierType::Domain, first.unwrap_or_default())
    })
}

pub(super) fn item_lists(declaration: &Declaration) -> Vec<ItemListEntry> {
    declaration.item_lists.iter().map(|entry| item_list(&entry.table)).collect()
}

fn item_list(table: &ItemList) -> ItemListEntry {
    let tenant_id = identity::tenant(table.tenant.get_ref().as_str());
    let name = table.name.get_ref().as_str();
    let id = identity::item_list(tenant_id, name);
    let items = table.item.iter().map(|item| {
        let product_id = item.product_id.get_ref().as_str();
        ItemEntry {
            id: identity::item(id, product_id),
            product_id: product_id.to_owned(),
            name: item.name.as_str().to_owned(),
            quantity: item.quantity.map_or(1, |quantity| quantity.0.into()),
        }
    });
    let application = table.application.as_ref().map(|application| application.get_ref().as_str());
    ItemListEntry {
        id,
        tenant_id,
        customer_id: None,
        application_id: application.map(|application| identity::application(tenant_id, application)),
        name: name.to_owned(),
        items: items.collect(),
    }
}
