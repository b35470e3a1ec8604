use commerce::apply::{ApplyError, Declaration, Kind, Outcome, apply};
use commerce::generation;
use commerce::tenant::IdentifierType;
use serde_json::json;

use crate::engines::on_both_engines;
use crate::personas::{anna, guest};
use crate::shop::{ANNA, MICROS, NOW, OTHER_TENANT, SHOP, Shop, declaration};

const LATER: i64 = (NOW + 60) * MICROS;

fn outcomes(changes: &commerce::apply::Changes, wanted: Outcome) -> Vec<(Kind, &str)> {
    let entries = changes.entries.iter().filter(|change| change.outcome == wanted);
    entries.map(|change| (change.kind, change.name.as_str())).collect()
}

async fn the_second_time_nothing_changes(shop: Shop) {
    let before = generation(&shop.database).await.unwrap();
    assert_eq!(before, 1);
    let again = apply(&shop.database, &declaration(), LATER).await.unwrap();
    assert!(again.is_empty(), "{again:?}");
    assert_eq!(again.entries.len(), 15);
    assert_eq!(generation(&shop.database).await.unwrap(), before);
    let list = shop.get(&guest(), "/cart/item-lists").await;
    assert_eq!(list.content()[0]["updatedAt"], "2025-11-24T16:00:00.000000Z");
}

async fn what_differs_is_changed_and_told(shop: Shop) {
    let mut changed = declaration();
    changed.applications[0].name = "Renamed".to_owned();
    changed.applications[1].domains = vec!["Outlet.Example".to_owned(), "shop.example".to_owned()];
    changed.customers[1].email = "ben@new.example".to_owned();
    changed.accounts[0].status = commerce::apply::AccountStatus::Inactive;
    changed.members[0].roles = vec!["BUYER".to_owned(), "ADMIN".to_owned()];
    changed.item_lists[0].items.remove(0);
    changed.item_lists[0].items[0].quantity = 3;
    let changes = apply(&shop.database, &changed, LATER).await.unwrap();
    let told: Vec<Kind> = outcomes(&changes, Outcome::Changed).iter().map(|(kind, _)| *kind).collect();
    let expected = [Kind::Application, Kind::Application, Kind::Customer, Kind::Account, Kind::Member, Kind::ItemList];
    assert_eq!(told, expected);
    assert!(outcomes(&changes, Outcome::Created).is_empty());
    assert_eq!(generation(&shop.database).await.unwrap(), 2);

    let accounts = shop.get(&anna(), "/customer/accounts/mine").await;
    assert_eq!(accounts.content()[0]["roles"], json!(["BUYER", "ADMIN"]));
    assert_eq!(accounts.content()[0]["status"], "INACTIVE");
    let list = shop.get(&guest(), "/cart/item-lists").await;
    assert_eq!(list.content()[0]["updatedAt"], "2025-11-24T16:01:00.000000Z");
    assert_eq!(list.content()[0]["items"].as_array().unwrap().len(), 1);
    assert_eq!(list.content()[0]["items"][0]["quantity"], 3);
    assert!(apply(&shop.database, &changed, LATER).await.unwrap().is_empty());
}

async fn a_mistake_changes_nothing(shop: Shop) {
    let fails = async |change: &dyn Fn(&mut Declaration)| -> ApplyError {
        let mut wrong = declaration();
        wrong.tenants[0].name = "Must not be written".to_owned();
        change(&mut wrong);
        let error = apply(&shop.database, &wrong, LATER).await.unwrap_err();
        assert_eq!(generation(&shop.database).await.unwrap(), 1, "{error}");
        error
    };
    let anna_again = || ANNA.parse().unwrap();
    let invalid = [
        fails(&|wrong| wrong.tenants[1].name = " ".to_owned()).await,
        fails(&|wrong| wrong.applications[0].domains.clear()).await,
        fails(&|wrong| wrong.applications[0].domains = vec!["https://shop.example/".to_owned()]).await,
        fails(&|wrong| wrong.applications[0].origins = vec!["https://shop.example/".to_owned()]).await,
        fails(&|wrong| wrong.applications[0].storefront = json!([])).await,
        fails(&|wrong| identified_by(wrong, 1, IdentifierType::ContextPath, "api")).await,
        fails(&|wrong| wrong.applications[0].token = "x".repeat(129)).await,
        fails(&|wrong| wrong.customers[1].id = anna_again()).await,
        fails(&|wrong| wrong.item_lists[0].name = "a\u{0}b".to_owned()).await,
        fails(&|wrong| wrong.item_lists[0].items[1].product_id = "kettle".to_owned()).await,
        fails(&|wrong| wrong.item_lists[0].items[1].quantity = 0).await,
        fails(&|wrong| wrong.accounts[0].parent_account_id = Some(wrong.accounts[0].id)).await,
    ];
    assert!(invalid.iter().all(|error| matches!(error, ApplyError::Invalid { .. })), "{invalid:?}");
    let missing = [
        fails(&|wrong| wrong.customers[0].tenant_id = anna_again_tenant()).await,
        fails(&|wrong| wrong.members[0].customer_id = SHOP.parse().unwrap()).await,
        fails(&|wrong| wrong.accounts[0].parent_account_id = Some(SHOP.parse().unwrap())).await,
        fails(&|wrong| wrong.item_lists[0].customer_id = Some(SHOP.parse().unwrap())).await,
    ];
    assert!(missing.iter().all(|error| matches!(error, ApplyError::Missing { .. })), "{missing:?}");
    let taken = [
        fails(&|wrong| wrong.applications[2].domains = vec!["shop.example".to_owned()]).await,
        fails(&|wrong| wrong.applications[1].token = "token-main".to_owned()).await,
        fails(&|wrong| wrong.applications[1].identifier_type = IdentifierType::Domain).await,
        fails(&|wrong| {
            identified_by(wrong, 1, IdentifierType::DomainPrefix, "north");
            wrong.applications[2].domains = vec!["north.shop.example".to_owned()];
        })
        .await,
        fails(&|wrong| wrong.applications[2].origins = vec!["https://shop.example".to_owned()]).await,
        fails(&|wrong| wrong.accounts[1].tenant_id = wrong.accounts[0].tenant_id).await,
        fails(&|wrong| wrong.item_lists[0].customer_id = Some(anna_again())).await,
    ];
    assert!(taken.iter().all(|error| matches!(error, ApplyError::Taken { .. })), "{taken:?}");
    assert!(apply(&shop.database, &declaration(), LATER).await.unwrap().is_empty());
}

