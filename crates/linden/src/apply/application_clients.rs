//! What an application with an `origin` brings along: its domain, the storefront's client and the gateway's, so that one
//! table makes a shop. A client that the files declare themselves is left as they say.

use std::collections::HashSet;

use auth_core::client::{ApplicationType, AuthenticationMethod, GrantType, RedirectUri, is_https_or_loopback};
use auth_protocol::permission::Permission;
use url::Url;

use super::credential::Credential;
use super::declaration::{Declaration, Entry};
use super::tables::{Application, Client};
use super::values::{ClientId, Domain, Origin};
use crate::reading::Spanned;
use crate::reading::{Complaints, Place};

/// What everybody may read in a shop.
const GUEST_PERMISSIONS: [&str; 2] = ["READ_APPLICATION", "READ_ITEM_LIST"];

pub(super) fn bring(declaration: &mut Declaration, complaints: &mut Complaints) {
    let key = |entry: &Entry<Client>| {
        (entry.table.server.get_ref().as_str().to_owned(), entry.table.client_id.get_ref().as_str().to_owned())
    };
    let mut declared: HashSet<(String, String)> = declaration.clients.iter().map(key).collect();
    for entry in &mut declaration.applications {
        let file = entry.place.file;
        let Some(origin) = entry.table.origin.clone() else {
            without_origin(entry, complaints);
            continue;
        };
        fill_in(&mut entry.table, &origin, file, complaints);
        let application = &entry.table;
        let (Some(client), Some(gateway_client)) = (&application.client, &application.gateway_client) else { continue };
        let brought = [
            (client, "scopes", application.scopes.as_ref().and_then(|scopes| Some(scopes.first()?.span().start))),
            (
                gateway_client,
                "guest_permissions",
                application.guest_permissions.as_ref().map(|given| given.span().start),
            ),
        ];
        for (number, (client_id, field, given)) in brought.into_iter().enumerate() {
            let server = application.server.get_ref().as_str().to_owned();
            if declared.insert((server, client_id.get_ref().as_str().to_owned())) {
                let table = if number == 0 {
                    storefront(application, &origin, client_id)
                } else {
                    gateway(application, &origin, client_id)
                };
                declaration.clients.push(Entry { place: entry.place, table });
            } else if let Some(offset) = given {
                let client_id = client_id.get_ref().as_str();
                complaints.add(
                    Place { file, offset },
                    format!("{field}: {client_id} has a [[client]] of its own, or came with another application: say it there"),
                );
            }
        }
    }
}

fn without_origin(entry: &Entry<Application>, complaints: &mut Complaints) {
    let table = &entry.table;
    let needed = [
        ("domains", table.domains.is_none()),
        ("client", table.client.is_none()),
        ("gateway_client", table.gateway_client.is_none()),
    ];
    for (field, _) in needed.into_iter().filter(|(_, missing)| *missing) {
        complaints.add(
            entry.at(&table.name),
            format!("{field}: is missing: give it, or `origin`, which brings domains, client and gateway_client"),
        );
    }
    for (field, offset) in [
        ("scopes", table.scopes.as_ref().and_then(|scopes| Some(scopes.first()?.span().start))),
        ("guest_permissions", table.guest_permissions.as_ref().map(|given| given.span().start)),
    ] {
        if let Some(offset) = offset {
            let place = Place { file: entry.place.file, offset };
            complaints.add(place, format!("{field}: is for clients that come with an `origin`: say it in [[client]]"));
        }
    }
}

