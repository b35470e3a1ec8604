//! One origin, one tenant: who is sent back to an origin runs scripts there, and could run silent sign-in for them.

use std::collections::{HashMap, HashSet};

use auth_protocol::id::TenantId;
use commerce::export::ApplicationHost;
use url::{Host, Url};

use super::Lookup;
use crate::apply::declaration::Declaration;
use crate::apply::identity;
use crate::apply::tables::Application;
use crate::reading::Complaints;

/// Hosts, with their port if one is named, and whose they are.
type Owners = HashMap<String, HashSet<TenantId>>;

/// Redirect URIs do not lie on the origin of another tenant's shop, issuer or redirect URI. `shops` are those of the
/// database.
pub(super) fn check(
    declaration: &Declaration,
    lookup: &Lookup<'_>,
    shops: &[ApplicationHost],
    complaints: &mut Complaints,
) {
    let (taken, redirected) = (taken(declaration, lookup, shops), redirected(declaration, lookup));
    for entry in &declaration.clients {
        let Some(server) = lookup.server(&entry.table.server) else { continue };
        let is_foreign = |owners: &Owners, host: &str| {
            owners.get(host).is_some_and(|owners| owners.iter().any(|owner| *owner != server.tenant_id))
        };
        for uri in &entry.table.redirect_uris {
            let Some((host, with_port)) = host_of(uri.get_ref().origin()) else { continue };
            if is_foreign(&taken, &host) || is_foreign(&taken, &with_port) || is_foreign(&redirected, &with_port) {
                let message =
                    format!("redirect_uris: {with_port} belongs to another tenant: two tenants never share an origin");
                complaints.add(entry.at(uri), message);
            }
        }
    }
}

/// Of shops and of all issuers. What the files say of a shop counts, else what the database has.
fn taken(declaration: &Declaration, lookup: &Lookup<'_>, shops: &[ApplicationHost]) -> Owners {
    let mut owners = Owners::new();
    let mut declared = HashSet::new();
    for entry in &declaration.applications {
        let Some(server) = lookup.server(&entry.table.server) else { continue };
        declared.insert(identity::application(server.tenant_id, entry.table.name.get_ref().as_str()));
        for host in hosts(&entry.table) {
            owners.entry(host).or_default().insert(server.tenant_id);
        }
    }
    for shop in shops.iter().filter(|shop| !declared.contains(&shop.application_id)) {
        owners.entry(shop.host.clone()).or_default().insert(shop.tenant_id);
    }
    for server in lookup.servers() {
        if let Some((_, with_port)) = host_of(&server.issuer) {
            owners.entry(with_port).or_default().insert(server.tenant_id);
        }
    }
    owners
}

/// Where clients lead to, of the files or else of the database. A developer's own machine is everybody's.
fn redirected(declaration: &Declaration, lookup: &Lookup<'_>) -> Owners {
    let mut owners = Owners::new();
    let mut add = |tenant: TenantId, origin: &str| {
        if let Some((_, with_port)) = host_of(origin).filter(|_| !is_loopback(origin)) {
            owners.entry(with_port).or_default().insert(tenant);
        }
    };
    let mut declared = HashSet::new();
    for entry in &declaration.clients {
        let Some(server) = lookup.server(&entry.table.server) else { continue };
        declared.insert((server.id, entry.table.client_id.get_ref().as_str()));
        entry.table.redirect_uris.iter().for_each(|uri| add(server.tenant_id, uri.get_ref().origin()));
    }
    for (server, clients) in &lookup.known.clients {
        let Some(tenant) = lookup.server_by_id(*server).map(|server| server.tenant_id) else { continue };
        for client in clients.iter().filter(|client| !declared.contains(&(*server, client.client_id.as_str()))) {
            client.settings.redirect_uris.iter().for_each(|uri| add(tenant, uri.origin()));
        }
    }
    owners
}

fn hosts(application: &Application) -> impl Iterator<Item = String> {
    let prefix = application.domain_prefix.as_ref().map(|prefix| prefix.get_ref().as_str());
    let domains = application.domains.as_ref().map_or(&[][..], |domains| domains.get_ref());
    domains.iter().map(move |domain| match prefix {
        Some(prefix) => format!("{prefix}.{}", domain.as_str()),
        None => domain.as_str().to_owned(),
    })
}

/// Without and with its port; `None` of what is no web address.
fn host_of(origin: &str) -> Option<(String, String)> {
    let url = Url::parse(origin).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?.to_owned();
    let with_port = url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
    Some((host, with_port))
}

fn is_loopback(origin: &str) -> bool {
    Url::parse(origin).is_ok_and(|url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    })
}
