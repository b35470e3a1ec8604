use auth_core::client::{ClientSettings, KeptSecret};
use auth_core::password::HashKind;
use auth_core::role::{Role, SecurityScope};
use auth_core::server::Server;
use auth_core::user::Attributes;
use auth_protocol::claims::UserType;
use auth_protocol::id::{AccountId, CustomerContextId, CustomerId, ServerId, UserId};
use auth_protocol::permission::Permission;

use crate::user::PasswordHash;

/// What should be there.
#[derive(Debug, Clone, Default)]
pub struct Declaration {
    pub servers: Vec<ServerEntry>,
    pub scopes: Vec<ScopeEntry>,
    pub roles: Vec<RoleEntry>,
    pub clients: Vec<ClientEntry>,
    pub users: Vec<UserEntry>,
}

pub type ServerEntry = Server;

#[derive(Debug, Clone)]
pub struct ScopeEntry {
    pub server_id: ServerId,
    pub scope: SecurityScope,
}

#[derive(Debug, Clone)]
pub struct RoleEntry {
    pub server_id: ServerId,
    pub role: Role,
}

#[derive(Debug, Clone)]
pub struct ClientEntry {
    pub server_id: ServerId,
    pub client_id: String,
    pub enabled: bool,
    pub settings: ClientSettings,
    pub secret: DeclaredSecret,
}

/// By its SHA-256; a secret itself is never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredSecret {
    None,
    /// The client's only secret.
    Is([u8; 32]),
    /// All that the client has; each may end at a time of its own.
    Are(Vec<KeptSecret>),
    /// Becomes the client's when it has none.
    WhenNone([u8; 32]),
}

#[derive(Debug, Clone)]
pub struct UserEntry {
    pub server_id: ServerId,
    pub username: String,
    pub username_canonical: String,
    pub email: Option<String>,
    pub email_canonical: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub customer_context_id: Option<CustomerContextId>,
    pub roles: Vec<String>,
    pub permissions: Vec<Permission>,
    pub enabled: bool,
    /// `None` leaves those that they have.
    pub attributes: Option<Attributes>,
    /// The rest counts when the user is created, and is left alone afterwards.
    pub user_type: UserType,
    pub new_id: UserId,
    pub new_customer_id: Option<CustomerId>,
    pub new_password: NewPassword,
}

#[derive(Debug, Clone)]
pub enum NewPassword {
    /// They cannot sign in until they get one.
    None,
    Hash(PasswordHash),
    /// Made elsewhere: replaced by one of ours at the user's first sign-in.
    Imported(PasswordHash, HashKind),
    /// The user was there when it was looked, so nothing was hashed.
    NotHashed,
}

#[derive(Debug, Clone)]
pub struct MembershipEntry {
    pub server_id: ServerId,
    pub customer_id: CustomerId,
    pub account_id: AccountId,
    pub roles: Vec<String>,
    /// Nearest first.
    pub parent_accounts: Vec<AccountId>,
    /// For the report.
    pub name: String,
}
