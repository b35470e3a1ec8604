use auth_protocol::claims::AccessTokenClaims;
use auth_protocol::id::TenantId;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

#[derive(Debug, Clone, Copy)]
struct ItemList;
impl Resource for ItemList {
    const ROOT: &'static str = "ITEM_LIST";
}

const READ_OWN: Policy<Read, ItemList, Customer> = Policy::operation(Read).root(ItemList).owned_by(Customer);
const UPDATE_ACCOUNTS: Policy<Update, ItemList, Account> = Policy::operation(Update).root(ItemList).owned_by(Account);
const READ_PUBLIC: Policy<Read, ItemList, Nobody> = Policy::operation(Read).root(ItemList);

const ROOTS: [&str; 4] = ["ITEM_LIST", "LIST", "ITEM_LIST_ITEM", "PAYMENT"];

fn id(number: u8) -> Value {
    json!(TenantId::from_bytes([number; 16]))
}

fn caller(authorities: &[String], customer: Option<u8>, account: Option<u8>, parents: &[u8]) -> Caller {
    let claims: AccessTokenClaims = serde_json::from_value(json!({
        "iss": "i", "aud": ["a"], "exp": 1, "iat": 0, "nbf": 0, "jti": id(1), "sub": "s", "client_id": "c", "scope": "",
        "tenant_id": id(1), "authorities": authorities, "customer_id": customer.map(id), "acct_id": account.map(id),
        "parent_accts": parents.iter().map(|parent| id(*parent)).collect::<Vec<_>>(),
    }))
    .unwrap();
    Caller::verified(claims)
}

fn authorities() -> impl Strategy<Value = Vec<String>> {
    let operation = prop::sample::select(Operation::EVERY.to_vec());
    let one = (operation, prop::sample::select(ROOTS.to_vec()));
    prop::collection::vec(one.prop_map(|(operation, root)| format!("{}_{root}", operation.name())), 0..4)
}

fn grants(authorities: &[String], operation: &str) -> bool {
    authorities.iter().any(|held| *held == format!("{operation}_ITEM_LIST") || held == "ALL_ITEM_LIST")
}

proptest! {
    #[test]
    fn a_customers_record_needs_permission_and_ownership(
        authorities in authorities(), customer in prop::option::of(0u8..3), owner in 0u8..3,
    ) {
        let answer = READ_OWN.check(&caller(&authorities, customer, None, &[]), CustomerId::from_bytes([owner; 16]));
        match answer {
            Ok(permit) => {
                prop_assert!(grants(&authorities, "READ") && customer == Some(owner));
                prop_assert_eq!(permit.owner(), CustomerId::from_bytes([owner; 16]));
                prop_assert_eq!(permit.tenant_id(), TenantId::from_bytes([1; 16]));
            }
            Err(Refusal::NotTheOwner) => prop_assert!(grants(&authorities, "READ") && customer != Some(owner)),
            Err(refusal) => {
                prop_assert_eq!(refusal, Refusal::PermissionMissing { operation: "READ", root: "ITEM_LIST" });
                prop_assert!(!grants(&authorities, "READ"));
            }
        }
    }

    #[test]
    fn an_accounts_record_is_open_to_the_account_and_its_children(
        authorities in authorities(), account in prop::option::of(0u8..3), parents in prop::collection::vec(0u8..3, 0..3),
        owner in 0u8..3,
    ) {
        let caller = caller(&authorities, Some(9), account, &parents);
        let passes = UPDATE_ACCOUNTS.check(&caller, AccountId::from_bytes([owner; 16])).is_ok();
        let owns = account.is_some_and(|active| active == owner || parents.contains(&owner));
        prop_assert_eq!(passes, grants(&authorities, "UPDATE") && owns);
    }

    #[test]
    fn a_public_record_needs_the_permission_alone(authorities in authorities(), customer in prop::option::of(0u8..3)) {
        let passes = READ_PUBLIC.check(&caller(&authorities, customer, None, &[]), ()).is_ok();
        prop_assert_eq!(passes, grants(&authorities, "READ"));
    }
}

#[test]
fn a_guest_owns_nothing() {
    let guest = caller(&["ALL_ITEM_LIST".to_owned()], None, None, &[]);
    assert_eq!(READ_OWN.check_own(&guest).unwrap_err(), Refusal::NotTheOwner);
    let powerless = caller(&[], None, None, &[]);
    assert!(matches!(READ_OWN.check_own(&powerless).unwrap_err(), Refusal::PermissionMissing { .. }));
}

#[test]
fn a_policy_can_be_read_as_a_value() {
    let requirement = Requirement { operation: Operation::Update, root: "ITEM_LIST", owner: OwnerKind::Account };
    assert_eq!(UPDATE_ACCOUNTS.requirement(), requirement);
}
