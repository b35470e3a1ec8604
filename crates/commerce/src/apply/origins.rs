//! Two tenants never share an origin: a script that one serves there could run the other's silent sign-in.
//!
//! - A domain belongs to one tenant; that is kept where domains are claimed.
//! - A domain prefix makes a host of its own, which no other tenant may have as a domain, whichever came first.
//! - Origins that may call the services across origins are not another tenant's.

use auth_protocol::id::TenantId;
use database::{Transaction, params};
use url::Url;

use crate::apply::applications::{OWNER_OF_DOMAIN, hosts, taken};
use crate::apply::{ApplicationEntry, ApplyError};
use crate::tenant::store::{BY_DOMAINS, application};
use crate::tenant::{Application, HostName, IdentifierType};

/// Once all applications are written.
pub(crate) async fn check(transaction: &mut Transaction, entry: &ApplicationEntry) -> Result<(), ApplyError> {
    for host in hosts(entry) {
        let meets = match entry.identifier_type {
            IdentifierType::DomainPrefix => named_like_prefix(transaction, entry, &host).await?,
            _ => prefix_like_name(transaction, entry.tenant_id, &host).await?,
        };
        if let Some(other) = meets {
            let what = format!("the host that it shares with {}, an application of another tenant,", other.name);
            return Err(taken(entry, what));
        }
    }
    for origin in &entry.origins {
        let Some(host) = Url::parse(origin).ok().and_then(|url| HostName::of(&url).ok()) else { continue };
        for domain in host.exact() {
            let owner = transaction.optional(&OWNER_OF_DOMAIN, params![&domain]).await?;
            let owner = owner.map(|row| row.get::<[u8; 16]>(0)).transpose()?;
            if owner.is_some_and(|owner| owner != entry.tenant_id.bytes()) {
                return Err(taken(entry, format!("the origin {origin}")));
            }
        }
    }
    Ok(())
}

/// Another tenant's application that has `prefix.domain` as a domain of its own.
async fn named_like_prefix(
    transaction: &mut Transaction,
    entry: &ApplicationEntry,
    parent: &HostName,
) -> Result<Option<Application>, ApplyError> {
    let Ok(host) = format!("{}.{parent}", entry.identifier_value).parse::<HostName>() else { return Ok(None) };
    let others = of_others(transaction, entry.tenant_id, &host.exact()).await?;
    Ok(others.into_iter().find(|other| other.identifier_type != IdentifierType::DomainPrefix))
}

/// Another tenant's application whose prefix and domain make up this host.
async fn prefix_like_name(
    transaction: &mut Transaction,
    tenant: TenantId,
    host: &HostName,
) -> Result<Option<Application>, ApplyError> {
    let Some((prefix, parents)) = host.prefixed() else { return Ok(None) };
    let others = of_others(transaction, tenant, &parents).await?;
    Ok(others
        .into_iter()
        .find(|other| other.identifier_type == IdentifierType::DomainPrefix && other.identifier_value == prefix))
}

async fn of_others(
    transaction: &mut Transaction,
    tenant: TenantId,
    domains: &[String; 2],
) -> Result<Vec<Application>, ApplyError> {
    let [first, second] = domains;
    let rows = transaction.rows(&BY_DOMAINS, params![first, second, first, second]).await?;
    let found = rows.iter().map(application).collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().filter(|application| application.tenant_id != tenant).collect())
}
