use commerce::apply::{ApplicationEntry, Declaration, ItemListEntry};
use commerce::tenant::IdentifierType;
use serde_json::Value;

use super::ExportError;
use super::names::{Names, optional, text, texts, value};
use super::servers::number;
use crate::apply::identity;
use crate::apply::tables::{Application, Item, ItemList};
use crate::apply::values::{Domain, Name, Origin};

pub(super) fn applications(
    declaration: &Declaration,
    names: &Names<'_>,
    left_out: &mut Vec<String>,
) -> Result<Vec<Application>, ExportError> {
    let mut applications = Vec::new();
    for entry in &declaration.applications {
        match names.server_of_issuer(entry.tenant_id, &entry.issuer) {
            Some(server) if entry.id == identity::application(entry.tenant_id, &entry.name) => {
                applications.push(application(entry, server, names)?);
            }
            Some(_) => left_out.push(format!("application {}: no file made it", entry.name)),
            None => left_out.push(format!("application {}: no server has its issuer {}", entry.name, entry.issuer)),
        }
    }
    Ok(applications)
}

fn application(entry: &ApplicationEntry, server: &str, names: &Names<'_>) -> Result<Application, ExportError> {
    let name = entry.name.as_str();
    let found_by = |kind: IdentifierType| {
        let value = (entry.identifier_type == kind).then_some(entry.identifier_value.as_str());
        optional::<Name, _>(name, "identifier", value)
    };
    Ok(Application {
        server: text(name, "server", server)?,
        name: text(name, "name", name)?,
        origin: None,
        domains: Some(domains(entry)?.into()),
        domain_prefix: found_by(IdentifierType::DomainPrefix)?,
        parameter: found_by(IdentifierType::Parameter)?,
        context_path: found_by(IdentifierType::ContextPath)?,
        token: Some(value(name, "token", &entry.token)?),
        customer_context: Some(names.context(name, entry.customer_context_id)?),
        client: Some(text(name, "client", &entry.client_id)?),
        gateway_client: Some(text(name, "gateway_client", &entry.gateway_client_id)?),
        scopes: None,
        guest_permissions: None,
        origins: texts::<Origin, Origin>(name, "origins", &entry.origins)?,
        default_locale: Some(value(name, "default_locale", &entry.default_locale)?),
        allowed_locales: texts::<Name, Name>(name, "allowed_locales", &entry.allowed_locales)?,
        enabled: !entry.deactivated,
        storefront: storefront(entry)?,
    })
}

/// The one that an application is found by comes first, as it did where it was declared.
fn domains(entry: &ApplicationEntry) -> Result<Vec<Domain>, ExportError> {
    let mut domains = entry.domains.clone();
    let is_first =
        |domain: &String| entry.identifier_type == IdentifierType::Domain && *domain == entry.identifier_value;
    domains.sort_by(|one, other| (!is_first(one), one).cmp(&(!is_first(other), other)));
    texts::<Domain, Domain>(&entry.name, "domains", &domains)
}

fn storefront(entry: &ApplicationEntry) -> Result<std::collections::BTreeMap<String, Value>, ExportError> {
    match &entry.storefront {
        Value::Object(settings) => Ok(settings.clone().into_iter().collect()),
        _ => {
            Err(ExportError::Unfit { entry: entry.name.clone(), what: "storefront", reason: "is no table".to_owned() })
        }
    }
}

pub(super) fn item_lists(
    declaration: &Declaration,
    names: &Names<'_>,
    left_out: &mut Vec<String>,
) -> Result<Vec<ItemList>, ExportError> {
    let mut lists = Vec::new();
    for entry in &declaration.item_lists {
        match names.tenant(entry.tenant_id) {
            Some(tenant) if entry.id == identity::item_list(entry.tenant_id, &entry.name) => {
                lists.push(item_list(entry, tenant, names)?);
            }
            _ => left_out.push(format!("item list {}: no file made it", entry.name)),
        }
    }
    Ok(lists)
}

fn item_list(entry: &ItemListEntry, tenant: &str, names: &Names<'_>) -> Result<ItemList, ExportError> {
    let name = entry.name.as_str();
    let application = entry.application_id.and_then(|id| names.application(id));
    let items = entry.items.iter().map(|item| {
        let quantity = u32::try_from(item.quantity).unwrap_or(u32::MAX);
        Ok(Item {
            product_id: text(name, "product_id", &item.product_id)?,
            name: value(name, "item name", &item.name)?,
            quantity: Some(number(name, "quantity", quantity)?),
        })
    });
    let mut item = items.collect::<Result<Vec<_>, ExportError>>()?;
    item.sort_by(|one, other| one.product_id.get_ref().as_str().cmp(other.product_id.get_ref().as_str()));
    Ok(ItemList {
        tenant: text(name, "tenant", tenant)?,
        application: optional::<Name, _>(name, "application", application)?,
        name: text(name, "name", name)?,
        item,
    })
}
