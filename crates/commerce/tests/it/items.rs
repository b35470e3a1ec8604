use http::StatusCode;
use serde_json::{Value, json};

use crate::engines::on_both_engines;
use crate::personas::anna;
use crate::shop::Shop;

async fn put(shop: &Shop, list: &str, product: &str, quantity: i64) -> crate::shop::Answer {
    let body = json!({ "productId": product, "name": format!("The {product}"), "quantity": quantity });
    shop.post(&anna(), &format!("{list}/items"), body).await
}

async fn items_come_change_and_go(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    let rug = put(&shop, &list, "rug", 2).await;
    assert_eq!(rug.status, StatusCode::CREATED);
    assert_eq!(rug.body, json!({ "id": rug.id(), "productId": "rug", "name": "The rug", "quantity": 2 }));
    let lamp = shop.post(&anna(), &format!("{list}/items"), json!({ "productId": "lamp", "name": "Lamp" })).await;
    assert_eq!(lamp.body["quantity"], 1);
    assert_eq!(shop.get(&anna(), &format!("{list}/items")).await.names(), ["The rug", "Lamp"]);

    let path = format!("{list}/items/{}", rug.id());
    let changed = shop.patch(&anna(), &path, json!({ "quantity": 7 })).await;
    assert_eq!((&changed.body["quantity"], &changed.body["name"]), (&json!(7), &json!("The rug")));
    let renamed = shop.patch(&anna(), &path, json!({ "name": "Tæppe" })).await;
    assert_eq!((&renamed.body["quantity"], &renamed.body["name"]), (&json!(7), &json!("Tæppe")));
    assert_eq!(shop.patch(&anna(), &path, json!({})).await.body, renamed.body);

    assert_eq!(shop.delete(&anna(), &path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(shop.delete(&anna(), &path).await.problem(), "not_found");
    assert_eq!(shop.patch(&anna(), &path, json!({ "quantity": 1 })).await.problem(), "not_found");
    assert_eq!(shop.get(&anna(), &list).await.body["items"], json!([lamp.body]));
}

async fn a_product_is_on_a_list_once(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    let first = put(&shop, &list, "rug", 2).await;
    let again = put(&shop, &list, "rug", 5).await;
    assert_eq!((again.status, again.id()), (StatusCode::OK, first.id()));
    assert_eq!(shop.get(&anna(), &list).await.body["items"], json!([again.body]));
}

async fn a_list_that_is_deleted_takes_its_items_along(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    let item = put(&shop, &list, "rug", 1).await.id();
    shop.delete(&anna(), &list).await;
    assert_eq!(shop.get(&anna(), &format!("{list}/items")).await.problem(), "not_found");
    assert_eq!(put(&shop, &list, "lamp", 1).await.problem(), "not_found");
    assert_eq!(shop.delete(&anna(), &format!("{list}/items/{item}")).await.problem(), "not_found");
    let fresh = shop.list_of(&anna(), "wishlist").await;
    assert!(shop.get(&anna(), &format!("{fresh}/items")).await.content().is_empty());
}

async fn an_item_belongs_to_its_list_alone(shop: Shop) {
    let (first, second) = (shop.list_of(&anna(), "first").await, shop.list_of(&anna(), "second").await);
    let item = put(&shop, &first, "rug", 1).await.id();
    let elsewhere = format!("{second}/items/{item}");
    assert_eq!(shop.patch(&anna(), &elsewhere, json!({ "quantity": 9 })).await.problem(), "not_found");
    assert_eq!(shop.delete(&anna(), &elsewhere).await.problem(), "not_found");
    assert_eq!(shop.get(&anna(), &first).await.body["items"][0]["quantity"], 1);
}

async fn a_list_holds_five_hundred_items_at_most(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    for number in 0..500 {
        assert_eq!(put(&shop, &list, &format!("product-{number}"), 1).await.status, StatusCode::CREATED);
    }
    let full = put(&shop, &list, "one-more", 1).await;
    assert_eq!((full.status, full.problem()), (StatusCode::CONFLICT, "limit_reached"));
    assert_eq!(put(&shop, &list, "product-7", 3).await.status, StatusCode::OK);
    let items = shop.get(&anna(), &format!("{list}/items?limit=500")).await;
    assert_eq!(items.content().len(), 500);
    let first = items.content()[0]["id"].as_str().unwrap().to_owned();
    shop.delete(&anna(), &format!("{list}/items/{first}")).await;
    assert_eq!(put(&shop, &list, "one-more", 1).await.status, StatusCode::CREATED);
}

async fn many_lists_come_with_their_own_items(shop: Shop) {
    for number in 0..23 {
        let list = shop.list_of(&anna(), &format!("list {number:02}")).await;
        for item in 0..number % 3 {
            put(&shop, &list, &format!("product-{number}-{item}"), 1).await;
        }
    }
    let lists = shop.get(&anna(), "/cart/item-lists").await;
    for (number, list) in lists.content().iter().enumerate() {
        let products: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|item| &item["productId"]).collect();
        let expected: Vec<Value> = (0..number % 3).map(|item| json!(format!("product-{number}-{item}"))).collect();
        assert_eq!(products, expected.iter().collect::<Vec<_>>());
    }
}

on_both_engines! {
    items_come_change_and_go
    a_product_is_on_a_list_once
    a_list_that_is_deleted_takes_its_items_along
    an_item_belongs_to_its_list_alone
    a_list_holds_five_hundred_items_at_most
    many_lists_come_with_their_own_items
}
