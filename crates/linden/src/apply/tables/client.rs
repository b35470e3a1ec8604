//! `[[client]]`.

use auth_core::client::{ApplicationType, AuthenticationMethod, ClientKeys, GrantType, RedirectUri};
use auth_protocol::jws::Algorithm;
use auth_protocol::permission::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::yes;
use crate::apply::credential::Credential;
use crate::apply::values::{ClientId, CodeSeconds, Name, Sha256, Time, TokenSeconds};
use crate::reading::Spanned;

/// A program that asks an authorization server for tokens.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The authorization server.
    pub server: Spanned<Name>,
    /// Its key, with the server: 1 to 64 letters, digits or - . _ ~, not shaped like a ULID.
    pub client_id: Spanned<ClientId>,
    /// What people read; the client id when left out.
    pub friendly_name: Option<Name>,
    /// The application whose customers it serves, when it is one alone.
    pub application: Option<Spanned<Name>>,
    /// Gets identity claims and session times beside its tokens, and CORS with credentials.
    #[serde(default = "yes")]
    pub first_party: bool,
    /// ["none"] alone for a client that cannot prove who it is, such as a page in a browser.
    pub authentication_methods: Spanned<Vec<AuthenticationMethod>>,
    /// The public keys of a client with private_key_jwt, as a JSON Web Key Set: 1 to 8 keys of EC P-256, RSA or Ed25519.
    pub jwks: Option<Spanned<ClientKeys>>,
    /// What it asks for tokens with.
    pub grant_types: Spanned<Vec<GrantType>>,
    /// Where users come back to; matched by exact string, save that an empty path equals /.
    #[serde(default)]
    pub redirect_uris: Vec<Spanned<RedirectUri>>,
    /// One of redirect_uris, for requests that name none; those with scope openid always name one.
    pub default_redirect_uri: Option<Spanned<RedirectUri>>,
    /// "native" for a program on the user's device: private-use schemes, and any port on 127.0.0.1 and [::1].
    #[serde(default)]
    pub application_type: ApplicationType,
    /// Where users come back to after signing out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<Spanned<RedirectUri>>,
    /// What it may ask for.
    #[serde(default)]
    pub scopes: Vec<Spanned<Name>>,
    /// Came with its application, whose shop's name people read then.
    #[serde(skip)]
    pub came_with_application: bool,
    /// Of such a client: it may ask for all scopes that there are.
    #[serde(skip)]
    pub every_scope: bool,
    /// What it may do when it acts for itself.
    #[serde(default)]
    pub permissions: Vec<Permission>,
    /// PKCE; `false` is possible for clients that prove who they are.
    pub proof_key_required: Option<Spanned<bool>>,
    /// Its authorizations are pushed first (RFC 9126).
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
    /// The server's when left out.
    pub access_token_algorithm: Option<Algorithm>,
    /// The server's when left out; else ES256 for first parties, RS256 for others.
    pub id_token_algorithm: Option<Algorithm>,
    /// The server's when left out.
    pub code_seconds: Option<CodeSeconds>,
    /// The server's when left out.
    pub access_token_seconds: Option<TokenSeconds>,
    /// The server's when left out.
    pub id_token_seconds: Option<TokenSeconds>,
    /// A client that is not enabled gets nothing.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Needed with a secret method: 16 to 255 visible ASCII characters, or where they come from.
    pub secret: Option<Spanned<Credential>>,
    /// Instead of a secret: the SHA-256 hashes of all that it has.
    pub secret_hashes: Option<Spanned<Vec<SecretHash>>>,
}

/// A client's secret, by its hash.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretHash {
    /// 64 hexadecimal digits.
    pub sha256: Sha256,
    /// When it stops to count, such as "2027-01-31T12:00:00Z"; never, when left out.
    pub expires_at: Option<Time>,
}
