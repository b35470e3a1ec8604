//! Nothing is declared twice, in one file or in two.

use std::collections::HashMap;

use crate::apply::declaration::Declaration;
use crate::reading::{Complaints, Place, Source};

struct Seen<'a> {
    files: &'a [Source],
    complaints: &'a mut Complaints,
    first: HashMap<String, Place>,
}

impl Seen<'_> {
    fn once(&mut self, what: String, place: Place) {
        match self.first.get(&what) {
            None => {
                self.first.insert(what, place);
            }
            Some(first) => {
                let first = first.tell(self.files);
                self.complaints.add(place, format!("{what} is there twice, first at {first}: keep one of the two"));
            }
        }
    }
}

pub(super) fn check(declaration: &Declaration, complaints: &mut Complaints) {
    let mut seen = Seen { files: &declaration.files, complaints, first: HashMap::new() };
    for entry in &declaration.tenants {
        seen.once(format!("the tenant {}", entry.table.name.get_ref().as_str()), entry.at(&entry.table.name));
    }
    for entry in &declaration.servers {
        let (name, issuer) = (&entry.table.name, &entry.table.issuer);
        seen.once(format!("the authorization server {}", name.get_ref().as_str()), entry.at(name));
        seen.once(format!("the issuer {}", issuer.get_ref().as_str()), entry.at(issuer));
    }
    of_servers(declaration, &mut seen);
    of_shops(declaration, &mut seen);
}

fn of_servers(declaration: &Declaration, seen: &mut Seen<'_>) {
    for entry in &declaration.scopes {
        let (server, name) = (entry.table.server.get_ref().as_str(), entry.table.name.get_ref().as_str());
        seen.once(format!("the scope {name} of server {server}"), entry.at(&entry.table.name));
    }
    for entry in &declaration.roles {
        let (server, name) = (entry.table.server.get_ref().as_str(), entry.table.name.get_ref().as_str());
        seen.once(format!("the role {name} of server {server}"), entry.at(&entry.table.name));
    }
    for entry in &declaration.clients {
        let (server, id) = (entry.table.server.get_ref().as_str(), entry.table.client_id.get_ref().as_str());
        seen.once(format!("the client {id} of server {server}"), entry.at(&entry.table.client_id));
    }
    for entry in &declaration.users {
        let (server, username) = (entry.table.server.get_ref().as_str(), &entry.table.username);
        seen.once(format!("the user {} of server {server}", username.get_ref().canonical), entry.at(username));
        if let Some(email) = &entry.table.email {
            seen.once(format!("the e-mail address {} of server {server}", email.get_ref().canonical), entry.at(email));
        }
    }
}

fn of_shops(declaration: &Declaration, seen: &mut Seen<'_>) {
    for entry in &declaration.applications {
        let (server, name) = (entry.table.server.get_ref().as_str(), entry.table.name.get_ref().as_str());
        seen.once(format!("the application {name} of server {server}"), entry.at(&entry.table.name));
    }
    for entry in &declaration.accounts {
        let (server, name) = (entry.table.server.get_ref().as_str(), entry.table.name.get_ref().as_str());
        seen.once(format!("the account {name} of server {server}"), entry.at(&entry.table.name));
        for member in &entry.table.member {
            let username = &member.username.get_ref().canonical;
            seen.once(
                format!("the member {username} of the account {name} of server {server}"),
                entry.at(&member.username),
            );
        }
    }
    for entry in &declaration.item_lists {
        let (tenant, name) = (entry.table.tenant.get_ref().as_str(), entry.table.name.get_ref().as_str());
        seen.once(format!("the item list {name} of tenant {tenant}"), entry.at(&entry.table.name));
        for item in &entry.table.item {
            let product = item.product_id.get_ref().as_str();
            seen.once(
                format!("the product {product} on the list {name} of tenant {tenant}"),
                entry.at(&item.product_id),
            );
        }
    }
}
