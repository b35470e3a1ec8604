//! One origin, one tenant: who is sent back to an origin runs scripts there, and could run silent sign-in for them.

use auth_protocol::id::TenantId;
use url::Url;

use super::Lookup;
use crate::apply::declaration::Declaration;
use crate::apply::source::Complaints;
use crate::apply::tables::Application;

/// Redirect URIs do not lie on the origin of another tenant's shop or issuer.
pub(super) fn check(declaration: &Declaration, lookup: &Lookup<'_>, complaints: &mut Complaints) {
    let taken = taken(declaration, lookup);
    for entry in &declaration.clients {
        let Some(server) = lookup.server(&entry.table.server) else { continue };
        for uri in &entry.table.redirect_uris {
            let Some((host, with_port)) = host_of(uri.get_ref().origin()) else { continue };
            let is_there = |domain: &str| domain == host || domain == with_port;
            let foreign = taken.iter().find(|(owner, domain)| *owner != server.tenant_id && is_there(domain));
            if foreign.is_some() {
                let message =
                    format!("redirect_uris: {with_port} belongs to another tenant: two tenants never share an origin");
                complaints.add(entry.at(uri), message);
            }
        }
    }
}

/// Hosts and whose they are: those of shops in the files, and of all issuers.
fn taken(declaration: &Declaration, lookup: &Lookup<'_>) -> Vec<(TenantId, String)> {
    let of_shops = declaration.applications.iter().flat_map(|entry| {
        let owner = lookup.server(&entry.table.server).map(|server| server.tenant_id);
        owner.into_iter().flat_map(|owner| hosts(&entry.table).map(move |host| (owner, host)))
    });
    let of_issuers = lookup.servers().filter_map(|server| Some((server.tenant_id, host_of(&server.issuer)?.1)));
    of_shops.chain(of_issuers).collect()
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
