use http::{Method, StatusCode};
use serde_json::json;

use crate::engines::on_both_engines;
use crate::personas::{anna, guest, guest_of_the_other_tenant, issuer_of};
use crate::shop::{Answer, OTHER_SHOP, OUTLET, SHOP, Shop, TENANT};

async fn resolve(shop: &Shop, query: &str) -> Answer {
    shop.get(&guest(), &format!("/tenant/applications/resolve?{query}")).await
}

async fn an_application_is_found_by_url_token_and_id(shop: Shop) {
    let expected = json!({
        "id": SHOP, "tenantId": TENANT, "name": "shop main", "token": "token-main", "identifierType": "DOMAIN",
        "identifierValue": "main", "customerContextId": TENANT, "deactivated": false, "defaultLocale": "en",
        "allowedLocales": ["en"],
    });
    for query in [
        "url=https%3A%2F%2Fshop.example%2Fsome%2Fpage",
        "url=http%3A%2F%2FSHOP.example%3A8080",
        "url=http%3A%2F%2Flocalhost%3A8080%2F",
        "token=token-main",
        &format!("id={SHOP}"),
    ] {
        let answer = resolve(&shop, query).await;
        assert_eq!((answer.status, &answer.body), (StatusCode::OK, &expected), "{query}");
    }
    assert_eq!(shop.get(&anna(), &format!("/tenant/applications/{SHOP}")).await.body, expected);
    let outlet = resolve(&shop, "url=https%3A%2F%2Fshop.example%2F%3Fapplication%3Doutlet").await;
    assert_eq!(outlet.body["id"], OUTLET);
}

async fn what_is_not_there_or_another_tenants_is_not_found(shop: Shop) {
    for query in [
        "url=https%3A%2F%2Funknown.example",
        "url=https%3A%2F%2Fother.example",
        "token=token-other",
        "token=nothing",
        "id=nothing",
        &format!("id={OTHER_SHOP}"),
    ] {
        assert_eq!(resolve(&shop, query).await.problem(), "not_found", "{query}");
    }
    let other = shop.get(&guest_of_the_other_tenant(), "/tenant/applications/resolve?token=token-other").await;
    assert_eq!(other.body["id"], OTHER_SHOP);
}

async fn one_way_to_name_it_is_needed(shop: Shop) {
    for query in
        ["", "token=a&id=b", "token=", "token=a&token=b", "url=shop.example", "url=file%3A%2F%2Fshop", "token=%00"]
    {
        let answer = resolve(&shop, query).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "malformed"), "{query}");
    }
}

async fn internal(shop: &Shop, query: &str) -> Answer {
    let path = format!("/tenant-internal/internal/applications/resolve?{query}");
    shop.call(None, Method::GET, &path, None).await
}

async fn the_gateway_learns_all_of_it_without_a_token(shop: Shop) {
    let answer = internal(&shop, "host=shop.example:8080&path=/").await;
    assert_eq!(answer.status, StatusCode::OK);
    let application: commerce::tenant::Application = serde_json::from_value(answer.body.clone()).unwrap();
    assert_eq!(application.id, SHOP.parse().unwrap());
    assert_eq!(answer.body["issuer"], issuer_of(TENANT));
    assert_eq!(answer.body["gatewayClientId"], "storefront-gateway");
    assert_eq!(answer.body["domains"], json!(["localhost", "shop.example"]));
    assert_eq!(answer.body["storefront"], json!({ "theme": "fjord" }));

    assert_eq!(internal(&shop, "host=shop.example&application=outlet").await.body["id"], OUTLET);
    assert_eq!(internal(&shop, "host=shop.example&token=token-outlet").await.body["id"], OUTLET);
    assert_eq!(internal(&shop, "host=other.example").await.body["id"], OTHER_SHOP);
}

async fn the_gateway_learns_what_tells_a_hosts_applications_apart(shop: Shop) {
    let of = async |query: &str| {
        shop.call(None, Method::GET, &format!("/tenant-internal/internal/hosts{query}"), None).await
    };
    let known = of("?host=Shop.example:8080").await;
    let expected = json!({ "issuers": [issuer_of(TENANT)], "origins": [], "contextPaths": [], "takesParameter": true });
    assert_eq!((known.status, &known.body), (StatusCode::OK, &expected));
    assert_eq!(of("?host=other.example").await.body["takesParameter"], false);
    assert_eq!(of("?host=unknown.example").await.problem(), "unknown_application");
    assert_eq!(of("").await.problem(), "malformed");
}

async fn the_gateway_is_told_what_is_wrong(shop: Shop) {
    for (query, status, code) in [
        ("host=unknown.example", 404, "unknown_application"),
        ("host=not%20a%20host", 404, "unknown_application"),
        ("host=shop.example&token=token-other", 400, "application_mismatch"),
        ("host=shop.example&application=outlet&token=token-main", 400, "application_mismatch"),
        ("", 400, "malformed"),
        ("host=shop.example&host=other.example", 400, "malformed"),
    ] {
        let answer = internal(&shop, query).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (status, code), "{query}");
    }
    let public = shop.get(&guest(), "/tenant/internal/applications/resolve?host=shop.example").await;
    assert_eq!(public.status, StatusCode::NOT_FOUND);
}

on_both_engines! {
    an_application_is_found_by_url_token_and_id
    what_is_not_there_or_another_tenants_is_not_found
    one_way_to_name_it_is_needed
    the_gateway_learns_all_of_it_without_a_token
    the_gateway_learns_what_tells_a_hosts_applications_apart
    the_gateway_is_told_what_is_wrong
}
