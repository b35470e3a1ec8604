use std::collections::BTreeSet;

use auth_protocol::claims::{IdentityClaims, UserType};
use auth_protocol::id::{AccountId, CustomerId, UserId};
use auth_protocol::jws::Algorithm;
use auth_protocol::permission::Permission;
use auth_protocol::scope::ScopeSet;
use proptest::prelude::*;

use super::claims::Contributor;
use super::*;
use crate::client::{AuthenticationMethod, Client, ClientSettings, GrantType};
use crate::role::SecurityScope;
use crate::user::{Attributes, Membership, User};

pub(crate) fn client(scopes: &[&str]) -> Client {
    Client {
        client_id: "storefront".to_owned(),
        enabled: true,
        settings: ClientSettings {
            first_party: true,
            authentication_methods: vec![AuthenticationMethod::None],
            grant_types: vec![GrantType::AuthorizationCode],
            scopes: scopes.iter().map(|name| (*name).to_owned()).collect(),
            permissions: vec!["ALL_PRODUCT".parse().unwrap()],
            id_token_algorithm: Some(Algorithm::Es256),
            ..ClientSettings::default()
        },
        secrets: vec![],
    }
}

pub(crate) fn permissions(names: &[&str]) -> Vec<Permission> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

pub(crate) fn customer_scope() -> SecurityScope {
    SecurityScope {
        name: "CUSTOMER".to_owned(),
        open: false,
        permissions: permissions(&["READ_ACCOUNT"]),
        permission_roots: vec!["ITEM_LIST".parse().unwrap()],
    }
}

#[test]
fn a_scope_lets_through_what_the_user_holds_and_it_names() {
    let held = permissions(&["ALL_ITEM_LIST", "ALL_ACCOUNT", "READ_PAYMENT"]);
    let requested = ScopeSet::parse("CUSTOMER openid ADMIN").unwrap();
    let granted = narrow(&requested, &client(&["CUSTOMER", "openid"]), &[customer_scope()], &held);
    assert_eq!(granted.scope.to_string(), "CUSTOMER openid");
    let authorities: BTreeSet<&str> = granted.authorities.iter().map(String::as_str).collect();
    let wanted = ["ALL_ITEM_LIST", "CREATE_ITEM_LIST", "DELETE_ITEM_LIST", "READ_ITEM_LIST", "UPDATE_ITEM_LIST"];
    assert_eq!(authorities, wanted.into_iter().chain(["READ_ACCOUNT", "CUSTOMER"]).collect());
}

#[test]
fn a_scope_without_a_matching_permission_is_not_granted_unless_open() {
    let (client, requested) = (client(&["CUSTOMER"]), ScopeSet::parse("CUSTOMER").unwrap());
    let closed = narrow(&requested, &client, &[customer_scope()], &[]);
    assert!(closed.scope.is_empty() && closed.authorities.is_empty());
    let open = SecurityScope { open: true, ..customer_scope() };
    assert_eq!(narrow(&requested, &client, &[open], &[]).authorities, ["CUSTOMER"]);
}

#[test]
fn a_scope_called_like_a_permission_does_not_give_it() {
    let scope = SecurityScope { name: "ALL_PAYMENT".to_owned(), open: true, ..customer_scope() };
    let (client, requested) = (client(&["ALL_PAYMENT"]), ScopeSet::parse("ALL_PAYMENT").unwrap());
    let of_user = narrow(&requested, &client, &[scope], &permissions(&["READ_ITEM_LIST"]));
    assert_eq!((of_user.scope, of_user.authorities), (requested.clone(), vec!["READ_ITEM_LIST".to_owned()]));
    let of_client = client_authorities(&requested, &client);
    assert!(of_client.authorities.iter().all(|name| name.ends_with("_PRODUCT")), "{:?}", of_client.authorities);
}

#[test]
fn a_client_acting_for_itself_has_its_own_permissions() {
    let granted = client_authorities(&ScopeSet::default(), &client(&["CATALOG"]));
    assert!(
        granted.authorities.contains(&"READ_PRODUCT".to_owned()) && granted.authorities.contains(&"CATALOG".to_owned())
    );
}

proptest! {
    #[test]
    fn narrowing_never_widens(
        requested in proptest::collection::vec("[A-C]{1}", 0..4),
        allowed in proptest::collection::vec("[A-C]{1}", 0..4),
        held in proptest::collection::vec("(READ|ALL)_[X-Z]", 0..4),
        roots in proptest::collection::vec(("[A-C]{1}", "[X-Z]"), 0..4),
    ) {
        let requested: ScopeSet = requested.into_iter().collect();
        let names: Vec<&str> = allowed.iter().map(String::as_str).collect();
        let held = permissions(&held.iter().map(String::as_str).collect::<Vec<_>>());
        let scopes: Vec<SecurityScope> = roots
            .iter()
            .map(|(name, root)| SecurityScope {
                name: name.clone(), open: false, permissions: vec![], permission_roots: vec![root.parse().unwrap()],
            })
            .collect();
        let granted = narrow(&requested, &client(&names), &scopes, &held);
        for name in granted.scope.iter() {
            prop_assert!(requested.contains(name) && names.contains(&name));
        }
        for authority in &granted.authorities {
            let by_scope = granted.scope.contains(authority);
            let by_user = authority.parse::<Permission>().is_ok_and(|wanted| held.iter().any(|own| own.implies(&wanted)));
            prop_assert!(by_scope || by_user, "{} was not held", authority);
        }
    }
}

#[test]
fn contributors_keep_to_their_own_names() {
    assert_eq!(check_contributors(ACCESS_TOKEN_CONTRIBUTORS), Ok(()));
    fn nothing(_: &Subject<'_>, _: &mut IdentityClaims) {}
    let taking = |claims| [Contributor { name: "bad", claims, contribute: nothing }];
    assert_eq!(check_contributors(&taking(&["sub"])), Err(InvalidContributors::Reserved("bad", "sub")));
    let twice = [
        Contributor { name: "one", claims: &["colour"], contribute: nothing },
        Contributor { name: "two", claims: &["colour"], contribute: nothing },
    ];
    assert_eq!(check_contributors(&twice), Err(InvalidContributors::Twice("colour")));
}

#[test]
fn contributors_write_only_what_they_declare() {
    let user = User {
        id: UserId::from_bytes([1; 16]),
        user_type: UserType::Admin,
        username: "anna".to_owned(),
        email: Some("anna@shop.example".to_owned()),
        full_name: Some("Anna".to_owned()),
        phone: None,
        customer_id: Some(CustomerId::from_bytes([2; 16])),
        customer_context_id: None,
        roles: vec![],
        permissions: vec![],
        attributes: Attributes::default(),
        enabled: true,
    };
    let account = Membership { account_id: AccountId::from_bytes([3; 16]), roles: vec![], parent_accounts: vec![] };
    for contributor in ACCESS_TOKEN_CONTRIBUTORS {
        let mut claims = IdentityClaims::default();
        (contributor.contribute)(&Subject { user: &user, account: Some(&account) }, &mut claims);
        let written = serde_json::to_value(&claims).unwrap();
        for name in written.as_object().unwrap().keys() {
            assert!(contributor.claims.contains(&name.as_str()), "{} wrote {name}", contributor.name);
        }
    }
    let without = identity(ACCESS_TOKEN_CONTRIBUTORS, &Subject { user: &user, account: None });
    assert_eq!(without.acct_id, None);
}