fn fill_in(application: &mut Application, origin: &Spanned<Origin>, file: usize, complaints: &mut Complaints) {
    let place = Place { file, offset: origin.span().start };
    if !Url::parse(origin.get_ref().as_str()).is_ok_and(|url| is_https_or_loopback(&url)) {
        complaints.add(place, "origin: must be https; http only on localhost, 127.0.0.1 or [::1]");
        return;
    }
    if application.domains.is_none() {
        let host = origin.get_ref().as_str().split_once("://").map_or("", |(_, host)| host);
        let host = match &application.domain_prefix {
            None => host,
            Some(prefix) => {
                match host.strip_prefix(prefix.get_ref().as_str()).and_then(|rest| rest.strip_prefix('.')) {
                    Some(rest) => rest,
                    None => {
                        complaints.add(place, "origin: its host does not begin with domain_prefix and a dot");
                        return;
                    }
                }
            }
        };
        match Domain::try_from(host.to_owned()) {
            Ok(domain) => application.domains = Some(Spanned::at(origin.span(), vec![domain])),
            Err(reason) => complaints.add(place, format!("origin: its host {reason}")),
        }
    }
    let name = &application.name;
    if application.client.is_none() {
        match ClientId::try_from(name.get_ref().as_str().to_owned()) {
            Ok(client) => application.client = Some(Spanned::at(name.span(), client)),
            Err(reason) => {
                let place = Place { file, offset: name.span().start };
                complaints
                    .add(place, format!("client: name it, since the application's name is no client id: it {reason}"));
            }
        }
    }
    if application.gateway_client.is_none()
        && let Some(client) = &application.client
    {
        let name = format!("{}-gateway", client.get_ref().as_str());
        match ClientId::try_from(name) {
            Ok(gateway) => application.gateway_client = Some(Spanned::at(client.span(), gateway)),
            Err(reason) => {
                let place = Place { file, offset: client.span().start };
                complaints.add(
                    place,
                    format!("gateway_client: name it, since the client's id with -gateway is none: it {reason}"),
                );
            }
        }
    }
}

fn storefront(application: &Application, origin: &Spanned<Origin>, client_id: &Spanned<ClientId>) -> Client {
    let origin_text = origin.get_ref().as_str();
    let uris = |ends: &[&str]| -> Vec<Spanned<RedirectUri>> {
        let parsed = ends.iter().filter_map(|end| RedirectUri::parse(&format!("{origin_text}{end}")).ok());
        parsed.map(|uri| Spanned::at(origin.span(), uri)).collect()
    };
    Client {
        authentication_methods: Spanned::at(origin.span(), vec![AuthenticationMethod::None]),
        grant_types: Spanned::at(origin.span(), vec![GrantType::AuthorizationCode]),
        redirect_uris: uris(&["", "/", "/silent-callback.html"]),
        post_logout_redirect_uris: uris(&["", "/"]),
        scopes: application.scopes.clone().unwrap_or_default(),
        every_scope: application.scopes.is_none(),
        ..brought(application, client_id)
    }
}

fn gateway(application: &Application, origin: &Spanned<Origin>, client_id: &Spanned<ClientId>) -> Client {
    let given = application.guest_permissions.as_ref().map(|given| given.get_ref().clone());
    let readable = || GUEST_PERMISSIONS.iter().filter_map(|name| name.parse::<Permission>().ok()).collect();
    Client {
        authentication_methods: Spanned::at(origin.span(), vec![AuthenticationMethod::ClientSecretBasic]),
        grant_types: Spanned::at(origin.span(), vec![GrantType::ClientCredentials]),
        permissions: given.unwrap_or_else(readable),
        secret: Some(Spanned::at(origin.span(), Credential::Derived)),
        ..brought(application, client_id)
    }
}

/// What both have in common; it may do nothing yet.
fn brought(application: &Application, client_id: &Spanned<ClientId>) -> Client {
    let span = client_id.span();
    Client {
        server: application.server.clone(),
        client_id: client_id.clone(),
        friendly_name: None,
        application: Some(application.name.clone()),
        first_party: true,
        authentication_methods: Spanned::at(span.clone(), Vec::new()),
        jwks: None,
        grant_types: Spanned::at(span, Vec::new()),
        redirect_uris: Vec::new(),
        default_redirect_uri: None,
        application_type: ApplicationType::Web,
        post_logout_redirect_uris: Vec::new(),
        scopes: Vec::new(),
        every_scope: false,
        came_with_application: true,
        permissions: Vec::new(),
        proof_key_required: None,
        require_pushed_authorization_requests: false,
        access_token_algorithm: None,
        id_token_algorithm: None,
        code_seconds: None,
        access_token_seconds: None,
        id_token_seconds: None,
        enabled: true,
        secret: None,
        secret_hashes: None,
    }
}
