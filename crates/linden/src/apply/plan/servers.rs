use auth_core::role::{Role, SecurityScope};
use auth_core::server::Server;
use auth_store::apply::{RoleEntry, ScopeEntry};

use super::Lookup;
use crate::apply::declaration::Declaration;
use crate::reading::Complaints;

pub(super) fn entries(declaration: &Declaration, lookup: &Lookup<'_>, complaints: &mut Complaints) -> Vec<Server> {
    let mut servers = Vec::new();
    for entry in &declaration.servers {
        let tenant = entry.table.tenant.get_ref().as_str();
        if !lookup.has_tenant(tenant) {
            let message =
                format!("tenant: there is no tenant {tenant}: declare it with [[tenant]], or correct the name");
            complaints.add(entry.at(&entry.table.tenant), message);
        }
        servers.extend(lookup.server(&entry.table.name).cloned());
    }
    servers
}

pub(super) fn scopes(declaration: &Declaration, lookup: &Lookup<'_>, complaints: &mut Complaints) -> Vec<ScopeEntry> {
    let mut scopes = Vec::new();
    for entry in &declaration.scopes {
        let Some(server) = lookup.server_of(entry, &entry.table.server, complaints) else { continue };
        let scope = SecurityScope {
            name: entry.table.name.get_ref().as_str().to_owned(),
            open: entry.table.open,
            permissions: entry.table.permissions.clone(),
            permission_roots: entry.table.permission_roots.clone(),
        };
        scopes.push(ScopeEntry { server_id: server.id, scope });
    }
    scopes
}

pub(super) fn roles(declaration: &Declaration, lookup: &Lookup<'_>, complaints: &mut Complaints) -> Vec<RoleEntry> {
    let mut roles = Vec::new();
    for entry in &declaration.roles {
        let Some(server) = lookup.server_of(entry, &entry.table.server, complaints) else { continue };
        let name = entry.table.name.get_ref().as_str().to_owned();
        roles.push(RoleEntry {
            server_id: server.id,
            role: Role { name, permissions: entry.table.permissions.clone() },
        });
    }
    roles
}
