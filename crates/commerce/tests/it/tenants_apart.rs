//! The data of two tenants never meet, even where ids are the same.

use commerce::apply::{Declaration, apply};
use http::StatusCode;
use serde_json::json;

use crate::engines::on_both_engines;
use crate::personas::{anna, annas_twin, berta, guest_of_the_other_tenant};
use crate::shop::{ANNA, FAVOURITES, FJORD, MICROS, NOW, OTHER_TENANT, Shop, declaration};

async fn each_tenant_sees_its_own(shop: Shop) {
    let lists = shop.get(&guest_of_the_other_tenant(), "/cart/item-lists").await;
    assert_eq!(lists.names(), ["Other favourites"]);
    let by_id = shop.get(&guest_of_the_other_tenant(), &format!("/cart/item-lists/{FAVOURITES}")).await;
    assert_eq!(by_id.status, StatusCode::NOT_FOUND);
    assert_eq!(shop.get(&berta(), "/customer/accounts/mine").await.names(), ["Other Supplies"]);
}

/// The same customer, account and list ids in both tenants.
async fn equal_ids_are_different_records(shop: Shop) {
    let theirs = OTHER_TENANT.parse().unwrap();
    let ours = declaration();
    let mut copied = Declaration::default();
    copied.customers.extend(ours.customers.iter().take(1).cloned());
    copied.accounts.extend(ours.accounts.iter().take(1).cloned());
    copied.members.extend(ours.members.iter().take(1).cloned());
    copied.item_lists.extend(ours.item_lists.iter().take(1).cloned());
    copied.customers[0].tenant_id = theirs;
    copied.customers[0].full_name = "Anna's twin".to_owned();
    copied.accounts[0].tenant_id = theirs;
    copied.accounts[0].name = "Twin Supplies".to_owned();
    copied.accounts[0].account_number = "2002".to_owned();
    copied.members[0].tenant_id = theirs;
    copied.item_lists[0].tenant_id = theirs;
    copied.item_lists[0].name = "Twin favourites".to_owned();
    apply(&shop.database, &copied, NOW * MICROS).await.unwrap();

    for (who, name, account, list) in [
        (anna(), "anna", "Fjord Supplies", "Autumn favourites"),
        (annas_twin(), "Anna's twin", "Twin Supplies", "Twin favourites"),
    ] {
        assert_eq!(shop.get(&who, &format!("/customer/customers/{ANNA}")).await.body["fullName"], name);
        let accounts = shop.get(&who, "/customer/accounts/mine").await;
        assert_eq!((accounts.names(), &accounts.content()[0]["id"]), (vec![account], &json!(FJORD)));
        assert_eq!(shop.get(&who, &format!("/cart/item-lists/{FAVOURITES}")).await.body["name"], list);
        let own = shop.list_of(&who, "wishlist").await;
        shop.post(&who, &format!("{own}/items"), json!({ "productId": "rug", "name": name })).await;
    }
    for (who, name) in [(anna(), "anna"), (annas_twin(), "Anna's twin")] {
        let lists = shop.get(&who, "/cart/item-lists").await;
        assert_eq!((lists.names(), &lists.content()[0]["items"][0]["name"]), (vec!["wishlist"], &json!(name)));
    }
}

async fn another_tenants_token_changes_nothing_here(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    let item = shop.post(&anna(), &format!("{list}/items"), json!({ "productId": "rug", "name": "Rug" })).await.id();
    for answer in [
        shop.patch(&annas_twin(), &list, json!({ "name": "stolen" })).await,
        shop.post(&annas_twin(), &format!("{list}/items"), json!({ "productId": "x", "name": "X" })).await,
        shop.patch(&annas_twin(), &format!("{list}/items/{item}"), json!({ "quantity": 9 })).await,
        shop.delete(&annas_twin(), &format!("{list}/items/{item}")).await,
        shop.delete(&annas_twin(), &list).await,
    ] {
        assert_eq!(answer.problem(), "not_found");
    }
    let after = shop.get(&anna(), &list).await;
    assert_eq!((&after.body["name"], &after.body["items"][0]["quantity"]), (&json!("wishlist"), &json!(1)));
}

on_both_engines! {
    each_tenant_sees_its_own
    equal_ids_are_different_records
    another_tenants_token_changes_nothing_here
}
