//! Many at once: counts hold, and nothing is made twice.

use futures::future::join_all;
use http::StatusCode;
use serde_json::json;

use crate::engines::on_both_engines;
use crate::personas::anna;
use crate::shop::{Answer, Shop};

fn count(answers: &[Answer], status: StatusCode) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

async fn one_name_is_made_once(shop: Shop) {
    let anna = anna();
    let answers = join_all((0..50).map(|_| shop.post(&anna, "/cart/item-lists", json!({ "name": "wishlist" })))).await;
    assert_eq!((count(&answers, StatusCode::CREATED), count(&answers, StatusCode::OK)), (1, 49), "{answers:?}");
    assert_eq!(shop.get(&anna, "/cart/item-lists").await.content().len(), 1);
}

async fn the_last_place_is_given_once(shop: Shop) {
    let anna = anna();
    for number in 0..95 {
        shop.list_of(&anna, &format!("list {number}")).await;
    }
    let names: Vec<String> = (0..50).map(|number| format!("racing {number}")).collect();
    let answers =
        join_all(names.iter().map(|name| shop.post(&anna, "/cart/item-lists", json!({ "name": name })))).await;
    assert_eq!((count(&answers, StatusCode::CREATED), count(&answers, StatusCode::CONFLICT)), (5, 45), "{answers:?}");
    assert_eq!(shop.get(&anna, "/cart/item-lists?limit=100").await.content().len(), 100);
}

async fn one_product_is_put_on_a_list_once(shop: Shop) {
    let anna = anna();
    let items = format!("{}/items", shop.list_of(&anna, "wishlist").await);
    let answers =
        join_all((1..=50).map(|quantity| {
            shop.post(&anna, &items, json!({ "productId": "rug", "name": "Rug", "quantity": quantity }))
        }))
        .await;
    assert_eq!((count(&answers, StatusCode::CREATED), count(&answers, StatusCode::OK)), (1, 49), "{answers:?}");
    assert_eq!(shop.get(&anna, &items).await.content().len(), 1);
}

async fn one_name_is_given_to_one_list(shop: Shop) {
    let anna = anna();
    let mut lists = Vec::new();
    for number in 0..20 {
        lists.push(shop.list_of(&anna, &format!("list {number}")).await);
    }
    let answers = join_all(lists.iter().map(|list| shop.patch(&anna, list, json!({ "name": "the one" })))).await;
    assert_eq!((count(&answers, StatusCode::OK), count(&answers, StatusCode::CONFLICT)), (1, 19), "{answers:?}");
}

async fn adding_and_deleting_leave_no_orphans(shop: Shop) {
    let anna = anna();
    let list = shop.list_of(&anna, "wishlist").await;
    let items = format!("{list}/items");
    let products: Vec<String> = (0..20).map(|number| format!("product-{number}")).collect();
    let adding = join_all(
        products.iter().map(|product| shop.post(&anna, &items, json!({ "productId": product, "name": "Rug" }))),
    );
    let (answers, deleted) = futures::join!(adding, shop.delete(&anna, &list));
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(count(&answers, StatusCode::CREATED) + count(&answers, StatusCode::NOT_FOUND), 20, "{answers:?}");
    static LEFT: database::Statement = database::Statement::new(
        "LEFT",
        "SELECT count(*) FROM item_list_item WHERE product_id <> 'kettle' AND product_id <> 'lamp'",
    );
    let left: i64 = shop.database.read_optional(&LEFT, &[]).await.unwrap().unwrap().get(0).unwrap();
    assert_eq!(left, 0);
}

on_both_engines! {
    one_name_is_made_once
    the_last_place_is_given_once
    one_product_is_put_on_a_list_once
    one_name_is_given_to_one_list
    adding_and_deleting_leave_no_orphans
}
