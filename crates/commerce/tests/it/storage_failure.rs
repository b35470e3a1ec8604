use axum::body::Body;
use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{Request, StatusCode};
use serde_json::json;

use crate::engines;
use crate::personas::{anna, guest};
use crate::shop::{ANNA, SHOP, Shop};

#[tokio::test]
async fn without_storage_every_answer_is_to_try_again() {
    let opened = engines::sqlite().await;
    let shop = Shop::open(&opened.database).await;
    let list = shop.list_of(&anna(), "wishlist").await;
    opened.database.close().await;
    for path in [
        "/cart/item-lists".to_owned(),
        list.clone(),
        "/customer/accounts/mine".to_owned(),
        format!("/customer/customers/{ANNA}"),
        format!("/tenant/applications/{SHOP}"),
        "/tenant/applications/resolve?url=http://shop.example".to_owned(),
    ] {
        let answer = shop.get(&anna(), &path).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"), "{path}");
        assert_eq!(answer.headers[RETRY_AFTER], "2");
    }
    for answer in [
        shop.post(&anna(), "/cart/item-lists", json!({ "name": "another" })).await,
        shop.patch(&anna(), &list, json!({ "name": "another" })).await,
        shop.delete(&anna(), &list).await,
    ] {
        assert_eq!(answer.problem(), "unavailable");
        let text = answer.body.to_string();
        assert!(!text.contains("SELECT") && !text.contains(".db") && !text.contains("sqlite"), "{text}");
    }
    let request = Request::builder().header(AUTHORIZATION, format!("Bearer {}", guest().token()));
    let path = "/tenant-internal/internal/applications/resolve?host=shop.example";
    assert_eq!(shop.send(request, path, Body::empty()).await.status, StatusCode::SERVICE_UNAVAILABLE);
}
