use std::collections::BTreeSet;

use auth_protocol::id::TenantId;
use database::{DeclaredTable, Transaction, Value, params, statements};
use serde_json::json;

use crate::apply::{ApplicationEntry, ApplyError, Changes, Kind, Outcome, TenantEntry};
use crate::tenant::store::{BY_DOMAINS, application as read_application};
use crate::tenant::{Application, HostName, ambiguous};

statements! {
    READ_TENANT = "SELECT name FROM tenant WHERE tenant_id = $1";
    INSERT_TENANT = "INSERT INTO tenant (tenant_id, name, created_at, updated_at) VALUES ($1, $2, $3, $3)";
    UPDATE_TENANT = "UPDATE tenant SET name = $2, updated_at = $3 WHERE tenant_id = $1";
    READ_APPLICATION = "SELECT name, token, identifier_type, identifier_value, customer_context_id, issuer, client_id,
            gateway_client_id, origins, deactivated, default_locale, allowed_locales, storefront
        FROM application WHERE tenant_id = $1 AND application_id = $2";
    INSERT_APPLICATION = "INSERT INTO application (tenant_id, application_id, name, token, identifier_type, identifier_value,
            customer_context_id, issuer, client_id, gateway_client_id, origins, deactivated, default_locale, allowed_locales,
            storefront, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)";
    UPDATE_APPLICATION = "UPDATE application SET name = $3, token = $4, identifier_type = $5, identifier_value = $6,
            customer_context_id = $7, issuer = $8, client_id = $9, gateway_client_id = $10, origins = $11, deactivated = $12,
            default_locale = $13, allowed_locales = $14, storefront = $15, updated_at = $16
        WHERE tenant_id = $1 AND application_id = $2";
    FIND_TOKEN = "SELECT application_id FROM application WHERE tenant_id = $1 AND token = $2";
    DOMAINS_OF = "SELECT domain FROM application_domain WHERE tenant_id = $1 AND application_id = $2";
    CLAIM_DOMAIN = "INSERT INTO domain (tenant_id, domain) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    pub(crate) OWNER_OF_DOMAIN = "SELECT tenant_id FROM domain WHERE domain = $1";
    ADD_DOMAIN = "INSERT INTO application_domain (tenant_id, domain, application_id) VALUES ($1, $2, $3)";
    REMOVE_DOMAIN = "DELETE FROM application_domain WHERE tenant_id = $1 AND domain = $2 AND application_id = $3";
    USES_OF_DOMAIN = "SELECT count(*) AS uses FROM application_domain WHERE tenant_id = $1 AND domain = $2";
    FREE_DOMAIN = "DELETE FROM domain WHERE tenant_id = $1 AND domain = $2";
}

const TENANTS: DeclaredTable = DeclaredTable { read: &READ_TENANT, insert: &INSERT_TENANT, update: &UPDATE_TENANT };
const APPLICATIONS: DeclaredTable =
    DeclaredTable { read: &READ_APPLICATION, insert: &INSERT_APPLICATION, update: &UPDATE_APPLICATION };

pub(crate) async fn tenant(
    transaction: &mut Transaction,
    entry: &TenantEntry,
    now: i64,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    let outcome = TENANTS.write(transaction, params![entry.id.bytes()], params![&entry.name], params![now]).await?;
    changes.add(entry.id, Kind::Tenant, entry.id, &entry.name, outcome);
    Ok(())
}

/// Every entry names a tenant that must be there.
pub(crate) async fn check_tenant(
    transaction: &mut Transaction,
    entry: &str,
    tenant: TenantId,
) -> Result<(), ApplyError> {
    match transaction.optional(&READ_TENANT, params![tenant.bytes()]).await? {
        Some(_) => Ok(()),
        None => Err(ApplyError::Missing { entry: entry.to_owned(), what: format!("tenant {tenant}") }),
    }
}

