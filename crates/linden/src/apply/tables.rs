//! The tables of a file, field by field; `docs/configuration-file.md` tells what they mean. What is written here about a
//! field is part of the file's JSON Schema; types of `auth_core` and `auth_protocol` are so by their feature `schema`.

mod client;

use std::collections::BTreeMap;

use auth_core::server::ClaimPlace;
use auth_core::user::Attributes;
use auth_protocol::claims::UserType;
use auth_protocol::jws::Algorithm;
use auth_protocol::permission::{Permission, PermissionRoot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use client::{Client, SecretHash};

use super::credential::Credential;
use super::values::{
    AuditDays, ClientId, CodeSeconds, Domain, Email, Failures, FormBytes, InactivitySeconds, Issuer, Minutes, Name,
    Origin, PasswordHash, Phone, ProductId, PublishHours, Quantity, RotationDays, ScopeName, SessionSeconds,
    SignInMinutes, TokenSeconds, Username,
};
use crate::reading::Spanned;

/// A merchant. Data of two tenants never meet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Its key; another name is another tenant.
    pub name: Spanned<Name>,
}

/// A pool of users with one issuer, one set of keys and one set of rules.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationServer {
    /// Its key, unique on the installation; cannot be changed.
    pub name: Spanned<Name>,
    /// The tenant it belongs to; cannot be changed.
    pub tenant: Spanned<Name>,
    /// What pages call it; its name when left out.
    pub friendly_name: Option<Name>,
    /// Base URL without a slash at the end: https, or http on a loopback host. One server's alone.
    pub issuer: Spanned<Issuer>,
    /// CUSTOMER when left out; cannot be changed.
    pub user_type: Option<Spanned<UserType>>,
    /// What services find in `aud`; "linden-api" when left out.
    pub api_audience: Option<Name>,
    /// ES256 when left out.
    pub access_token_algorithm: Option<Algorithm>,
    /// ES256 for first parties, RS256 for others, when left out.
    pub id_token_algorithm: Option<Algorithm>,
    #[serde(default)]
    pub lifetimes: Lifetimes,
    #[serde(default)]
    pub lock_out: LockOut,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub keys: KeyRotation,
    /// How long the audit trail keeps its events; 400 when left out.
    pub audit_days: Option<AuditDays>,
    /// Attributes of users that are told as claims.
    #[serde(default)]
    pub claim: Vec<Spanned<Claim>>,
}

/// An attribute of users that is told as a claim.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The attribute's name.
    pub attribute: String,
    /// The claim's name; the attribute's when left out.
    pub claim: Option<String>,
    /// Where it is told.
    #[serde(rename = "in")]
    pub places: Vec<ClaimPlace>,
    /// Told to whoever was granted this scope; to first-party clients alone when left out.
    pub scope: Option<Name>,
    /// The longest value that is told, in bytes of JSON.
    pub longest_bytes: Option<u16>,
}

/// How long things live at an authorization server.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifetimes {
    /// 60 when left out.
    pub code_seconds: Option<CodeSeconds>,
    /// 300 when left out.
    pub access_token_seconds: Option<TokenSeconds>,
    /// 300 when left out.
    pub id_token_seconds: Option<TokenSeconds>,
    /// A session ends after this time without use; 1800 when left out.
    pub session_inactivity_seconds: Option<Spanned<InactivitySeconds>>,
    /// A session ends then whatever happens; 43200 when left out.
    pub session_seconds: Option<Spanned<SessionSeconds>>,
}

/// Minutes of 0 mean for ever: a lock that an operator lifts, failures that always count.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LockOut {
    /// Failures in a row that are forgiven: with 5 the sixth locks, 0 never locks. 10 when left out.
    pub failed_sign_ins_allowed: Option<Failures>,
    /// How long a lock lasts; 0: until an operator lifts it. 15 when left out.
    pub duration_minutes: Option<Minutes>,
    /// Failures older than this no longer count; 0: they always do. 60 when left out.
    pub decay_minutes: Option<Minutes>,
}

/// What a request may take.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The largest form that is read; 65536 when left out.
    pub form_bytes: Option<FormBytes>,
    /// How long a request may wait for its sign-in form; 30 when left out.
    pub sign_in_minutes: Option<SignInMinutes>,
}

/// When signing keys are replaced.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRotation {
    /// How long a key signs; 0: until an operator rotates. 90 when left out.
    pub rotation_days: Option<RotationDays>,
    /// How long a key is published before it signs; 24 when left out.
    pub publish_hours: Option<PublishHours>,
}

/// What clients ask for. It lets through those of a user's permissions that it names, or whose root it names.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The authorization server.
    pub server: Spanned<Name>,
    /// Its key, with the server.
    pub name: Spanned<ScopeName>,
    /// Granted to every user, with or without one of its permissions.
    #[serde(default)]
    pub open: bool,
    /// Permissions that it lets through.
    #[serde(default)]
    pub permissions: Vec<Permission>,
    /// Roots whose permissions it lets through.
    #[serde(default)]
    pub permission_roots: Vec<PermissionRoot>,
}

