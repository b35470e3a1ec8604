//! What customers change of their own record.

use std::sync::atomic::Ordering;

use axum::body::Body;
use commerce::apply::apply;
use http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::engines::on_both_engines;
use crate::personas::{anna, ben, guest};
use crate::shop::{ANNA, Answer, BEN, FJORD, MICROS, NOW, Shop, declaration};

fn record(customer: &str) -> String {
    format!("/customer/customers/{customer}")
}

async fn change(shop: &Shop, patch: Value) -> Answer {
    shop.patch(&anna(), &record(ANNA), patch).await
}

async fn send(shop: &Shop, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::builder().method(Method::PATCH);
    request = request.header(AUTHORIZATION, format!("Bearer {}", anna().token()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    shop.send(request, &record(ANNA), body.into()).await
}

const JSON: (&str, &str) = ("content-type", "application/json");

async fn customers_change_what_is_theirs(shop: Shop) {
    shop.clock.store(7, Ordering::SeqCst);
    let patch = json!({ "fullName": " Anna Bø ", "phone": "+45 12 34 56 78", "contactEmail": "anna@mail.example" });
    let changed = change(&shop, patch).await;
    assert_eq!(changed.status, StatusCode::OK);
    let seen = ["fullName", "phone", "contactEmail", "email", "version"].map(|field| &changed.body[field]);
    let expected = ["Anna Bø", "+45 12 34 56 78", "anna@mail.example", "anna@shop.example"].map(Value::from);
    assert_eq!(seen[..4], expected.iter().collect::<Vec<_>>());
    assert_eq!((seen[4], changed.headers[ETAG].to_str().unwrap()), (&json!(1), "\"1\""));
    assert_eq!(changed.body["updatedAt"], "2025-11-24T16:00:07.000000Z");

    let emptied = change(&shop, json!({ "phone": null })).await;
    assert_eq!((&emptied.body["phone"], &emptied.body["contactEmail"]), (&Value::Null, &json!("anna@mail.example")));
    let read = shop.get(&anna(), &record(ANNA)).await;
    assert_eq!((&read.body, read.headers[ETAG].to_str().unwrap()), (&emptied.body, "\"2\""));
    assert_eq!(change(&shop, json!({})).await.body, emptied.body, "nothing was asked for, and nothing changed");
    assert_eq!(shop.get(&ben(), &record(BEN)).await.body["version"], 0);
}

async fn an_update_that_another_overtook_is_not_lost(shop: Shop) {
    let with = |version: &'static str| [JSON, ("if-match", version)];
    let first = send(&shop, &with("\"0\""), r#"{"phone":"12345"}"#).await;
    assert_eq!((first.status, first.headers[ETAG].to_str().unwrap()), (StatusCode::OK, "\"1\""));
    let late = send(&shop, &with("\"0\""), r#"{"phone":"54321"}"#).await;
    assert_eq!((late.status, late.problem()), (StatusCode::PRECONDITION_FAILED, "version_conflict"));
    let repeated = send(&shop, &with("\"0\""), r#"{"phone":"12345"}"#).await;
    assert_eq!((repeated.status, &repeated.body), (StatusCode::OK, &first.body), "the same change, sent again");
    for fitting in ["\"7\", \"1\"", "*"] {
        assert_eq!(send(&shop, &with(fitting), r#"{"fullName":"anna"}"#).await.status, StatusCode::OK, "{fitting}");
    }
    for (other, status) in
        [("W/\"1\"", StatusCode::PRECONDITION_FAILED), ("1", StatusCode::BAD_REQUEST), ("", StatusCode::BAD_REQUEST)]
    {
        assert_eq!(send(&shop, &with(other), r#"{"phone":null}"#).await.status, status, "{other}");
    }
    let doubled = [JSON, (IF_MATCH.as_str(), "\"1\""), (IF_MATCH.as_str(), "\"1\"")];
    assert_eq!(send(&shop, &doubled, r#"{"phone":null}"#).await.problem(), "malformed");
    assert_eq!(shop.get(&anna(), &record(ANNA)).await.body["phone"], "12345");
}

async fn of_many_with_one_version_one_wins(shop: Shop) {
    let bodies: Vec<String> = (0..20).map(|number| format!(r#"{{"phone":"1234{number}"}}"#)).collect();
    let headers = [JSON, ("if-match", "\"0\"")];
    let answers = futures::future::join_all(bodies.iter().map(|body| send(&shop, &headers, body.clone()))).await;
    let won = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    let lost = answers.iter().filter(|answer| answer.status == StatusCode::PRECONDITION_FAILED).count();
    assert_eq!((won, lost), (1, 19), "{answers:?}");
    assert_eq!(shop.get(&anna(), &record(ANNA)).await.body["version"], 1);
}

async fn what_is_wrong_is_told_by_field_and_changes_nothing(shop: Shop) {
    let before = shop.get(&anna(), &record(ANNA)).await.body;
    let long = "a".repeat(300);
    for (patch, field, code) in [
        (json!({ "email": "new@shop.example" }), "email", "not_changeable"),
        (json!({ "phone": "12345", "id": BEN }), "id", "not_changeable"),
        (json!({ "phone": "12345", "version": 9 }), "version", "not_changeable"),
        (json!({ "phone": "12345", "admin": true }), "admin", "invalid"),
        (json!({ "phone": "12345", "tenantId": BEN }), "tenantId", "invalid"),
        (json!({ "phone": "12345", "fullName": null }), "fullName", "required"),
        (json!({ "phone": "12345", "fullName": "  " }), "fullName", "length"),
        (json!({ "phone": "12345", "fullName": long }), "fullName", "length"),
        (json!({ "phone": "12345", "fullName": "a\u{0}b" }), "fullName", "control_character"),
        (json!({ "phone": "12345", "fullName": ["Anna"] }), "fullName", "invalid"),
        (json!({ "phone": "call me" }), "phone", "phone"),
        (json!({ "phone": 12345 }), "phone", "invalid"),
        (json!({ "phone": long }), "phone", "length"),
        (json!({ "contactEmail": "anna" }), "contactEmail", "email"),
        (json!({ "contactEmail": { "address": "a@b.example" } }), "contactEmail", "invalid"),
        (json!({ "contactEmail": format!("a@{long}.example") }), "contactEmail", "length"),
    ] {
        let answer = change(&shop, patch.clone()).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "invalid_fields"), "{patch}");
        let error = &answer.body["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(code)), "{patch}: {answer:?}");
        assert!(answer.body.to_string().len() < 700, "{answer:?}");
    }
    let told = change(&shop, json!({ "email": "new@shop.example" })).await;
    assert!(told.body["errors"][0]["message"].as_str().unwrap().contains("sign-in"), "{told:?}");

    let twice = send(&shop, &[JSON], r#"{"phone":"12345","phone":"54321"}"#).await;
    assert_eq!(twice.problem(), "invalid_fields");
    assert_eq!(twice.body["errors"][0]["message"], "duplicate field `phone`");
    for body in ["", "[]", "\"phone\"", "{", "null", "{\"phone\":\"1234\u{feff}5\"} x"] {
        assert!(send(&shop, &[JSON], body).await.status.is_client_error(), "{body}");
    }
    assert_eq!(send(&shop, &[JSON], b"{\"fullName\":\"\xff\xfe\"}".to_vec()).await.problem(), "malformed");
    assert_eq!(
        send(&shop, &[JSON], format!("{{\"phone\":\"{}\"}}", "1".repeat(70_000))).await.problem(),
        "body_too_large"
    );
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(send(&shop, &form, "phone=12345").await.problem(), "unsupported_media_type");
    assert_eq!(shop.get(&anna(), &record(ANNA)).await.body, before);

    let merge = [(CONTENT_TYPE.as_str(), "application/merge-patch+json")];
    assert_eq!(send(&shop, &merge, r#"{"phone":"12345"}"#).await.status, StatusCode::OK);
}

async fn others_records_are_out_of_reach(shop: Shop) {
    let patch = || json!({ "fullName": "mine now" });
    for (who, customer, code) in [
        (ben(), ANNA, "not_the_owner"),
        (guest(), ANNA, "not_the_owner"),
        (anna(), FJORD, "not_the_owner"),
        (anna().without("UPDATE", "CUSTOMER"), ANNA, "permission_missing"),
        (ben().without("UPDATE", "CUSTOMER"), ANNA, "permission_missing"),
    ] {
        let answer = shop.patch(&who, &record(customer), patch()).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::FORBIDDEN, code), "{who:?}");
    }
    assert_eq!(shop.patch(&anna(), "/customer/customers/x", patch()).await.problem(), "not_found");
    assert_eq!(shop.get(&anna(), &record(ANNA)).await.body["version"], 0);
}

/// A declaration is applied at every start: it must not undo what customers say of themselves.
async fn a_declaration_keeps_the_name_that_a_customer_chose(shop: Shop) {
    change(&shop, json!({ "fullName": "Anna Bø" })).await;
    let mut declared = declaration();
    for customer in &mut declared.customers {
        customer.full_name.push_str(" renamed");
        customer.email = format!("new-{}", customer.email);
    }
    apply(&shop.database, &declared, NOW * MICROS).await.unwrap();
    let annas = shop.get(&anna(), &record(ANNA)).await.body;
    assert_eq!((&annas["fullName"], &annas["email"]), (&json!("Anna Bø"), &json!("new-anna@shop.example")));
    assert_eq!(shop.get(&ben(), &record(BEN)).await.body["fullName"], "ben renamed");
    assert!(apply(&shop.database, &declared, NOW * MICROS).await.unwrap().is_empty());
}

on_both_engines! {
    customers_change_what_is_theirs
    an_update_that_another_overtook_is_not_lost
    of_many_with_one_version_one_wins
    what_is_wrong_is_told_by_field_and_changes_nothing
    others_records_are_out_of_reach
    a_declaration_keeps_the_name_that_a_customer_chose
}
