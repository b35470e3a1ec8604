//! Every change is on record, in the transaction that made it; what was refused is not, since it changed nothing.

use std::sync::atomic::Ordering;
use std::time::Duration;

use commerce::apply::apply;
use database::{Error, Lease, Statement};
use http::header::AUTHORIZATION;
use http::{Method, Request};
use serde_json::json;

use crate::engines::on_both_engines;
use crate::personas::{anna, ben, berta, guest};
use crate::shop::{ANNA, MICROS, NOW, Shop, TENANT, declaration};

static CONFIGURED: Statement =
    Statement::new("CONFIGURED", "SELECT object, detail FROM audit_event WHERE kind = 'configured'");

static EVENTS: Statement = Statement::new(
    "EVENTS",
    "SELECT tenant_id, kind, actor, subject, object, remote_address, request_id, detail, happened_at FROM audit_event
     WHERE kind <> 'configured' ORDER BY tenant_id, event_id",
);

async fn kinds(shop: &Shop) -> Vec<String> {
    let rows = shop.database.read_rows(&EVENTS, &[]).await.unwrap();
    rows.iter().map(|row| row.get(1).unwrap()).collect()
}

async fn each_change_is_one_event(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    let items = format!("{list}/items");
    shop.post(&anna(), "/cart/item-lists", json!({ "name": "wishlist" })).await;
    shop.patch(&anna(), &list, json!({ "name": "wishlist" })).await;
    shop.patch(&anna(), &list, json!({ "name": "wishes" })).await;
    let item = shop.post(&anna(), &items, json!({ "productId": "rug", "name": "Rug" })).await.id();
    shop.patch(&anna(), &format!("{items}/{item}"), json!({ "quantity": 2 })).await;
    shop.delete(&anna(), &format!("{items}/{item}")).await;
    shop.patch(&anna(), &items, json!({ "put": [{ "productId": "rug", "name": "Rug" }] })).await;
    shop.patch(&anna(), &items, json!({})).await;
    shop.patch(&anna(), &format!("/customer/customers/{ANNA}"), json!({ "phone": "12345" })).await;
    shop.patch(&anna(), &format!("/customer/customers/{ANNA}"), json!({ "phone": "12345" })).await;
    shop.delete(&anna(), &list).await;
    let expected = [
        "item_list_created",
        "item_list_renamed",
        "item_put",
        "item_changed",
        "item_removed",
        "items_changed",
        "customer_changed",
        "item_list_deleted",
    ];
    assert_eq!(kinds(&shop).await, expected);
}

async fn an_event_says_who_for_whom_on_what_and_from_where(shop: Shop) {
    let request = Request::builder()
        .method(Method::PATCH)
        .header(AUTHORIZATION, format!("Bearer {}", anna().token()))
        .header("content-type", "application/json")
        .header("x-request-id", "request-7")
        .header("x-forwarded-for", "203.0.113.9, 2001:db8::7");
    let body = json!({ "phone": "12345", "fullName": "Secret Name" }).to_string();
    let answer = shop.send(request, &format!("/customer/customers/{ANNA}"), body.into()).await;
    assert!(answer.status.is_success(), "{answer:?}");
    let rows = shop.database.read_rows(&EVENTS, &[]).await.unwrap();
    let text = |column: usize| rows[0].get::<String>(column).unwrap();
    let tenant: auth_protocol::id::TenantId = TENANT.parse().unwrap();
    assert_eq!(rows[0].get::<[u8; 16]>(0).unwrap(), tenant.bytes());
    assert_eq!((text(2), text(3), text(4)), (ANNA.to_owned(), ANNA.to_owned(), ANNA.to_owned()));
    assert_eq!((text(5), text(6)), ("2001:db8::7".to_owned(), "request-7".to_owned()));
    assert_eq!(text(7), "fullName, phone", "the fields, not what they hold");
    assert_eq!(rows[0].get::<i64>(8).unwrap(), NOW * MICROS);
}