/// Permissions under a name, for users and for members of accounts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The authorization server.
    pub server: Spanned<Name>,
    /// Its key, with the server.
    pub name: Spanned<Name>,
    /// READ_, CREATE_, UPDATE_, DELETE_ or ALL_ before a root such as ITEM_LIST.
    #[serde(default)]
    pub permissions: Vec<Permission>,
}

/// Someone who can sign in at one authorization server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The authorization server.
    pub server: Spanned<Name>,
    /// Their key, with the server, by its canonical form. One with an @ must be the user's own e-mail address.
    pub username: Spanned<Username>,
    /// Needed for customers; one user's alone on a server.
    pub email: Option<Spanned<Email>>,
    /// What pages and tokens call them.
    pub full_name: Option<Name>,
    /// + and 5 to 15 digits.
    pub phone: Option<Phone>,
    /// Counts when the user is created, and never again.
    #[serde(skip_serializing)]
    pub password: Option<Spanned<Credential>>,
    /// Instead of a password: the Argon2id or bcrypt hash that another system has.
    pub password_hash: Option<Spanned<PasswordHash>>,
    /// The pool of customers that they belong to; "default" when left out.
    pub customer_context: Option<Spanned<Name>>,
    /// Roles of the server.
    #[serde(default)]
    pub roles: Vec<Spanned<Name>>,
    /// Permissions of their own, beside those of their roles.
    #[serde(default)]
    pub permissions: Vec<Permission>,
    /// What else is known of them, by name.
    pub attributes: Option<Spanned<Attributes>>,
    /// A user who is not enabled cannot sign in.
    #[serde(default = "yes")]
    pub enabled: bool,
}

/// A storefront, found by the host of a request.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The authorization server of its customers.
    pub server: Spanned<Name>,
    /// Its key within the tenant.
    pub name: Spanned<Name>,
    /// Where the storefront is, such as "https://shop.example": brings domain, client and gateway client.
    #[serde(skip_serializing)]
    pub origin: Option<Spanned<Origin>>,
    /// At least one host or host:port in lower case; the origin's when left out.
    pub domains: Option<Spanned<Vec<Domain>>>,
    /// The first label of the host; `domains` then holds what follows it.
    pub domain_prefix: Option<Spanned<Name>>,
    /// The query parameter `application`.
    pub parameter: Option<Spanned<Name>>,
    /// The first segment of the path.
    pub context_path: Option<Spanned<Name>>,
    /// What X-Application-Token names it by; its name when left out.
    pub token: Option<Name>,
    /// Its pool of customers; "default" when left out.
    pub customer_context: Option<Name>,
    /// The storefront's client; with an origin its name is the application's when left out.
    pub client: Option<Spanned<ClientId>>,
    /// The client whose token the gateway gives to guests; with an origin the storefront's client with "-gateway".
    pub gateway_client: Option<Spanned<ClientId>>,
    /// What the client that comes with an origin may ask for; all scopes of the server when left out.
    #[serde(skip_serializing)]
    pub scopes: Option<Vec<Spanned<Name>>>,
    /// What guests may do by the gateway client that comes with an origin; READ_APPLICATION and READ_ITEM_LIST when left out.
    #[serde(skip_serializing)]
    pub guest_permissions: Option<Spanned<Vec<Permission>>>,
    /// Origins of storefronts elsewhere that may call the services.
    #[serde(default)]
    pub origins: Vec<Origin>,
    /// "en" when left out.
    pub default_locale: Option<Name>,
    /// The default locale alone when left out.
    #[serde(default)]
    pub allowed_locales: Vec<Name>,
    /// An application that is not enabled is not found.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The storefront's settings, served as /config.json.
    #[serde(default)]
    pub storefront: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schemars(inline)]
pub enum AccountStatus {
    Active,
    Inactive,
}

/// A company, and the customers who buy for it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The server whose users are its members.
    pub server: Spanned<Name>,
    /// Its key within the tenant.
    pub name: Spanned<Name>,
    /// Unique in the tenant; its name when left out.
    pub account_number: Option<Name>,
    /// The account above it.
    pub parent: Option<Spanned<Name>>,
    /// ACTIVE when left out.
    pub status: Option<AccountStatus>,
    /// The customers who buy for it.
    #[serde(default)]
    pub member: Vec<Member>,
}

/// A customer who buys for an account.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// A user of the server.
    pub username: Spanned<Username>,
    /// They count only while the member acts for this account.
    #[serde(default)]
    pub roles: Vec<Spanned<Name>>,
}

/// A list of products that everybody can see.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemList {
    /// The tenant it belongs to.
    pub tenant: Spanned<Name>,
    /// The one application that shows it; all of them when left out.
    pub application: Option<Spanned<Name>>,
    /// Its key within the tenant.
    pub name: Spanned<Name>,
    /// Products, each once.
    #[serde(default)]
    pub item: Vec<Item>,
}

/// A product on a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// 1 to 64 letters, digits or - . _ :, once on a list.
    pub product_id: Spanned<ProductId>,
    /// What people read.
    pub name: Name,
    /// 1 when left out.
    pub quantity: Option<Quantity>,
}

fn yes() -> bool {
    true
}
