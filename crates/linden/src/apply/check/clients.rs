use std::collections::HashSet;

use auth_core::client::{ApplicationType, AuthenticationMethod, GrantType, MOST_SECRETS};

use crate::apply::declaration::Entry;
use crate::apply::tables::{Client, SecretHash};
use crate::reading::Complaints;
use crate::reading::Spanned;

/// Shorter ones can be guessed from their hash.
const SHORTEST_SECRET: usize = 16;
const LONGEST_SECRET: usize = 255;

pub(super) fn check(entry: &Entry<Client>, complaints: &mut Complaints) {
    let client = &entry.table;
    let (methods, grants) = (client.authentication_methods.get_ref(), client.grant_types.get_ref());
    let methods_at = entry.at(&client.authentication_methods);
    let is_public = methods.contains(&AuthenticationMethod::None);
    if methods.is_empty() {
        complaints.add(
            methods_at,
            "authentication_methods: name at least one; [\"none\"] for a client that cannot prove who it is",
        );
    }
    if is_public && methods.len() > 1 {
        complaints.add(
            methods_at,
            "authentication_methods: \"none\" stands alone, since a client either proves who it is or cannot",
        );
    }
    if grants.is_empty() {
        complaints.add(entry.at(&client.grant_types), "grant_types: name at least one");
    }
    if is_public && grants.contains(&GrantType::ClientCredentials) {
        let message =
            "grant_types: client_credentials needs a secret or keys, and this client has none (RFC 6749 §4.4)";
        complaints.add(entry.at(&client.grant_types), message);
    }
    if grants.contains(&GrantType::AuthorizationCode) && client.redirect_uris.is_empty() {
        let message = "grant_types: authorization_code needs redirect_uris, the addresses that users come back to";
        complaints.add(entry.at(&client.grant_types), message);
    }
    if let Some(required) = &client.proof_key_required
        && is_public
        && !*required.get_ref()
    {
        let message =
            "proof_key_required: a client that cannot prove who it is always proves its code's key: leave it out";
        complaints.add(entry.at(required), message);
    }
    redirect_uris(entry, complaints);
    keys(entry, methods, complaints);
    secret(entry, methods, complaints);
}

fn redirect_uris(entry: &Entry<Client>, complaints: &mut Complaints) {
    let client = &entry.table;
    if client.application_type == ApplicationType::Web {
        let lists = [
            ("redirect_uris", &client.redirect_uris),
            ("post_logout_redirect_uris", &client.post_logout_redirect_uris),
        ];
        for (field, uri) in lists.into_iter().flat_map(|(field, uris)| uris.iter().map(move |uri| (field, uri))) {
            if uri.get_ref().is_private_use() {
                let message = "a private-use scheme leads into an app: say application_type = \"native\"";
                complaints.add(entry.at(uri), format!("{field}: {message}"));
            }
        }
    }
    if let Some(default) = &client.default_redirect_uri
        && !client.redirect_uris.iter().any(|uri| uri.get_ref().matches(default.get_ref().as_str()))
    {
        complaints.add(entry.at(default), "default_redirect_uri: must be one of redirect_uris");
    }
}

fn keys(entry: &Entry<Client>, methods: &[AuthenticationMethod], complaints: &mut Complaints) {
    match (&entry.table.jwks, methods.contains(&AuthenticationMethod::PrivateKeyJwt)) {
        (None, true) => complaints.add(
            entry.at(&entry.table.authentication_methods),
            "jwks: is missing: private_key_jwt needs the client's public keys",
        ),
        (Some(jwks), false) => complaints.add(
            entry.at(jwks),
            "jwks: counts for authentication method \"private_key_jwt\" alone: name it, or leave jwks out",
        ),
        _ => {}
    }
}

fn secret(entry: &Entry<Client>, methods: &[AuthenticationMethod], complaints: &mut Complaints) {
    let is_public = methods.contains(&AuthenticationMethod::None);
    let takes_secret = !is_public && methods.iter().any(|method| method.is_by_secret());
    if let Some(hashes) = &entry.table.secret_hashes {
        secret_hashes(entry, hashes, takes_secret, complaints);
        return;
    }
    match (&entry.table.secret, takes_secret) {
        (None, true) => complaints.add(
            entry.at(&entry.table.authentication_methods),
            "secret: is missing: give a text, { env = \"NAME\" }, { generate = true } or { derived = true }",
        ),
        (Some(secret), false) if !methods.is_empty() => {
            let named: Vec<&str> = methods.iter().map(|method| method.name()).collect();
            let message = format!(
                "secret: a client with authentication method \"{}\" has no secret: leave it out",
                named.join("\", \"")
            );
            complaints.add(entry.at(secret), message);
        }
        (Some(secret), true) => {
            let unfit = |text: &str| {
                !(SHORTEST_SECRET..=LONGEST_SECRET).contains(&text.len())
                    || !text.bytes().all(|byte| byte.is_ascii_graphic())
            };
            if secret.get_ref().text().is_some_and(unfit) {
                let message = "secret: must be 16 to 255 visible ASCII characters, best random ones ({ generate = true } makes them)";
                complaints.add(entry.at(secret), message);
            }
        }
        _ => {}
    }
}

fn secret_hashes(
    entry: &Entry<Client>,
    hashes: &Spanned<Vec<SecretHash>>,
    takes_secret: bool,
    complaints: &mut Complaints,
) {
    let place = entry.at(hashes);
    let mut seen = HashSet::new();
    if entry.table.secret.is_some() {
        complaints.add(place, "secret_hashes: there is a secret beside them: keep one of the two");
    } else if !takes_secret && !hashes.get_ref().is_empty() {
        complaints
            .add(place, "secret_hashes: a client with these authentication methods has no secret: leave them out");
    } else if hashes.get_ref().len() > MOST_SECRETS {
        complaints.add(place, format!("secret_hashes: a client may have {MOST_SECRETS} secrets at most"));
    } else if !hashes.get_ref().iter().all(|secret| seen.insert(secret.sha256.0)) {
        complaints.add(place, "secret_hashes: one of them is there twice");
    }
}
