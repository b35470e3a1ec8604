use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use auth_core::server::{KeyRotation, Lifetimes, Limits, LockOut, Server, ServerSettings};
use auth_protocol::claims::UserType;
use auth_protocol::id::ServerId;
use auth_protocol::scope::OPENID_CONNECT;
use auth_store::apply::Known;

use super::claims;
use crate::apply::declaration::{Declaration, Entry};
use crate::apply::identity;
use crate::apply::tables::AuthorizationServer;
use crate::apply::values::Name;
use crate::reading::Complaints;
use crate::reading::Spanned;

/// What names stand for, in the files and in the database.
pub(in crate::apply) struct Lookup<'a> {
    pub(super) known: &'a Known,
    servers: BTreeMap<String, Server>,
    tenants: HashSet<&'a str>,
    scopes: HashSet<(&'a str, &'a str)>,
    roles: HashSet<(&'a str, &'a str)>,
    accounts: HashMap<(&'a str, &'a str), Option<&'a str>>,
}

impl<'a> Lookup<'a> {
    pub(in crate::apply) fn new(declaration: &'a Declaration, known: &'a Known) -> Self {
        let of_database = known.servers.iter().map(|server| (server.name.clone(), server.clone()));
        let mut servers: BTreeMap<String, Server> = of_database.collect();
        servers.extend(declared_servers(declaration));
        Self {
            known,
            servers,
            tenants: declaration.tenants.iter().map(|entry| entry.table.name.get_ref().as_str()).collect(),
            scopes: declaration
                .scopes
                .iter()
                .map(|entry| pair(&entry.table.server, entry.table.name.get_ref().as_str()))
                .collect(),
            roles: declaration
                .roles
                .iter()
                .map(|entry| pair(&entry.table.server, entry.table.name.get_ref().as_str()))
                .collect(),
            accounts: declaration
                .accounts
                .iter()
                .map(|entry| {
                    let parent = entry.table.parent.as_ref().map(|parent| parent.get_ref().as_str());
                    (pair(&entry.table.server, entry.table.name.get_ref().as_str()), parent)
                })
                .collect(),
        }
    }

    pub(super) fn servers(&self) -> impl Iterator<Item = &Server> {
        self.servers.values()
    }

    pub(super) fn server(&self, name: &Spanned<Name>) -> Option<&Server> {
        self.servers.get(name.get_ref().as_str())
    }

    pub(in crate::apply) fn server_by_id(&self, id: ServerId) -> Option<&Server> {
        self.servers.values().find(|server| server.id == id)
    }

    /// The server that a table names; when there is none, that is a mistake.
    pub(super) fn server_of<T>(
        &self,
        entry: &Entry<T>,
        name: &Spanned<Name>,
        complaints: &mut Complaints,
    ) -> Option<&Server> {
        let found = self.server(name);
        if found.is_none() {
            let name_text = name.get_ref().as_str();
            let known: Vec<&str> = self.servers.keys().map(String::as_str).collect();
            let message = format!(
                "server: there is no authorization server {name_text}: declare it with [[authorization_server]], or name one \
                 of those that are there ({})",
                if known.is_empty() { "none yet".to_owned() } else { known.join(", ") }
            );
            complaints.add(entry.at(name), message);
        }
        found
    }

    pub(super) fn has_tenant(&self, name: &str) -> bool {
        let id = identity::tenant(name);
        self.tenants.contains(name) || self.known.servers.iter().any(|server| server.tenant_id == id)
    }

    pub(super) fn has_scope(&self, server: &Server, name: &str) -> bool {
        OPENID_CONNECT.contains(&name)
            || self.scopes.contains(&(server.name.as_str(), name))
            || self.known.scopes.get(&server.id).is_some_and(|scopes| scopes.iter().any(|scope| scope.name == name))
    }

    /// All scopes of a server: OpenID Connect's, then its own by name.
    pub(super) fn scopes(&self, server: &Server) -> Vec<String> {
        let declared = self.scopes.iter().filter(|(of, _)| *of == server.name).map(|(_, name)| (*name).to_owned());
        let known = self.known.scopes.get(&server.id).into_iter().flatten().map(|scope| scope.name.clone());
        let own: BTreeSet<String> = declared.chain(known).collect();
        OPENID_CONNECT.iter().map(|name| (*name).to_owned()).chain(own).collect()
    }

