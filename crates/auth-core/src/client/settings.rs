use auth_protocol::id::ApplicationId;
use auth_protocol::jws::Algorithm;
use auth_protocol::permission::Permission;
use serde::{Deserialize, Serialize};

use super::{ClientKeys, RedirectUri};

/// How a client proves who it is (RFC 8414 `token_endpoint_auth_methods_supported`); `private_key_jwt` is an assertion that
/// it signs with a key of its own (RFC 7523 §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
pub enum AuthenticationMethod {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

impl AuthenticationMethod {
    pub const fn name(self) -> &'static str {
        match self {
            AuthenticationMethod::None => "none",
            AuthenticationMethod::ClientSecretBasic => "client_secret_basic",
            AuthenticationMethod::ClientSecretPost => "client_secret_post",
            AuthenticationMethod::PrivateKeyJwt => "private_key_jwt",
        }
    }

    pub const fn is_by_secret(self) -> bool {
        matches!(self, AuthenticationMethod::ClientSecretBasic | AuthenticationMethod::ClientSecretPost)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
pub enum GrantType {
    AuthorizationCode,
    ClientCredentials,
}

impl GrantType {
    pub const EVERY: [GrantType; 2] = [GrantType::AuthorizationCode, GrantType::ClientCredentials];

    pub const fn name(self) -> &'static str {
        match self {
            GrantType::AuthorizationCode => "authorization_code",
            GrantType::ClientCredentials => "client_credentials",
        }
    }
}

/// OpenID Connect Dynamic Registration §2 `application_type`: what may be registered, and what matches, differs
/// ([`RedirectUri`]).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    #[default]
    Web,
    /// Runs on the user's device: private-use schemes, and any port of a loopback address (RFC 8252 §7).
    Native,
}

/// What is stored of a client beside its id and secrets. Lifetimes are seconds; absent means the server's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientSettings {
    pub friendly_name: String,
    pub application_id: Option<ApplicationId>,
    /// First-party clients get identity claims and session times beside their tokens, and credentialed CORS.
    pub first_party: bool,
    pub authentication_methods: Vec<AuthenticationMethod>,
    /// What the assertions of [`AuthenticationMethod::PrivateKeyJwt`] are verified with.
    pub jwks: Option<ClientKeys>,
    pub grant_types: Vec<GrantType>,
    pub application_type: ApplicationType,
    pub redirect_uris: Vec<RedirectUri>,
    /// One of `redirect_uris`, for requests that name none. OpenID Connect's always name one (Core §3.1.2.1).
    pub default_redirect_uri: Option<RedirectUri>,
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Scopes that it may ask for.
    pub scopes: Vec<String>,
    /// What it may do when it acts for itself.
    pub permissions: Vec<Permission>,
    pub proof_key_required: bool,
    /// RFC 9126 §6: its authorizations come by reference only.
    pub require_pushed_authorization_requests: bool,
    /// Absent means the server's.
    pub access_token_algorithm: Option<Algorithm>,
    pub id_token_algorithm: Option<Algorithm>,
    pub code_seconds: Option<u32>,
    pub access_token_seconds: Option<u32>,
    pub id_token_seconds: Option<u32>,
}

impl ClientSettings {
    /// Origins from which a page of this client calls us. `null` is nobody's: private-use schemes have it, and so has every
    /// sandboxed frame.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        self.redirect_uris.iter().filter(|uri| !uri.is_private_use()).map(|uri| uri.origin())
    }
}

/// A client that may do nothing yet.
impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            friendly_name: String::new(),
            application_id: None,
            first_party: false,
            authentication_methods: Vec::new(),
            jwks: None,
            grant_types: Vec::new(),
            application_type: ApplicationType::Web,
            redirect_uris: Vec::new(),
            default_redirect_uri: None,
            post_logout_redirect_uris: Vec::new(),
            scopes: Vec::new(),
            permissions: Vec::new(),
            proof_key_required: true,
            require_pushed_authorization_requests: false,
            access_token_algorithm: None,
            id_token_algorithm: None,
            code_seconds: None,
            access_token_seconds: None,
            id_token_seconds: None,
        }
    }
}
