use std::collections::HashMap;

use auth_core::client::{AuthenticationMethod, ClientSecret, ClientSettings, KeptSecret, secret_hash};
use auth_core::server::Server;
use auth_protocol::id::ServerId;
use auth_server::environment::random_bytes;
use auth_store::apply::{ClientEntry, DeclaredSecret};

use super::{Lookup, Means};
use crate::apply::credential::Credential;
use crate::apply::declaration::{Declaration, Entry};
use crate::apply::identity;
use crate::apply::tables::Client;
use crate::apply::values::Name;
use crate::reading::Complaints;

/// Makes and derives secrets, and remembers those that it made.
pub(in crate::apply) struct Secrets<'a> {
    means: &'a Means<'a>,
    generated: HashMap<(ServerId, String), String>,
}

impl<'a> Secrets<'a> {
    pub(super) fn new(means: &'a Means<'a>) -> Self {
        Self { means, generated: HashMap::new() }
    }

    fn declared(&mut self, server: &Server, entry: &Entry<Client>, complaints: &mut Complaints) -> DeclaredSecret {
        if let Some(hashes) = &entry.table.secret_hashes {
            let hashes = hashes.get_ref().iter();
            return DeclaredSecret::Are(
                hashes
                    .map(|secret| KeptSecret { hash: secret.sha256.0, expires_at: secret.expires_at.map(|at| at.0) })
                    .collect(),
            );
        }
        let Some(secret) = &entry.table.secret else { return DeclaredSecret::None };
        let client_id = entry.table.client_id.get_ref().as_str();
        match secret.get_ref() {
            Credential::Generated => {
                let made = ClientSecret::from_random(random_bytes(self.means.random));
                let declared = DeclaredSecret::WhenNone(made.hash());
                self.generated.insert((server.id, client_id.to_owned()), made.text().to_owned());
                declared
            }
            Credential::Derived => match (self.means.derive_secret)(&server.issuer, client_id) {
                Some(derived) => DeclaredSecret::Is(secret_hash(&derived)),
                None => {
                    complaints.add(entry.at(secret), "secret: none can be derived here, since there is no master key");
                    DeclaredSecret::None
                }
            },
            given => given.text().map_or(DeclaredSecret::None, |text| DeclaredSecret::Is(secret_hash(text))),
        }
    }
}

pub(super) fn entries(
    declaration: &Declaration,
    lookup: &Lookup<'_>,
    mut secrets: Secrets<'_>,
    complaints: &mut Complaints,
) -> (Vec<ClientEntry>, HashMap<(ServerId, String), String>) {
    let mut clients = Vec::new();
    for entry in &declaration.clients {
        let Some(server) = lookup.server_of(entry, &entry.table.server, complaints) else { continue };
        for scope in &entry.table.scopes {
            let name = scope.get_ref().as_str();
            if !lookup.has_scope(server, name) {
                let message = format!(
                    "scopes: no [[scope]] of server {} is called {name}: declare it, or leave it out",
                    server.name
                );
                complaints.add(entry.at(scope), message);
            }
        }
        check_application(declaration, entry, complaints);
        clients.push(ClientEntry {
            server_id: server.id,
            client_id: entry.table.client_id.get_ref().as_str().to_owned(),
            settings: settings(&entry.table, server, lookup),
            enabled: entry.table.enabled,
            secret: secrets.declared(server, entry, complaints),
        });
    }
    (clients, secrets.generated)
}

fn check_application(declaration: &Declaration, entry: &Entry<Client>, complaints: &mut Complaints) {
    let Some(application) = &entry.table.application else { return };
    let is_there = declaration.applications.iter().any(|declared| {
        declared.table.name.get_ref() == application.get_ref()
            && declared.table.server.get_ref() == entry.table.server.get_ref()
    });
    if !is_there {
        let name = application.get_ref().as_str();
        let message =
            format!("application: no [[application]] of this client's server is called {name} in these files");
        complaints.add(entry.at(application), message);
    }
}

fn settings(table: &Client, server: &Server, lookup: &Lookup<'_>) -> ClientSettings {
    let is_public = table.authentication_methods.get_ref().contains(&AuthenticationMethod::None);
    let application = table.application.as_ref().map(|application| application.get_ref().as_str());
    let scopes = table.scopes.iter().map(|scope| scope.get_ref().as_str().to_owned());
    let client_id = table.client_id.get_ref().as_str();
    let unnamed = if table.came_with_application { &server.friendly_name } else { client_id };
    let name = table.friendly_name.as_ref().map_or(unnamed, Name::as_str);
    ClientSettings {
        friendly_name: name.to_owned(),
        application_id: application.map(|application| identity::application(server.tenant_id, application)),
        first_party: table.first_party,
        authentication_methods: table.authentication_methods.get_ref().clone(),
        jwks: table.jwks.as_ref().map(|jwks| jwks.get_ref().clone()),
        grant_types: table.grant_types.get_ref().clone(),
        application_type: table.application_type,
        redirect_uris: table.redirect_uris.iter().map(|uri| uri.get_ref().clone()).collect(),
        default_redirect_uri: table.default_redirect_uri.as_ref().map(|uri| uri.get_ref().clone()),
        post_logout_redirect_uris: table.post_logout_redirect_uris.iter().map(|uri| uri.get_ref().clone()).collect(),
        scopes: if table.every_scope { lookup.scopes(server) } else { scopes.collect() },
        permissions: table.permissions.clone(),
        proof_key_required: is_public || table.proof_key_required.as_ref().is_none_or(|required| *required.get_ref()),
        require_pushed_authorization_requests: table.require_pushed_authorization_requests,
        access_token_algorithm: table.access_token_algorithm,
        id_token_algorithm: table.id_token_algorithm,
        code_seconds: table.code_seconds.map(|seconds| seconds.0),
        access_token_seconds: table.access_token_seconds.map(|seconds| seconds.0),
        id_token_seconds: table.id_token_seconds.map(|seconds| seconds.0),
    }
}
