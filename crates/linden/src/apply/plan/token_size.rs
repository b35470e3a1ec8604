//! An access token stays under 4 kB: cookies, proxies and header limits along its way carry no more. The largest token
//! that a client can get is measured here, where a role or a scope is written, and not at a shopper's sign-in.
//!
//! Measured is a user who holds every role of the server, acts for an account three levels down, and asks for all that
//! the client may ask for. Names count with 100 bytes each, more if a declared user's are longer; claims of attributes
//! with the longest that their mapping allows.

use std::collections::BTreeMap;

use auth_core::client::{Client, GrantType};
use auth_core::role::{Role, SecurityScope};
use auth_core::server::{ClaimMapping, ClaimPlace, Server};
use auth_core::token::{Granted, access_token_algorithm, client_authorities, narrow, told_mappings};
use auth_protocol::claims::{AccessTokenClaims, IdentityClaims, UserType};
use auth_protocol::id::{AccountId, ApplicationId, CustomerContextId, CustomerId, GrantId, SessionId, TokenId, UserId};
use auth_protocol::jws::Algorithm;
use auth_protocol::permission::Permission;
use auth_protocol::scope::ScopeSet;
use auth_store::apply::Declaration as AuthDeclaration;
use serde_json::Value;

use super::Lookup;
use crate::apply::declaration::Declaration;
use crate::reading::{Complaints, Place};

const MOST_BYTES: usize = 4096;
const NAME_BYTES: usize = 100;

pub(super) fn check(
    declaration: &Declaration,
    lookup: &Lookup<'_>,
    auth: &AuthDeclaration,
    complaints: &mut Complaints,
) {
    for server in lookup.servers() {
        let Some(first) = first_place(declaration, server) else { continue };
        let rights = Rights::of(lookup, auth, server);
        for client in clients(lookup, auth, server) {
            let bytes = largest_token(server, &client, &rights);
            if bytes > MOST_BYTES {
                let message = format!(
                    "an access token of client {} can grow to {bytes} bytes, more than {MOST_BYTES}: give it fewer scopes or \
                     permissions, or the roles of server {} fewer permissions, or its claims fewer bytes",
                    client.client_id, server.name
                );
                complaints.add(place(declaration, server, &client.client_id).unwrap_or(first), message);
            }
        }
    }
}

/// Where the files first say something that the size of the server's tokens depends on.
fn first_place(declaration: &Declaration, server: &Server) -> Option<Place> {
    let name = server.name.as_str();
    let of_server = |named: &str| named == name;
    let servers = declaration.servers.iter().filter(|entry| of_server(entry.table.name.get_ref().as_str()));
    let scopes = declaration.scopes.iter().filter(|entry| of_server(entry.table.server.get_ref().as_str()));
    let roles = declaration.roles.iter().filter(|entry| of_server(entry.table.server.get_ref().as_str()));
    let clients = declaration.clients.iter().filter(|entry| of_server(entry.table.server.get_ref().as_str()));
    let users = declaration.users.iter().filter(|entry| of_server(entry.table.server.get_ref().as_str()));
    let places = scopes.map(|entry| entry.place).chain(roles.map(|entry| entry.place));
    let places = places.chain(clients.map(|entry| entry.place)).chain(users.map(|entry| entry.place));
    places.min().or_else(|| servers.map(|entry| entry.place).min())
}

fn place(declaration: &Declaration, server: &Server, client_id: &str) -> Option<Place> {
    let mut clients = declaration.clients.iter();
    let entry = clients.find(|entry| {
        entry.table.server.get_ref().as_str() == server.name && entry.table.client_id.get_ref().as_str() == client_id
    })?;
    Some(entry.at(&entry.table.client_id))
}