    pub(super) fn has_role(&self, server: &Server, name: &str) -> bool {
        self.roles.contains(&(server.name.as_str(), name))
            || self.known.roles.get(&server.id).is_some_and(|roles| roles.iter().any(|role| role.name == name))
    }

    /// The parent of a declared account: `None` when there is no such account.
    pub(super) fn parent_of(&self, server: &str, account: &str) -> Option<Option<&'a str>> {
        self.accounts.get(&(server, account)).copied()
    }

    /// Users whom the files name, to be looked for in the database.
    pub(in crate::apply) fn users_named(&self, declaration: &Declaration) -> Vec<(ServerId, String)> {
        let users = declaration.users.iter().map(|entry| (&entry.table.server, &entry.table.username));
        let members = declaration
            .accounts
            .iter()
            .flat_map(|entry| entry.table.member.iter().map(|member| (&entry.table.server, &member.username)));
        users
            .chain(members)
            .filter_map(|(server, username)| Some((self.server(server)?.id, username.get_ref().canonical.clone())))
            .collect()
    }
}

fn pair<'a>(server: &'a Spanned<Name>, name: &'a str) -> (&'a str, &'a str) {
    (server.get_ref().as_str(), name)
}

fn declared_servers(declaration: &Declaration) -> impl Iterator<Item = (String, Server)> {
    declaration.servers.iter().map(|entry| {
        let server = server(&entry.table);
        (server.name.clone(), server)
    })
}

fn server(table: &AuthorizationServer) -> Server {
    let tenant_id = identity::tenant(table.tenant.get_ref().as_str());
    let name = table.name.get_ref().as_str();
    Server {
        id: identity::server(tenant_id, name),
        tenant_id,
        name: name.to_owned(),
        friendly_name: table.friendly_name.as_ref().map_or(name, Name::as_str).to_owned(),
        issuer: table.issuer.get_ref().as_str().to_owned(),
        user_type: table.user_type.as_ref().map_or(UserType::Customer, |kind| *kind.get_ref()),
        settings: settings(table),
    }
}

fn settings(table: &AuthorizationServer) -> ServerSettings {
    let default = ServerSettings::default();
    let (lifetimes, lock_out) = (&table.lifetimes, &table.lock_out);
    let minutes = |minutes: u32| (minutes > 0).then_some(minutes);
    ServerSettings {
        api_audience: table.api_audience.as_ref().map_or(default.api_audience, |audience| audience.as_str().to_owned()),
        access_token_algorithm: table.access_token_algorithm.unwrap_or(default.access_token_algorithm),
        id_token_algorithm: table.id_token_algorithm,
        lifetimes: Lifetimes {
            code_seconds: lifetimes.code_seconds.map_or(default.lifetimes.code_seconds, |seconds| seconds.0),
            access_token_seconds: lifetimes
                .access_token_seconds
                .map_or(default.lifetimes.access_token_seconds, |seconds| seconds.0),
            id_token_seconds: lifetimes
                .id_token_seconds
                .map_or(default.lifetimes.id_token_seconds, |seconds| seconds.0),
            session_inactivity_seconds: lifetimes
                .session_inactivity_seconds
                .as_ref()
                .map_or(default.lifetimes.session_inactivity_seconds, |seconds| seconds.get_ref().0),
            session_seconds: lifetimes
                .session_seconds
                .as_ref()
                .map_or(default.lifetimes.session_seconds, |seconds| seconds.get_ref().0),
        },
        lock_out: LockOut {
            failed_sign_ins_allowed: lock_out
                .failed_sign_ins_allowed
                .map_or(default.lock_out.failed_sign_ins_allowed, |failures| failures.0),
            duration_minutes: lock_out
                .duration_minutes
                .map_or(default.lock_out.duration_minutes, |value| minutes(value.0)),
            decay_minutes: lock_out.decay_minutes.map_or(default.lock_out.decay_minutes, |value| minutes(value.0)),
        },
        limits: Limits {
            form_bytes: table.limits.form_bytes.map_or(default.limits.form_bytes, |bytes| bytes.0),
            sign_in_minutes: table.limits.sign_in_minutes.map_or(default.limits.sign_in_minutes, |minutes| minutes.0),
        },
        keys: KeyRotation {
            rotation_days: table.keys.rotation_days.map_or(default.keys.rotation_days, |days| days.0),
            publish_hours: table.keys.publish_hours.map_or(default.keys.publish_hours, |hours| hours.0),
        },
        audit_days: table.audit_days.map_or(default.audit_days, |days| days.0),
        claims: claims::mappings(table),
    }
}
