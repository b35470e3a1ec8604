//! Several items at once.

use http::StatusCode;
use serde_json::{Value, json};

use crate::engines::on_both_engines;
use crate::personas::{anna, ben};
use crate::shop::{Answer, FAVOURITES, FJORD, Shop};

async fn change(shop: &Shop, list: &str, changes: Value) -> Answer {
    shop.patch(&anna(), &format!("{list}/items"), changes).await
}

fn products(prefix: &str, count: usize) -> Vec<Value> {
    (0..count).map(|number| json!({ "productId": format!("{prefix}-{number}"), "name": "Thing" })).collect()
}

async fn items_are_put_changed_and_removed_at_once(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    let put = json!([
        { "productId": "rug", "name": "Rug", "quantity": 2 },
        { "productId": "lamp", "name": "Lamp" },
        { "productId": "mug", "name": "Mug" },
    ]);
    let answer = change(&shop, &list, json!({ "put": put })).await;
    assert_eq!((answer.names(), &answer.body["cursor"]), (vec!["Rug", "Lamp", "Mug"], &Value::Null));
    let id = |place: usize| answer.content()[place]["id"].clone();
    let changes = json!({
        "put": [{ "productId": "rug", "name": "Red rug" }, { "productId": "stool", "name": "Stool" }],
        "change": [{ "id": id(1), "quantity": 7 }, { "id": id(0) }],
        "remove": [id(2)],
    });
    let again = change(&shop, &list, changes.clone()).await;
    let told: Vec<_> = again.content().iter().map(|item| (item["name"].as_str(), item["quantity"].as_i64())).collect();
    let expected = [("Lamp", 7), ("Rug", 2), ("Red rug", 1), ("Stool", 1)];
    assert_eq!(told, expected.map(|(name, quantity)| (Some(name), Some(quantity))));
    assert_eq!(shop.get(&anna(), &format!("{list}/items")).await.names(), ["Red rug", "Lamp", "Stool"]);

    // Sent once more, since the answer was lost.
    assert_eq!(change(&shop, &list, changes).await.status, StatusCode::OK);
    assert_eq!(shop.get(&anna(), &format!("{list}/items")).await.names(), ["Red rug", "Lamp", "Stool"]);
    assert!(change(&shop, &list, json!({})).await.content().is_empty());
}

async fn all_of_it_or_nothing(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    let rug = change(&shop, &list, json!({ "put": [{ "productId": "rug", "name": "Rug" }] })).await;
    let before = shop.get(&anna(), &list).await.body;
    let rug = &rug.content()[0]["id"];
    let product = json!({ "productId": "lamp", "name": "Lamp" });
    for (changes, field, code) in [
        (json!({ "remove": [rug], "change": [{ "id": FJORD, "quantity": 2 }] }), "change[0].id", "not_found"),
        (json!({ "put": [product, { "productId": "a b", "name": "A" }] }), "put[1].productId", "product_id"),
        (json!({ "put": [product, { "productId": "a" }] }), "put[1].name", "required"),
        (json!({ "put": [product, product] }), "put[1].productId", "twice"),
        (json!({ "put": [product], "change": [{ "id": rug, "quantity": 0 }] }), "change[0].quantity", "quantity"),
        (json!({ "put": [product], "change": [{ "quantity": 1 }] }), "change[0].id", "required"),
        (json!({ "put": [product], "change": [{ "id": rug }], "remove": [rug] }), "remove[0]", "twice"),
        (json!({ "put": [product], "remove": ["x"] }), "remove[0]", "id"),
        (json!({ "put": [product], "remove": [7] }), "remove[0]", "invalid"),
        (json!({ "put": [["lamp", "Lamp", 1]] }), "put[0]", "invalid"),
        (json!([[product], [], []]), "", "invalid"),
        (json!({ "put": product }), "put", "invalid"),
        (json!({ "put": [product], "change": null }), "change", "invalid"),
        (json!({ "put": [product], "delete": [] }), "delete", "invalid"),
        (json!({ "put": [{ "productId": "a", "name": "A", "price": 1 }] }), "put[0].price", "invalid"),
        (json!({ "put": products("thing", 101) }), "", "too_many"),
    ] {
        let answer = change(&shop, &list, changes.clone()).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "invalid_fields"), "{changes}");
        let errors = answer.body["errors"].as_array().unwrap();
        assert_eq!((&errors[0]["field"], &errors[0]["code"]), (&json!(field), &json!(code)), "{changes}: {answer:?}");
    }
    let many = json!({ "put": vec![json!({}); 100] });
    assert_eq!(change(&shop, &list, many).await.body["errors"].as_array().unwrap().len(), 20, "an answer stays short");
    assert_eq!(shop.get(&anna(), &list).await.body, before);
}

async fn limits_hold_for_many_at_once(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    for block in 0..5 {
        let answer = change(&shop, &list, json!({ "put": products(&format!("block-{block}"), 100) })).await;
        assert_eq!(answer.content().len(), 100);
    }
    let full = change(&shop, &list, json!({ "put": products("more", 1) })).await;
    assert_eq!((full.status, full.problem()), (StatusCode::CONFLICT, "limit_reached"));
    let items = shop.get(&anna(), &format!("{list}/items?limit=500")).await;
    assert_eq!(items.content().len(), 500);
    let gone: Vec<&Value> = items.content().iter().take(2).map(|item| &item["id"]).collect();
    let swapped = change(&shop, &list, json!({ "put": products("more", 2), "remove": gone })).await;
    assert_eq!(swapped.content().len(), 2, "a full list takes new items for old ones");
    let too_many = change(&shop, &list, json!({ "put": products("even-more", 2), "remove": [&gone[0]] })).await;
    assert_eq!(too_many.problem(), "limit_reached");
    assert_eq!(shop.get(&anna(), &format!("{list}/items?limit=500")).await.content().len(), 500);
}

async fn items_come_in_pages(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    change(&shop, &list, json!({ "put": products("thing", 60) })).await;
    let items = format!("{list}/items");
    let (mut found, mut sizes, mut next) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = shop.get(&anna(), &format!("{items}?limit=25{next}")).await;
        sizes.push(page.content().len());
        found.extend(page.content().iter().map(|item| item["productId"].as_str().unwrap().to_owned()));
        match page.body["cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(sizes, [25, 25, 10]);
    assert_eq!(found, (0..60).map(|number| format!("thing-{number}")).collect::<Vec<_>>());

    let cursor = shop.get(&anna(), &format!("{items}?limit=1")).await.body["cursor"].as_str().unwrap().to_owned();
    let other = shop.list_of(&anna(), "another").await;
    for path in [
        format!("{other}/items?cursor={cursor}"),
        format!("{items}?cursor={}", &cursor[1..]),
        format!("/cart/item-lists/{FAVOURITES}/items?cursor={cursor}"),
        format!("/cart/item-lists?cursor={cursor}"),
    ] {
        assert_eq!(shop.get(&anna(), &path).await.problem(), "cursor_invalid", "{path}");
    }
    for limit in ["0", "501", "x", "-1"] {
        assert_eq!(
            shop.get(&anna(), &format!("{items}?limit={limit}")).await.problem(),
            "invalid_parameter",
            "{limit}"
        );
    }
    assert_eq!(shop.get(&anna(), &format!("{items}?limit=1&limit=1")).await.problem(), "malformed");
    assert_eq!(shop.get(&ben(), &format!("{items}?cursor={cursor}")).await.problem(), "not_found");
}

on_both_engines! {
    items_are_put_changed_and_removed_at_once
    all_of_it_or_nothing
    limits_hold_for_many_at_once
    items_come_in_pages
}