/// The server's clients as they will be.
fn clients(lookup: &Lookup<'_>, auth: &AuthDeclaration, server: &Server) -> Vec<Client> {
    let client = |client_id: &str, settings: &auth_core::client::ClientSettings| Client {
        client_id: client_id.to_owned(),
        enabled: true,
        settings: settings.clone(),
        secrets: Vec::new(),
    };
    let declared: Vec<Client> = auth
        .clients
        .iter()
        .filter(|declared| declared.server_id == server.id)
        .map(|declared| client(&declared.client_id, &declared.settings))
        .collect();
    let known = lookup.known.clients.get(&server.id).into_iter().flatten();
    let others = known
        .filter(|known| !declared.iter().any(|declared| declared.client_id == known.client_id))
        .map(|known| client(&known.client_id, &known.settings));
    let others: Vec<Client> = others.collect();
    [declared, others].concat()
}

/// What the server's users can hold at most.
struct Rights {
    scopes: Vec<SecurityScope>,
    permissions: Vec<Permission>,
    name_bytes: usize,
}

impl Rights {
    fn of(lookup: &Lookup<'_>, auth: &AuthDeclaration, server: &Server) -> Self {
        let mut scopes: Vec<SecurityScope> = declared_scopes(auth, server).cloned().collect();
        let known = lookup.known.scopes.get(&server.id).into_iter().flatten();
        scopes.extend(
            known.filter(|known| !declared_scopes(auth, server).any(|scope| scope.name == known.name)).cloned(),
        );
        let mut roles: Vec<Role> = declared_roles(auth, server).cloned().collect();
        let known = lookup.known.roles.get(&server.id).into_iter().flatten();
        roles.extend(known.filter(|known| !declared_roles(auth, server).any(|role| role.name == known.name)).cloned());
        let users: Vec<_> = auth.users.iter().filter(|user| user.server_id == server.id).collect();
        let of_users = users.iter().flat_map(|user| user.permissions.clone());
        let permissions = roles.into_iter().flat_map(|role| role.permissions).chain(of_users).collect();
        let names = users.iter().flat_map(|user| [Some(&user.username), user.email.as_ref(), user.full_name.as_ref()]);
        let longest = names.flatten().map(String::len).max().unwrap_or_default();
        Self { scopes, permissions, name_bytes: longest.max(NAME_BYTES) }
    }
}

fn declared_scopes<'a>(auth: &'a AuthDeclaration, server: &Server) -> impl Iterator<Item = &'a SecurityScope> {
    let id = server.id;
    auth.scopes.iter().filter(move |entry| entry.server_id == id).map(|entry| &entry.scope)
}

fn declared_roles<'a>(auth: &'a AuthDeclaration, server: &Server) -> impl Iterator<Item = &'a Role> {
    let id = server.id;
    auth.roles.iter().filter(move |entry| entry.server_id == id).map(|entry| &entry.role)
}

fn largest_token(server: &Server, client: &Client, rights: &Rights) -> usize {
    let everything: ScopeSet = client.settings.scopes.iter().cloned().collect();
    let algorithm = access_token_algorithm(&server.settings, &client.settings);
    let of_user = client.may_use(GrantType::AuthorizationCode).then(|| {
        let granted = narrow(&everything, client, &rights.scopes, &rights.permissions);
        let mappings = told_mappings(&server.settings.claims, ClaimPlace::AccessToken, client, &granted.scope);
        let attributes = mappings.map(longest_claim).collect();
        let claims = claims(server, client, granted, Some(identity(server.user_type, rights.name_bytes)));
        token_bytes(algorithm, &AccessTokenClaims { attributes, ..claims })
    });
    let of_client = client
        .may_use(GrantType::ClientCredentials)
        .then(|| token_bytes(algorithm, &claims(server, client, client_authorities(&everything, client), None)));
    of_user.into_iter().chain(of_client).max().unwrap_or_default()
}

/// A text with its quotes.
fn longest_claim(mapping: &ClaimMapping) -> (String, Value) {
    let text = "x".repeat(usize::from(mapping.longest_bytes).saturating_sub(2));
    (mapping.claim.clone(), text.into())
}

