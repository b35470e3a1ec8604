use http::StatusCode;
use serde_json::json;

use crate::engines::on_both_engines;
use crate::personas::{anna, ben, guest};
use crate::shop::{ANNA, BEN, FJORD, Shop, TENANT};

async fn a_member_sees_the_account_with_own_roles(shop: Shop) {
    let fjord = json!({
        "id": FJORD, "name": "Fjord Supplies", "accountNumber": "1001", "roles": ["BUYER"], "status": "ACTIVE",
    });
    let mine = shop.get(&anna(), "/customer/accounts/mine").await;
    assert_eq!(mine.body, json!({ "content": [fjord], "cursor": null }));
    assert_eq!(shop.get(&anna(), &format!("/customer/accounts/customer/{ANNA}")).await.body, mine.body);
}

async fn who_is_member_of_nothing_has_no_accounts(shop: Shop) {
    assert!(shop.get(&ben(), "/customer/accounts/mine").await.content().is_empty());
    let annas = shop.get(&ben(), &format!("/customer/accounts/customer/{ANNA}")).await;
    assert_eq!((annas.status, annas.problem()), (StatusCode::FORBIDDEN, "not_the_owner"));
    let guests = shop.get(&guest(), "/customer/accounts/mine").await;
    assert_eq!((guests.status, guests.problem()), (StatusCode::FORBIDDEN, "not_the_owner"));
}

async fn a_customer_reads_the_own_record(shop: Shop) {
    let time = "2025-11-24T16:00:00.000000Z";
    let ben = shop.get(&ben(), &format!("/customer/customers/{BEN}")).await;
    let expected = json!({
        "id": BEN, "customerContextId": TENANT, "fullName": "ben", "email": "ben@shop.example", "phone": null,
        "contactEmail": null, "version": 0, "createdAt": time, "updatedAt": time,
    });
    assert_eq!(ben.body, expected);
    let lower = shop.get(&anna(), &format!("/customer/customers/{}", ANNA.to_lowercase())).await;
    assert_eq!(lower.status, StatusCode::OK);
    assert_eq!(shop.get(&anna(), "/customer/customers/anna").await.problem(), "not_found");
}

on_both_engines! {
    a_member_sees_the_account_with_own_roles
    who_is_member_of_nothing_has_no_accounts
    a_customer_reads_the_own_record
}
