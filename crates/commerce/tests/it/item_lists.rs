use http::StatusCode;
use serde_json::json;

use std::sync::atomic::Ordering;

use crate::engines::on_both_engines;
use crate::personas::{anna, ben, guest};
use crate::shop::{FAVOURITES, OUTLET, OUTLET_LIST, Shop};

async fn a_guest_reads_the_public_lists(shop: Shop) {
    let lists = shop.get(&guest(), "/cart/item-lists").await;
    assert_eq!(lists.names(), ["Autumn favourites"]);
    assert_eq!(lists.body["cursor"], json!(null));
    let list = &lists.content()[0];
    assert_eq!((&list["id"], &list["visibility"]), (&json!(FAVOURITES), &json!("PUBLIC")));
    assert_eq!(list["createdAt"], "2025-11-24T16:00:00.000000Z");
    assert_eq!(
        list["items"][1],
        json!({ "id": crate::shop::LAMP, "productId": "lamp", "name": "Lamp", "quantity": 2 })
    );

    let one = shop.get(&guest(), &format!("/cart/item-lists/{FAVOURITES}")).await;
    assert_eq!(&one.body, list);
    let items = shop.get(&guest(), &format!("/cart/item-lists/{FAVOURITES}/items")).await;
    assert_eq!(items.names(), ["Kettle", "Lamp"]);
}

async fn a_public_list_may_be_one_applications_alone(shop: Shop) {
    let in_outlet = guest().in_application(OUTLET);
    assert_eq!(shop.get(&in_outlet, "/cart/item-lists").await.names(), ["Autumn favourites", "Outlet only"]);
    let path = format!("/cart/item-lists/{OUTLET_LIST}");
    assert_eq!(shop.get(&in_outlet, &path).await.status, StatusCode::OK);
    assert_eq!(shop.get(&guest(), &path).await.status, StatusCode::NOT_FOUND);
}

async fn a_customer_makes_names_and_deletes_lists(shop: Shop) {
    assert!(shop.get(&anna(), "/cart/item-lists").await.content().is_empty());
    let made = shop.post(&anna(), "/cart/item-lists", json!({ "name": "  wishlist " })).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(
        (&made.body["name"], &made.body["visibility"], &made.body["items"]),
        (&json!("wishlist"), &json!("PRIVATE"), &json!([]))
    );
    let path = format!("/cart/item-lists/{}", made.id());
    assert_eq!(shop.get(&anna(), &path).await.body, made.body);

    shop.clock.store(5, Ordering::SeqCst);
    let renamed = shop.patch(&anna(), &path, json!({ "name": "ønsker" })).await;
    assert_eq!((renamed.status, &renamed.body["name"]), (StatusCode::OK, &json!("ønsker")));
    assert_eq!(renamed.body["createdAt"], "2025-11-24T16:00:00.000000Z");
    assert_eq!(renamed.body["updatedAt"], "2025-11-24T16:00:05.000000Z");

    shop.list_of(&anna(), "another").await;
    assert_eq!(shop.get(&anna(), "/cart/item-lists").await.names(), ["another", "ønsker"]);
    assert_eq!(shop.delete(&anna(), &path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(shop.delete(&anna(), &path).await.problem(), "not_found");
    assert_eq!(shop.get(&anna(), "/cart/item-lists").await.names(), ["another"]);
}

async fn a_repeated_creation_finds_the_first(shop: Shop) {
    let first = shop.list_of(&anna(), "wishlist").await;
    shop.post(&anna(), &format!("{first}/items"), json!({ "productId": "rug", "name": "Rug" })).await;
    let again = shop.post(&anna(), "/cart/item-lists", json!({ "name": "wishlist" })).await;
    assert_eq!((again.status, format!("/cart/item-lists/{}", again.id())), (StatusCode::OK, first));
    assert_eq!(again.body["items"][0]["productId"], "rug");
    assert_ne!(shop.list_of(&ben(), "wishlist").await.rsplit('/').next().unwrap(), again.id());
}

async fn names_differ_within_a_customer(shop: Shop) {
    let first = shop.list_of(&anna(), "first").await;
    shop.list_of(&anna(), "second").await;
    let taken = shop.patch(&anna(), &first, json!({ "name": "second" })).await;
    assert_eq!((taken.status, taken.problem()), (StatusCode::CONFLICT, "name_taken"));
    let same = shop.patch(&anna(), &first, json!({ "name": "first" })).await;
    assert_eq!(same.status, StatusCode::OK);
    shop.delete(&anna(), &first).await;
    shop.list_of(&anna(), "first").await;
}

async fn lists_are_found_by_name(shop: Shop) {
    for name in ["wishlist", "my list", "it's"] {
        shop.list_of(&anna(), name).await;
    }
    for (query, expected) in [
        ("name==wishlist", vec!["wishlist"]),
        ("name%3D%3Dwishlist", vec!["wishlist"]),
        ("name=='my%20list'", vec!["my list"]),
        ("name==%22it's%22", vec!["it's"]),
        ("name==unknown", vec![]),
        ("", vec!["it's", "my list", "wishlist"]),
    ] {
        let found = shop.get(&anna(), &format!("/cart/item-lists?cq={query}")).await;
        assert_eq!(found.names(), expected, "{query}");
    }
    let public = shop.get(&guest(), "/cart/item-lists?cq=name=='Autumn%20favourites'").await;
    assert_eq!(public.names(), ["Autumn favourites"]);
    assert!(shop.get(&guest(), "/cart/item-lists?cq=name==wishlist").await.content().is_empty());
}

async fn what_a_query_cannot_do_is_said(shop: Shop) {
    for (query, part) in [
        ("cq=name!=wishlist", "!="),
        ("cq=name==a;name==b", "combined"),
        ("cq=name=in=(a,b)", "=in="),
        ("cq=createdAt==1", "createdAt"),
        ("limit=10", "limit"),
        ("cursor=abc", "cursor"),
        ("visibility=SECRET", "visibility"),
    ] {
        let answer = shop.get(&anna(), &format!("/cart/item-lists?{query}")).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "query_not_supported"), "{query}");
        assert!(answer.body["detail"].as_str().unwrap().contains(part), "{query}: {answer:?}");
    }
}