fn identified_by(declaration: &mut Declaration, index: usize, kind: IdentifierType, value: &str) {
    let application = &mut declaration.applications[index];
    (application.identifier_type, application.identifier_value) = (kind, value.to_owned());
}

async fn a_host_made_of_a_prefix_is_not_given_to_another_tenant_later(shop: Shop) {
    let mut prefixed = declaration();
    identified_by(&mut prefixed, 1, IdentifierType::DomainPrefix, "north");
    apply(&shop.database, &prefixed, LATER).await.unwrap();
    let mut other = Declaration { applications: vec![prefixed.applications[2].clone()], ..Declaration::default() };
    other.applications[0].domains = vec!["north.shop.example:8443".to_owned()];
    let refused = apply(&shop.database, &other, LATER).await.unwrap_err();
    assert!(matches!(refused, ApplyError::Taken { .. }), "{refused}");
    other.applications[0].domains = vec!["south.shop.example".to_owned()];
    apply(&shop.database, &other, LATER).await.unwrap();
}

fn anna_again_tenant() -> auth_protocol::id::TenantId {
    ANNA.parse().unwrap()
}

async fn a_domain_that_is_given_up_is_free(shop: Shop) {
    let mut moved = declaration();
    moved.applications[0].domains = vec!["shop.example".to_owned()];
    apply(&shop.database, &moved, LATER).await.unwrap();
    moved.applications[2].domains.push("localhost".to_owned());
    apply(&shop.database, &moved, LATER).await.unwrap();
    let path = "/tenant-internal/internal/applications/resolve?host=localhost:8080";
    let found = shop.call(None, http::Method::GET, path, None).await;
    assert_eq!(found.body["tenantId"], OTHER_TENANT);
}

async fn a_customers_list_is_the_customers(shop: Shop) {
    let mut with_list = declaration();
    let mut list = with_list.item_lists[0].clone();
    list.id = SHOP.parse().unwrap();
    list.customer_id = Some(ANNA.parse().unwrap());
    list.name = "wishlist".to_owned();
    with_list.item_lists.push(list);
    let changes = apply(&shop.database, &with_list, LATER).await.unwrap();
    assert_eq!(outcomes(&changes, Outcome::Created), [(Kind::ItemList, "wishlist")]);
    let path = format!("/cart/item-lists/{SHOP}");
    assert_eq!(shop.get(&anna(), &path).await.body["items"].as_array().unwrap().len(), 2);

    shop.patch(&anna(), &path, json!({ "name": "my own name" })).await;
    assert!(apply(&shop.database, &with_list, LATER).await.unwrap().is_empty());
    assert_eq!(shop.get(&anna(), "/cart/item-lists").await.names(), ["my own name"]);
}

async fn declarations_go_one_after_the_other(shop: Shop) {
    let renamed: Vec<Declaration> = (0..10)
        .map(|number| {
            let mut renamed = declaration();
            renamed.tenants[0].name = format!("Fjord {number}");
            renamed
        })
        .collect();
    let answers = futures::future::join_all(renamed.iter().map(|renamed| apply(&shop.database, renamed, LATER))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(generation(&shop.database).await.unwrap(), 11);
}

on_both_engines! {
    the_second_time_nothing_changes
    what_differs_is_changed_and_told
    a_mistake_changes_nothing
    a_domain_that_is_given_up_is_free
    a_host_made_of_a_prefix_is_not_given_to_another_tenant_later
    a_customers_list_is_the_customers
    declarations_go_one_after_the_other
}
