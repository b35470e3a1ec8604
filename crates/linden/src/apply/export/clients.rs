use auth_core::client::{ClientSettings, KeptSecret, secret_hash};
use auth_store::apply::{ClientEntry, Declaration, DeclaredSecret};

use super::ExportError;
use super::names::{Names, optional, text, texts, value};
use super::servers::number;
use crate::apply::credential::Credential;
use crate::apply::run::DeriveSecret;
use crate::apply::tables::{Client, SecretHash};
use crate::apply::values::{Name, Sha256, Time};
use crate::reading::Spanned;

pub(super) fn clients(
    declaration: &Declaration,
    names: &Names<'_>,
    derive_secret: &DeriveSecret,
) -> Result<Vec<Client>, ExportError> {
    let clients = declaration.clients.iter().map(|entry| {
        let server = declaration.servers.iter().find(|server| server.id == entry.server_id);
        let derived = server.and_then(|server| derive_secret(&server.issuer, &entry.client_id));
        one(entry, names, derived.as_deref())
    });
    clients.collect()
}

fn one(entry: &ClientEntry, names: &Names<'_>, derived: Option<&str>) -> Result<Client, ExportError> {
    let name = entry.client_id.as_str();
    let ClientSettings {
        friendly_name,
        application_id,
        first_party,
        authentication_methods,
        jwks,
        grant_types,
        application_type,
        redirect_uris,
        default_redirect_uri,
        post_logout_redirect_uris,
        scopes,
        permissions,
        proof_key_required,
        require_pushed_authorization_requests,
        access_token_algorithm,
        id_token_algorithm,
        code_seconds,
        access_token_seconds,
        id_token_seconds,
    } = &entry.settings;
    let seconds = |seconds: Option<u32>| seconds.map(|seconds| number(name, "lifetimes", seconds)).transpose();
    let application = application_id.and_then(|id| names.application(id));
    let takes_secret = authentication_methods.iter().any(|method| method.is_by_secret());
    let (secret, secret_hashes) = secret(entry, derived);
    Ok(Client {
        server: text(name, "server", names.server(entry.server_id))?,
        client_id: text(name, "client_id", name)?,
        friendly_name: Some(value(name, "friendly_name", friendly_name)?),
        application: optional::<Name, _>(name, "application", application)?,
        first_party: *first_party,
        authentication_methods: authentication_methods.clone().into(),
        jwks: jwks.clone().map(Spanned::from),
        grant_types: grant_types.clone().into(),
        application_type: *application_type,
        redirect_uris: redirect_uris.iter().cloned().map(Spanned::from).collect(),
        default_redirect_uri: default_redirect_uri.clone().map(Spanned::from),
        post_logout_redirect_uris: post_logout_redirect_uris.iter().cloned().map(Spanned::from).collect(),
        scopes: texts::<Name, Spanned<Name>>(name, "scopes", scopes)?,
        came_with_application: false,
        every_scope: false,
        permissions: permissions.clone(),
        proof_key_required: Some((*proof_key_required).into()),
        require_pushed_authorization_requests: *require_pushed_authorization_requests,
        access_token_algorithm: *access_token_algorithm,
        id_token_algorithm: *id_token_algorithm,
        code_seconds: code_seconds.map(|seconds| number(name, "code_seconds", seconds)).transpose()?,
        access_token_seconds: seconds(*access_token_seconds)?,
        id_token_seconds: seconds(*id_token_seconds)?,
        enabled: entry.enabled,
        secret,
        secret_hashes: secret_hashes.filter(|hashes| takes_secret || !hashes.is_empty()).map(Spanned::from),
    })
}

/// What is derived here is derived there, too, where the master key is another.
fn secret(entry: &ClientEntry, derived: Option<&str>) -> (Option<Spanned<Credential>>, Option<Vec<SecretHash>>) {
    let kept: &[KeptSecret] = match &entry.secret {
        DeclaredSecret::Are(secrets) => secrets,
        DeclaredSecret::Is(hash) => &[KeptSecret { hash: *hash, expires_at: None }],
        DeclaredSecret::None | DeclaredSecret::WhenNone(_) => &[],
    };
    let is_derived = |secret: &KeptSecret| {
        secret.expires_at.is_none() && derived.is_some_and(|derived| secret_hash(derived) == secret.hash)
    };
    if let [only] = kept
        && is_derived(only)
    {
        return (Some(Credential::Derived.into()), None);
    }
    let hashes =
        kept.iter().map(|secret| SecretHash { sha256: Sha256(secret.hash), expires_at: secret.expires_at.map(Time) });
    (None, Some(hashes.collect()))
}
