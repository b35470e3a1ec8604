//! One issuer, one server; one origin, one tenant (a script of one tenant's storefront could run the other's sign-in).

use super::Lookup;
use crate::apply::declaration::Declaration;
use crate::reading::Complaints;
use url::Url;

pub(super) fn check(declaration: &Declaration, lookup: &Lookup<'_>, complaints: &mut Complaints) {
    for entry in &declaration.servers {
        let Some(server) = lookup.server(&entry.table.name) else { continue };
        for other in lookup.servers().filter(|other| other.id != server.id) {
            if other.issuer == server.issuer && is_of_database(declaration, &other.name) {
                let message = format!("issuer: belongs to the authorization server {}: choose another", other.name);
                complaints.add(entry.at(&entry.table.issuer), message);
            } else if other.tenant_id != server.tenant_id && origin(&other.issuer) == origin(&server.issuer) {
                let message = format!(
                    "issuer: is on the origin of {}, a server of another tenant: two tenants never share an origin",
                    other.name
                );
                complaints.add(entry.at(&entry.table.issuer), message);
            }
        }
        for there in &lookup.known.servers {
            if there.name == server.name && there.tenant_id != server.tenant_id {
                let message =
                    format!("name: a server of another tenant is called {} already: choose another", there.name);
                complaints.add(entry.at(&entry.table.name), message);
            }
            if there.id == server.id && there.user_type != server.user_type {
                let place = entry.table.user_type.as_ref().map_or(entry.place, |user_type| entry.at(user_type));
                let message = format!("user_type: is {} and cannot be changed", there.user_type.name());
                complaints.add(place, message);
            }
        }
    }
}

/// Two that are declared with one issuer were told as declared twice.
fn is_of_database(declaration: &Declaration, name: &str) -> bool {
    !declaration.servers.iter().any(|entry| entry.table.name.get_ref().as_str() == name)
}

fn origin(issuer: &str) -> Option<String> {
    Url::parse(issuer).ok().map(|url| url.origin().ascii_serialization())
}
