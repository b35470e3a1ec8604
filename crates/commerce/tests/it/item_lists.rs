use commerce::apply::{ItemEntry, ItemListEntry, apply};
use http::StatusCode;
use serde_json::json;

use std::sync::atomic::Ordering;

use crate::engines::on_both_engines;
use crate::personas::{Persona, anna, ben, guest};
use crate::shop::{FAVOURITES, MICROS, NOW, OUTLET, OUTLET_LIST, Shop, TENANT, declaration};

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
        ("name!=wishlist", vec!["it's", "my list"]),
        ("name=in=(wishlist,'my%20list')", vec!["my list", "wishlist"]),
        ("name=out=(wishlist);name!='my%20list'", vec!["it's"]),
        ("(name==wishlist,name==%22it's%22);name!=wishlist", vec!["it's"]),
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
        ("name=gt=wishlist", "The operator =gt= at column 5"),
        ("name==a%20and%20name==b", "column 9"),
        ("name==wish*", "The star at column 11"),
        ("createdAt==1", "The field createdAt at column 1"),
    ] {
        let answer = shop.get(&anna(), &format!("/cart/item-lists?cq={query}")).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "query_not_supported"), "{query}");
        assert!(answer.body["detail"].as_str().unwrap().contains(part), "{query}: {answer:?}");
        assert_eq!(answer.body["errors"][0]["field"], "cq");
    }
}

async fn lists_are_found_by_id(shop: Shop) {
    let wishlist = shop.list_of(&anna(), "wishlist").await;
    let id = wishlist.rsplit('/').next().unwrap();
    shop.list_of(&anna(), "another").await;
    for (query, names) in [
        (format!("id=={id}"), vec!["wishlist"]),
        (format!("id!={id}"), vec!["another"]),
        // A public list is not among the own.
        (format!("id=={FAVOURITES}"), vec![]),
    ] {
        assert_eq!(shop.get(&anna(), &format!("/cart/item-lists?cq={query}")).await.names(), names, "{query}");
    }
}

/// All pages, and how many lists each had.
async fn pages(shop: &Shop, who: &Persona, query: &str) -> (Vec<String>, Vec<usize>) {
    let (mut names, mut sizes, mut next) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = shop.get(who, &format!("/cart/item-lists?{query}{next}")).await;
        sizes.push(page.content().len());
        names.extend(page.names().into_iter().map(str::to_owned));
        match page.body["cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return (names, sizes),
        }
    }
}

async fn lists_come_in_pages(shop: Shop) {
    let mut names: Vec<String> = (0..30).map(|number| format!("ønske {number:02}")).collect();
    for name in &names {
        shop.list_of(&anna(), name).await;
    }
    assert_eq!(pages(&shop, &anna(), "").await, (names.clone(), vec![25, 5]));
    assert_eq!(pages(&shop, &anna(), "limit=10").await, (names.clone(), vec![10, 10, 10]));
    assert_eq!(pages(&shop, &anna(), "limit=100").await, (names.clone(), vec![30]));
    names.retain(|name| name != "ønske 03");
    let filtered = pages(&shop, &anna(), "limit=7&cq=name!='ønske%2003'").await;
    assert_eq!(filtered, (names, vec![7, 7, 7, 7, 1]));
    assert_eq!(pages(&shop, &guest().in_application(OUTLET), "limit=1").await.1, [1, 1]);
}

async fn a_page_of_many_items_ends_early(shop: Shop) {
    let mut declared = declaration();
    declared.item_lists.extend((0..6).map(|list| {
        let item = |number: usize| ItemEntry {
            id: format!("01K1{:022}", 1_000 * (list + 1) + number).parse().unwrap(),
            product_id: format!("product-{number}"),
            name: "Product".to_owned(),
            quantity: 1,
        };
        ItemListEntry {
            id: format!("01K1{list:022}").parse().unwrap(),
            tenant_id: TENANT.parse().unwrap(),
            customer_id: None,
            application_id: None,
            name: format!("bulk {list}"),
            items: (0..500).map(item).collect(),
        }
    }));
    apply(&shop.database, &declared, NOW * MICROS).await.unwrap();
    let (names, sizes) = pages(&shop, &guest(), "limit=100").await;
    let bulk = (0..6).map(|list| format!("bulk {list}"));
    assert_eq!(names, ["Autumn favourites".to_owned()].into_iter().chain(bulk).collect::<Vec<_>>());
    assert_eq!(sizes, [5, 2], "2 items and four times 500 are enough");
    let first = shop.get(&guest(), "/cart/item-lists?limit=100").await;
    assert!(first.content()[1..].iter().all(|list| list["items"].as_array().unwrap().len() == 500));
    assert_eq!(pages(&shop, &guest(), "limit=3").await.1, [3, 3, 1]);
}