async fn what_is_declared_is_on_record_without_names(shop: Shop) {
    let configured = async || {
        let rows = shop.database.read_rows(&CONFIGURED, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0).unwrap(), row.get(1).unwrap())).collect::<Vec<(String, String)>>()
    };
    let before = configured().await;
    assert_eq!(before.len(), 15);
    assert!(before.contains(&(format!("customer {ANNA}"), "created".to_owned())), "{before:?}");
    let mut changed = declaration();
    changed.customers[1].email = "ben@new.example".to_owned();
    apply(&shop.database, &changed, NOW * MICROS).await.unwrap();
    apply(&shop.database, &changed, NOW * MICROS).await.unwrap();
    let after = configured().await;
    assert_eq!(after.iter().filter(|(_, detail)| detail == "changed").count(), 1, "{after:?}");
    assert_eq!(after.len(), 16);
}

async fn what_is_refused_leaves_no_event(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    let items = format!("{list}/items");
    for answer in [
        shop.patch(&ben(), &list, json!({ "name": "stolen" })).await,
        shop.delete(&berta(), &list).await,
        shop.delete(&guest(), &list).await,
        shop.post(&anna(), &items, json!({ "productId": "a b", "name": "A" })).await,
        shop.patch(&anna(), &items, json!({ "change": [{ "id": ANNA, "quantity": 1 }] })).await,
        shop.delete(&anna(), &format!("{items}/{ANNA}")).await,
        shop.patch(&anna(), &format!("/customer/customers/{ANNA}"), json!({ "email": "a@b.example" })).await,
        shop.patch(&ben(), &format!("/customer/customers/{ANNA}"), json!({ "phone": "12345" })).await,
    ] {
        assert!(answer.status.is_client_error(), "{answer:?}");
    }
    assert_eq!(kinds(&shop).await, ["item_list_created"]);
}

async fn old_events_go_in_batches_and_new_ones_stay(shop: Shop) {
    let list = shop.list_of(&anna(), "wishlist").await;
    shop.list_of(&berta(), "wishlist").await;
    for _ in 0..250 {
        shop.patch(&anna(), &format!("{list}/items"), json!({ "put": [{ "productId": "rug", "name": "Rug" }] })).await;
    }
    let day = 24 * 60 * 60;
    shop.clock.store(100 * day, Ordering::SeqCst);
    shop.patch(&anna(), &list, json!({ "name": "wishes" })).await;
    let at = |days: i64| (NOW + days * day) * MICROS;
    let mut lease = Lease::new("sweep", [9; 16], Duration::from_secs(20));
    let fence = lease.hold(&shop.database).await.unwrap().unwrap();
    assert_eq!(commerce::sweep(&shop.database, &fence, at(180)).await.unwrap(), 0, "not before they are 180 days old");
    assert_eq!(
        commerce::sweep(&shop.database, &fence, at(181)).await.unwrap(),
        207,
        "of one tenant 200 at once, of the other all, what configured them included"
    );
    assert_eq!(commerce::sweep(&shop.database, &fence, at(181)).await.unwrap(), 60);
    assert_eq!(commerce::sweep(&shop.database, &fence, at(181)).await.unwrap(), 0);
    assert_eq!(kinds(&shop).await, ["item_list_renamed"]);
    lease.release(&shop.database).await.unwrap();
    let late = commerce::sweep(&shop.database, &fence, at(500)).await;
    assert!(matches!(late, Err(Error::LeaseLost)), "what is another node's work by now: {late:?}");
    assert_eq!(kinds(&shop).await, ["item_list_renamed"]);
}

on_both_engines! {
    each_change_is_one_event
    an_event_says_who_for_whom_on_what_and_from_where
    what_is_declared_is_on_record_without_names
    what_is_refused_leaves_no_event
    old_events_go_in_batches_and_new_ones_stay
}
