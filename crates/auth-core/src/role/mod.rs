//! Roles and security scopes: names that stand for permissions.

use auth_protocol::permission::{Permission, PermissionRoot};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub name: String,
    pub permissions: Vec<Permission>,
}

/// What a client asks for. It lets through those of the user's permissions that it names, or whose root it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityScope {
    pub name: String,
    /// Granted to every user, with or without one of its permissions.
    pub open: bool,
    pub permissions: Vec<Permission>,
    pub permission_roots: Vec<PermissionRoot>,
}