pub(crate) async fn application(
    transaction: &mut Transaction,
    entry: &ApplicationEntry,
    now: i64,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    check_tenant(transaction, &entry.name, entry.tenant_id).await?;
    check_token(transaction, entry).await?;
    let key = params![entry.tenant_id.bytes(), entry.id.bytes()];
    let content = params![
        &entry.name,
        &entry.token,
        entry.identifier_type.name(),
        &entry.identifier_value,
        entry.customer_context_id.bytes(),
        &entry.issuer,
        &entry.client_id,
        &entry.gateway_client_id,
        json!(entry.origins).to_string(),
        entry.deactivated,
        &entry.default_locale,
        json!(entry.allowed_locales).to_string(),
        entry.storefront.to_string(),
    ];
    let outcome = APPLICATIONS.write(transaction, key, content, params![now]).await?;
    let moved = domains(transaction, entry).await?;
    let outcome = if moved && outcome == Outcome::Unchanged { Outcome::Changed } else { outcome };
    changes.add(entry.tenant_id, Kind::Application, entry.id, &entry.name, outcome);
    Ok(())
}

async fn check_token(transaction: &mut Transaction, entry: &ApplicationEntry) -> Result<(), ApplyError> {
    let holder = transaction.optional(&FIND_TOKEN, params![entry.tenant_id.bytes(), &entry.token]).await?;
    match holder.map(|row| row.get::<[u8; 16]>(0)).transpose()? {
        Some(holder) if holder != entry.id.bytes() => Err(taken(entry, format!("the token {}", entry.token))),
        _ => Ok(()),
    }
}

/// Whether anything about the application's domains changed.
async fn domains(transaction: &mut Transaction, entry: &ApplicationEntry) -> Result<bool, ApplyError> {
    let (tenant, id) = (entry.tenant_id.bytes(), entry.id.bytes());
    let declared = hosts(entry).map(|host| host.to_string()).collect::<BTreeSet<String>>();
    let rows = transaction.rows(&DOMAINS_OF, params![tenant, id]).await?;
    let present = rows.iter().map(|row| row.get(0)).collect::<Result<BTreeSet<String>, _>>()?;
    for domain in present.difference(&declared) {
        transaction.execute(&REMOVE_DOMAIN, params![tenant, domain, id]).await?;
        if transaction.one(&USES_OF_DOMAIN, params![tenant, domain]).await?.get::<i64>(0)? == 0 {
            transaction.execute(&FREE_DOMAIN, params![tenant, domain]).await?;
        }
    }
    for domain in declared.difference(&present) {
        transaction.execute(&CLAIM_DOMAIN, params![tenant, domain]).await?;
        if transaction.one(&OWNER_OF_DOMAIN, params![domain]).await?.get::<[u8; 16]>(0)? != tenant {
            return Err(taken(entry, format!("the domain {domain}")));
        }
        transaction.execute(&ADD_DOMAIN, params![tenant, domain, id]).await?;
    }
    Ok(declared != present)
}

/// Once all applications are written: on each of the entry's domains one request leads to one application.
pub(crate) async fn check_unambiguous(
    transaction: &mut Transaction,
    entry: &ApplicationEntry,
) -> Result<(), ApplyError> {
    for domain in hosts(entry).map(|host| host.to_string()) {
        let values: Vec<Value> = vec![Value::from(&domain); 4];
        let rows = transaction.rows(&BY_DOMAINS, &values).await?;
        let applications = rows.iter().map(read_application).collect::<Result<Vec<Application>, _>>()?;
        if let Some((first, second)) = ambiguous(&applications) {
            let what = format!("what a request to {domain} means ({} or {})", first.name, second.name);
            return Err(taken(entry, what));
        }
    }
    Ok(())
}

pub(crate) fn hosts(entry: &ApplicationEntry) -> impl Iterator<Item = HostName> {
    entry.domains.iter().filter_map(|domain| domain.parse().ok())
}

pub(crate) fn taken(entry: &ApplicationEntry, what: String) -> ApplyError {
    ApplyError::Taken { entry: entry.name.clone(), what }
}
