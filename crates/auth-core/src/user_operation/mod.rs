//! What a user may do, told to pages that show a button only to those who may use it. Nothing is decided by it: services
//! look at the token.
//!
//! It is what a token for the client and the scope would permit, by permission root: the operations in the order `READ`,
//! `CREATE`, `UPDATE`, `DELETE`, `ALL`, where `ALL` comes with all the others. A root without an operation is left out.

use std::collections::BTreeMap;

use auth_protocol::permission::{Operation, Permission, PermissionRoot};
use auth_protocol::scope::{OPENID_CONNECT, ScopeSet};

use crate::client::Client;
use crate::role::SecurityScope;
use crate::token::permitted;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidScopes {
    #[error("scope is missing")]
    Missing,
    #[error("scope is malformed")]
    Malformed,
    #[error("scope names what this server does not have: {0}")]
    Unknown(String),
}

/// The scopes asked about: each must be one of the server's.
pub fn scopes_asked_about(parameter: Option<&str>, scopes: &[SecurityScope]) -> Result<ScopeSet, InvalidScopes> {
    let asked = ScopeSet::parse(parameter.unwrap_or_default()).map_err(|_| InvalidScopes::Malformed)?;
    let is_known = |name: &str| OPENID_CONNECT.contains(&name) || scopes.iter().any(|scope| scope.name == name);
    if asked.is_empty() {
        return Err(InvalidScopes::Missing);
    }
    let unknown = asked.iter().find(|name| !is_known(name)).map(|unknown| unknown.chars().take(64).collect());
    unknown.map_or(Ok(asked), |unknown| Err(InvalidScopes::Unknown(unknown)))
}

/// `held` are the user's permissions, those of roles included.
pub fn user_operations(
    asked: &ScopeSet,
    client: &Client,
    scopes: &[SecurityScope],
    held: &[Permission],
) -> BTreeMap<PermissionRoot, Vec<Operation>> {
    let mut operations: BTreeMap<PermissionRoot, Vec<Operation>> = BTreeMap::new();
    // Permissions are ordered by operation.
    for permission in permitted(asked, client, scopes, held).1 {
        operations.entry(permission.root).or_default().push(permission.operation);
    }
    operations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tests::{client, customer_scope, permissions};

    fn told(scope: &str, allowed: &[&str], held: &[&str]) -> String {
        let (scope, client) = (ScopeSet::parse(scope).unwrap(), client(allowed));
        let operations = user_operations(&scope, &client, &[customer_scope()], &permissions(held));
        serde_json::to_string(&operations).unwrap()
    }

    #[test]
    fn operations_by_root_as_a_token_would_permit_them() {
        let held = ["ALL_ITEM_LIST", "READ_ACCOUNT", "UPDATE_ACCOUNT", "READ_PAYMENT"];
        let everything = r#"["READ","CREATE","UPDATE","DELETE","ALL"]"#;
        let expected = format!(r#"{{"ACCOUNT":["READ"],"ITEM_LIST":{everything}}}"#);
        assert_eq!(told("CUSTOMER openid", &["CUSTOMER"], &held), expected);
        assert_eq!(
            told("CUSTOMER", &["CUSTOMER"], &["DELETE_ITEM_LIST", "READ_ITEM_LIST"]),
            r#"{"ITEM_LIST":["READ","DELETE"]}"#
        );
    }

    #[test]
    fn nothing_is_told_of_what_the_client_may_not_ask_for_or_the_user_does_not_hold() {
        assert_eq!(told("CUSTOMER", &["USER"], &["ALL_ITEM_LIST"]), "{}");
        assert_eq!(told("CUSTOMER", &["CUSTOMER"], &["READ_PAYMENT"]), "{}");
        assert_eq!(told("openid", &["openid"], &["ALL_ITEM_LIST"]), "{}");
    }

    #[test]
    fn scopes_must_be_the_servers() {
        let asked = |parameter| scopes_asked_about(parameter, &[customer_scope()]);
        assert_eq!(asked(Some("CUSTOMER  openid")).unwrap().to_string(), "CUSTOMER openid");
        assert_eq!(asked(None), Err(InvalidScopes::Missing));
        assert_eq!(asked(Some("  ")), Err(InvalidScopes::Missing));
        assert_eq!(asked(Some("CUSTOMER\u{e9}")), Err(InvalidScopes::Malformed));
        assert_eq!(asked(Some("CUSTOMER NOBODY")), Err(InvalidScopes::Unknown("NOBODY".to_owned())));
    }
}
