//! The tables of a file, field by field; `docs/configuration-file.md` tells what they mean.

use std::collections::BTreeMap;

use auth_core::client::{AuthenticationMethod, GrantType, RedirectUri};
use auth_core::server::ClaimPlace;
use auth_core::user::Attributes;
use auth_protocol::claims::UserType;
use auth_protocol::jws::Algorithm;
use auth_protocol::permission::{Permission, PermissionRoot};
use serde::Deserialize;
use toml::Spanned;

use super::credential::Credential;
use super::values::{
    ClientId, CodeSeconds, Domain, Email, Failures, FormBytes, InactivitySeconds, Issuer, Minutes, Name, Origin,
    PasswordHash, Phone, ProductId, Quantity, ScopeName, SessionSeconds, SignInMinutes, TokenSeconds, Username,
};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    pub name: Spanned<Name>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationServer {
    pub name: Spanned<Name>,
    pub tenant: Spanned<Name>,
    pub friendly_name: Option<Name>,
    pub issuer: Spanned<Issuer>,
    pub user_type: Option<Spanned<UserType>>,
    pub api_audience: Option<Name>,
    pub access_token_algorithm: Option<Algorithm>,
    pub id_token_algorithm: Option<Algorithm>,
    #[serde(default)]
    pub lifetimes: Lifetimes,
    #[serde(default)]
    pub lock_out: LockOut,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub claim: Vec<Spanned<Claim>>,
}

/// An attribute of users that is told as a claim.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub attribute: String,
    pub claim: Option<String>,
    #[serde(rename = "in")]
    pub places: Vec<ClaimPlace>,
    pub scope: Option<Name>,
    pub longest_bytes: Option<u16>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifetimes {
    pub code_seconds: Option<CodeSeconds>,
    pub access_token_seconds: Option<TokenSeconds>,
    pub id_token_seconds: Option<TokenSeconds>,
    pub session_inactivity_seconds: Option<Spanned<InactivitySeconds>>,
    pub session_seconds: Option<Spanned<SessionSeconds>>,
}

/// Minutes of 0 mean for ever: a lock that an operator lifts, failures that always count.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockOut {
    pub failed_sign_ins_allowed: Option<Failures>,
    pub duration_minutes: Option<Minutes>,
    pub decay_minutes: Option<Minutes>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub form_bytes: Option<FormBytes>,
    pub sign_in_minutes: Option<SignInMinutes>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    pub server: Spanned<Name>,
    pub name: Spanned<ScopeName>,
    #[serde(default)]
    pub open: bool,
    #[serde(default)]
    pub permissions: Vec<Permission>,
    #[serde(default)]
    pub permission_roots: Vec<PermissionRoot>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub server: Spanned<Name>,
    pub name: Spanned<Name>,
    #[serde(default)]
    pub permissions: Vec<Permission>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    pub server: Spanned<Name>,
    pub client_id: Spanned<ClientId>,
    pub friendly_name: Option<Name>,
    pub application: Option<Spanned<Name>>,
    #[serde(default = "yes")]
    pub first_party: bool,
    pub authentication_methods: Spanned<Vec<AuthenticationMethod>>,
    pub grant_types: Spanned<Vec<GrantType>>,
    #[serde(default)]
    pub redirect_uris: Vec<RedirectUri>,
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    #[serde(default)]
    pub scopes: Vec<Spanned<Name>>,
    #[serde(default)]
    pub permissions: Vec<Permission>,
    pub proof_key_required: Option<Spanned<bool>>,
    pub access_token_algorithm: Option<Algorithm>,
    pub id_token_algorithm: Option<Algorithm>,
    pub code_seconds: Option<CodeSeconds>,
    pub access_token_seconds: Option<TokenSeconds>,
    pub id_token_seconds: Option<TokenSeconds>,
    #[serde(default = "yes")]
    pub enabled: bool,
    pub secret: Option<Spanned<Credential>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub server: Spanned<Name>,
    pub username: Spanned<Username>,
    pub email: Option<Spanned<Email>>,
    pub full_name: Option<Name>,
    pub phone: Option<Phone>,
    pub password: Option<Spanned<Credential>>,
    pub password_hash: Option<Spanned<PasswordHash>>,
    pub customer_context: Option<Spanned<Name>>,
    #[serde(default)]
    pub roles: Vec<Spanned<Name>>,
    #[serde(default)]
    pub permissions: Vec<Permission>,
    pub attributes: Option<Spanned<Attributes>>,
    #[serde(default = "yes")]
    pub enabled: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    pub server: Spanned<Name>,
    pub name: Spanned<Name>,
    pub domains: Spanned<Vec<Domain>>,
    pub domain_prefix: Option<Spanned<Name>>,
    pub parameter: Option<Spanned<Name>>,
    pub context_path: Option<Spanned<Name>>,
    pub token: Option<Name>,
    pub customer_context: Option<Name>,
    pub client: Spanned<ClientId>,
    pub gateway_client: Spanned<ClientId>,
    #[serde(default)]
    pub origins: Vec<Origin>,
    pub default_locale: Option<Name>,
    #[serde(default)]
    pub allowed_locales: Vec<Name>,
    #[serde(default = "yes")]
    pub enabled: bool,
    #[serde(default)]
    pub storefront: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AccountStatus {
    Active,
    Inactive,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub server: Spanned<Name>,
    pub name: Spanned<Name>,
    pub account_number: Option<Name>,
    pub parent: Option<Spanned<Name>>,
    pub status: Option<AccountStatus>,
    #[serde(default)]
    pub member: Vec<Member>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub username: Spanned<Username>,
    #[serde(default)]
    pub roles: Vec<Spanned<Name>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemList {
    pub tenant: Spanned<Name>,
    pub application: Option<Spanned<Name>>,
    pub name: Spanned<Name>,
    #[serde(default)]
    pub item: Vec<Item>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub product_id: Spanned<ProductId>,
    pub name: Name,
    pub quantity: Option<Quantity>,
}

fn yes() -> bool {
    true
}