fn identity(user_type: UserType, name_bytes: usize) -> IdentityClaims {
    let name = "x".repeat(name_bytes);
    let is_customer = user_type == UserType::Customer;
    let account = AccountId::from_bytes([0x7f; 16]);
    IdentityClaims {
        user_id: Some(UserId::from_bytes([0x7f; 16])),
        username: Some(name.clone()),
        full_name: Some(name.clone()),
        email_address: Some(name),
        user_type: Some(user_type),
        tenant_access: (!is_customer).then_some(true),
        application_access: None,
        customer_id: is_customer.then(|| CustomerId::from_bytes([0x7f; 16])),
        customer_context_ids: is_customer.then(|| vec![CustomerContextId::from_bytes([0x7f; 16])]),
        acct_id: is_customer.then_some(account),
        parent_accts: is_customer.then(|| vec![account; 3]),
    }
}

fn claims(server: &Server, client: &Client, granted: Granted, identity: Option<IdentityClaims>) -> AccessTokenClaims {
    const LATE: i64 = 9_999_999_999;
    let of_user = identity.is_some();
    AccessTokenClaims {
        iss: server.issuer.clone(),
        aud: vec![server.settings.api_audience.clone(), server.issuer.clone()],
        exp: LATE,
        iat: LATE,
        nbf: LATE,
        jti: TokenId::from_bytes([0x7f; 16]),
        sub: if of_user { UserId::from_bytes([0x7f; 16]).to_string() } else { client.client_id.clone() },
        client_id: client.client_id.clone(),
        scope: granted.scope,
        authorities: granted.authorities,
        tenant_id: server.tenant_id,
        application_id: client.settings.application_id.map(|_| ApplicationId::from_bytes([0x7f; 16])),
        sid: of_user.then(|| SessionId::from_bytes([0x7f; 16])),
        gid: of_user.then(|| GrantId::from_bytes([0x7f; 16])),
        max: of_user.then_some(LATE),
        identity: identity.unwrap_or_default(),
        act: None,
        attributes: BTreeMap::new(),
    }
}

fn token_bytes(algorithm: Algorithm, claims: &AccessTokenClaims) -> usize {
    let claims = serde_json::to_vec(claims).map_or(usize::MAX / 8, |claims| claims.len());
    encoded(HEADER_BYTES) + 1 + encoded(claims) + 1 + encoded(signature_bytes(algorithm))
}

/// `{"alg":"ES256","typ":"at+jwt","kid":"…"}` with a thumbprint as the key's id.
const HEADER_BYTES: usize = 82;

fn signature_bytes(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::Es256 | Algorithm::EdDsa => 64,
        Algorithm::Rs256 => 256,
    }
}

/// Base 64 without padding.
fn encoded(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

#[cfg(test)]
mod tests {
    use auth_core::server::ServerSettings;
    use auth_protocol::id::{ServerId, TenantId};
    use auth_protocol::jws::{ACCESS_TOKEN, SigningKey};
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

    use super::*;

    #[test]
    fn what_is_measured_is_as_long_as_what_is_signed() {
        let server = Server {
            id: ServerId::from_bytes([1; 16]),
            tenant_id: TenantId::from_bytes([1; 16]),
            name: "customers".to_owned(),
            friendly_name: "Customers".to_owned(),
            issuer: "https://shop.example/auth".to_owned(),
            user_type: UserType::Customer,
            settings: ServerSettings::default(),
        };
        let settings = r#"{"friendly_name":"","application_id":null,"first_party":true,"authentication_methods":["none"],
            "grant_types":["authorization_code"],"redirect_uris":[],"post_logout_redirect_uris":[],"scopes":["USER"],
            "permissions":[],"proof_key_required":true,"access_token_algorithm":null,"id_token_algorithm":"ES256","code_seconds":null,
            "access_token_seconds":null,"id_token_seconds":null}"#;
        let settings = serde_json::from_str(settings).unwrap();
        let client = Client { client_id: "storefront".to_owned(), enabled: true, settings, secrets: vec![] };
        let granted = Granted { scope: ScopeSet::parse("USER").unwrap(), authorities: vec!["USER".to_owned()] };
        let claims = claims(&server, &client, granted, Some(identity(UserType::Customer, 20)));
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let key = SigningKey::from_pkcs8(Algorithm::Es256, key.as_ref()).unwrap();
        let token = key.sign(ACCESS_TOKEN, &claims).unwrap();
        assert_eq!(token_bytes(Algorithm::Es256, &claims), token.len());
    }
}