/// What comes and goes in between moves nothing else.
async fn pages_stay_in_place_while_lists_come_and_go(shop: Shop) {
    for name in ["b", "d", "f", "h"] {
        shop.list_of(&anna(), name).await;
    }
    let first = shop.get(&anna(), "/cart/item-lists?limit=2").await;
    assert_eq!(first.names(), ["b", "d"]);
    let last = format!("/cart/item-lists/{}", first.content()[1]["id"].as_str().unwrap());
    shop.delete(&anna(), &last).await;
    shop.list_of(&anna(), "a").await;
    shop.list_of(&anna(), "g").await;
    let cursor = first.body["cursor"].as_str().unwrap();
    let second = shop.get(&anna(), &format!("/cart/item-lists?limit=9&cursor={cursor}")).await;
    assert_eq!(second.names(), ["f", "g", "h"]);
}

async fn a_cursor_is_for_the_listing_that_gave_it(shop: Shop) {
    for who in [anna(), ben()] {
        for name in ["a", "b", "c"] {
            shop.list_of(&who, name).await;
        }
    }
    let first = shop.get(&anna(), "/cart/item-lists?limit=1&cq=name!=c").await;
    let cursor = first.body["cursor"].as_str().unwrap();
    let next = shop.get(&anna(), &format!("/cart/item-lists?cq=(name%20!=%20'c')&cursor={cursor}")).await;
    assert_eq!(next.names(), ["b"], "the same query in other words");
    let changed = cursor.replacen(&cursor[30..31], if &cursor[30..31] == "A" { "B" } else { "A" }, 1);
    for (who, query) in [
        (anna(), format!("cursor={cursor}")),
        (anna(), format!("cq=name!=b&cursor={cursor}")),
        (anna(), format!("cq=name!=c&visibility=PUBLIC&cursor={cursor}")),
        (anna(), format!("cq=name!=c&cursor={changed}")),
        (anna(), format!("cq=name!=c&cursor={}", &cursor[4..])),
        (anna(), "cursor=abc".to_owned()),
        (anna(), format!("cursor={}", "A".repeat(3_000))),
        (ben(), format!("cq=name!=c&cursor={cursor}")),
    ] {
        let answer = shop.get(&who, &format!("/cart/item-lists?{query}")).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "cursor_invalid"), "{query}");
    }
}

async fn wrong_parameters_are_named(shop: Shop) {
    for (query, name) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("sort=name", "sort"),
        ("visibility=SECRET", "visibility"),
    ] {
        let answer = shop.get(&anna(), &format!("/cart/item-lists?{query}")).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "invalid_parameter"), "{query}");
        assert_eq!(answer.body["errors"][0]["field"], name);
    }
    for query in ["limit=1&limit=2", "cursor=a&cursor=a", "limit=%00", "cq=name==a%0ab", "cq=name==%ff"] {
        let answer = shop.get(&anna(), &format!("/cart/item-lists?{query}")).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "malformed"), "{query}");
    }
    assert_eq!(shop.get(&anna(), "/cart/item-lists?limit=&cursor=%20&cq=").await.status, StatusCode::OK);
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
    assert_eq!(shop.get(&anna(), "/cart/item-lists?limit=100").await.content().len(), 100);
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
    lists_are_found_by_id
    lists_come_in_pages
    a_page_of_many_items_ends_early
    pages_stay_in_place_while_lists_come_and_go
    a_cursor_is_for_the_listing_that_gave_it
    wrong_parameters_are_named
    visibility_chooses_between_own_and_public
    nobody_changes_a_public_list
    a_customer_has_a_hundred_lists_at_most
}
