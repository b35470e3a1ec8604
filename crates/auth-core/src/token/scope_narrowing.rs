//! Requested scopes, narrowed to what client and user hold.
//!
//! 1. A scope the client may not ask for is left out; the answer says what was granted.
//! 2. OpenID Connect's scopes carry no permissions and are granted to every user.
//! 3. A security scope is granted when it is open, or when the user holds one of its permissions.
//! 4. Authorities are what the user holds of the granted scopes' permissions, `ALL_X` expanded, and the scopes' names.
//!    Nothing a scope names is given to a user who does not hold it, nor does a scope that is called like a permission
//!    give it: its name is left out.

use std::collections::BTreeSet;

use auth_protocol::permission::Permission;
use auth_protocol::scope::{OPENID_CONNECT, ScopeSet};

use crate::client::Client;
use crate::role::SecurityScope;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    pub scope: ScopeSet,
    /// Permissions first, scope names last.
    pub authorities: Vec<String>,
}

fn covers(scope: &SecurityScope, permission: &Permission) -> bool {
    scope.permission_roots.contains(&permission.root) || scope.permissions.iter().any(|named| named.implies(permission))
}

/// The names among authorities: those that whoever reads them cannot take for a permission.
fn names(granted: &ScopeSet) -> impl Iterator<Item = String> {
    let shown = |name: &&str| !OPENID_CONNECT.contains(name) && name.parse::<Permission>().is_err();
    granted.iter().filter(shown).map(str::to_owned)
}

/// Steps 1 to 4. `held` are the user's permissions, those of roles included.
pub fn narrow(requested: &ScopeSet, client: &Client, scopes: &[SecurityScope], held: &[Permission]) -> Granted {
    let (granted, permissions) = permitted(requested, client, scopes, held);
    let authorities = permissions.iter().map(ToString::to_string).chain(names(&granted)).collect();
    Granted { scope: granted, authorities }
}

/// Steps 1 to 3: the granted scopes, and the permissions that they let through, `ALL_X` expanded.
pub fn permitted(
    requested: &ScopeSet,
    client: &Client,
    scopes: &[SecurityScope],
    held: &[Permission],
) -> (ScopeSet, BTreeSet<Permission>) {
    let held: BTreeSet<Permission> = held.iter().flat_map(Permission::expand).collect();
    let mut permissions = BTreeSet::new();
    let granted = requested.retain(|name| {
        if !client.settings.scopes.iter().any(|allowed| allowed == name) {
            return false;
        }
        if OPENID_CONNECT.contains(&name) {
            return true;
        }
        let Some(scope) = scopes.iter().find(|scope| scope.name == name) else { return false };
        let covered: Vec<&Permission> = held.iter().filter(|permission| covers(scope, permission)).collect();
        let allowed = scope.open || !covered.is_empty();
        permissions.extend(covered.into_iter().cloned());
        allowed
    });
    (granted, permissions)
}

/// What a client may do when it acts for itself: its own permissions, and the scopes that it asked for and may have.
pub fn client_authorities(requested: &ScopeSet, client: &Client) -> Granted {
    let allowed = |name: &str| client.settings.scopes.iter().any(|known| known == name);
    let scope = if requested.is_empty() {
        client.settings.scopes.iter().filter(|name| !OPENID_CONNECT.contains(&name.as_str())).cloned().collect()
    } else {
        requested.retain(|name| allowed(name) && !OPENID_CONNECT.contains(&name))
    };
    let permissions: BTreeSet<Permission> = client.settings.permissions.iter().flat_map(Permission::expand).collect();
    let authorities = permissions.iter().map(ToString::to_string).chain(names(&scope)).collect();
    Granted { scope, authorities }
}