async fn visibility_chooses_between_own_and_public(shop: Shop) {
    shop.list_of(&anna(), "wishlist").await;
    assert_eq!(shop.get(&anna(), "/cart/item-lists").await.names(), ["wishlist"]);
    assert_eq!(shop.get(&anna(), "/cart/item-lists?visibility=PRIVATE").await.names(), ["wishlist"]);
    assert_eq!(shop.get(&anna(), "/cart/item-lists?visibility=PUBLIC").await.names(), ["Autumn favourites"]);
    let refused = shop.get(&guest(), "/cart/item-lists?visibility=PRIVATE").await;
    assert_eq!((refused.status, refused.problem()), (StatusCode::FORBIDDEN, "not_the_owner"));
}

async fn nobody_changes_a_public_list(shop: Shop) {
    let path = format!("/cart/item-lists/{FAVOURITES}");
    for answer in [
        shop.patch(&anna(), &path, json!({ "name": "mine" })).await,
        shop.delete(&anna(), &path).await,
        shop.post(&anna(), &format!("{path}/items"), json!({ "productId": "rug", "name": "Rug" })).await,
    ] {
        assert_eq!((answer.status, answer.problem()), (StatusCode::NOT_FOUND, "not_found"));
    }
    assert_eq!(shop.get(&anna(), &path).await.body["name"], "Autumn favourites");
}

async fn a_customer_has_a_hundred_lists_at_most(shop: Shop) {
    let mut last = String::new();
    for number in 0..100 {
        last = shop.list_of(&anna(), &format!("list {number:03}")).await;
    }
    let full = shop.post(&anna(), "/cart/item-lists", json!({ "name": "one more" })).await;
    assert_eq!((full.status, full.problem()), (StatusCode::CONFLICT, "limit_reached"));
    assert_eq!(shop.get(&anna(), "/cart/item-lists").await.content().len(), 100);
    let existing = shop.post(&anna(), "/cart/item-lists", json!({ "name": "list 007" })).await;
    assert_eq!(existing.status, StatusCode::OK);
    shop.delete(&anna(), &last).await;
    shop.list_of(&anna(), "one more").await;
    shop.list_of(&ben(), "mine").await;
}

on_both_engines! {
    a_guest_reads_the_public_lists
    a_public_list_may_be_one_applications_alone
    a_customer_makes_names_and_deletes_lists
    a_repeated_creation_finds_the_first
    names_differ_within_a_customer
    lists_are_found_by_name
    what_a_query_cannot_do_is_said
    visibility_chooses_between_own_and_public
    nobody_changes_a_public_list
    a_customer_has_a_hundred_lists_at_most
}
