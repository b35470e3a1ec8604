//! Claims of access and ID tokens. Field names are the wire's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{
    AccountId, ApplicationId, CustomerContextId, CustomerId, GrantId, SessionId, TenantId, TokenId, UserId,
};
use crate::scope::ScopeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
pub enum UserType {
    Customer,
    Admin,
}

impl UserType {
    pub const fn name(self) -> &'static str {
        match self {
            UserType::Customer => "CUSTOMER",
            UserType::Admin => "ADMIN",
        }
    }
}

/// How a customer service representative acts (`impersonation`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Impersonation {
    Customer,
    Anonymous,
    #[serde(rename = "SELF")]
    Own,
}

/// Who acts (RFC 8693 §4.1) when it is not the subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub sub: String,
    pub csr_user_id: UserId,
    pub csr_username: String,
    pub impersonation: Impersonation,
}

/// An access token's payload (RFC 9068). Times are epoch seconds. `authorities` are permissions (`ALL_X` expanded) and
/// granted scope names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    pub iss: String,
    pub aud: Vec<String>,
    pub exp: i64,
    pub iat: i64,
    pub nbf: i64,
    pub jti: TokenId,
    /// The user's id, or the client id when a client acts for itself.
    pub sub: String,
    pub client_id: String,
    pub scope: ScopeSet,
    #[serde(default)]
    pub authorities: Vec<String>,
    pub tenant_id: TenantId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<ApplicationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<SessionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gid: Option<GrantId>,
    /// The session's hard end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    #[serde(flatten)]
    pub identity: IdentityClaims,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// What users' attributes are told as, by the server's map: all that has no field here.
    #[serde(flatten)]
    pub attributes: BTreeMap<String, Value>,
}

/// What tokens, the token response and the SDK say about the user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityClaims {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_type: Option<UserType>,
    /// Admins only: may work for the tenant as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_access: Option<bool>,
    /// Admins only: applications they may work in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_access: Option<Vec<ApplicationId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_context_ids: Option<Vec<CustomerContextId>>,
    /// The selected account; never without a checked membership.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acct_id: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_accts: Option<Vec<AccountId>>,
}

/// An ID token's payload (OpenID Connect Core §2). Times are epoch seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenClaims {
    pub iss: String,
    pub sub: String,
    pub aud: String,
    pub exp: i64,
    pub iat: i64,
    pub auth_time: i64,
    pub sid: SessionId,
    pub acr: String,
    pub amr: Vec<String>,
    pub at_hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    #[serde(flatten)]
    pub profile: ProfileClaims,
}

/// Standard claims about the user (OpenID Connect Core §5.1), as far as the granted scopes allow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileClaims {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
}
