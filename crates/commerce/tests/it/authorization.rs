//! Who gets in, for every URL of every service. An endpoint without an example below fails the first test.

use std::collections::BTreeSet;

use commerce::{Endpoint, cart, customer, tenant};
use http::{Method, StatusCode};
use resource_guard::OwnerKind;
use serde_json::{Value, json};

use crate::engines::on_both_engines;
use crate::personas::{Persona, anna, annas_twin, ben, guest};
use crate::shop::{ANNA, Answer, FJORD, SHOP, Shop};

/// What somebody gets who asks for what is Anna's.
#[derive(Debug, Clone, Copy)]
enum Foreign {
    /// The owner is in the path: 403 `not_the_owner`.
    NotTheOwner,
    /// 404: there is nothing of that id for them.
    NotFound,
    /// An answer, without anything of Anna's.
    OwnAnswer,
}

struct Example {
    service: &'static str,
    method: Method,
    /// As the service's routes have it.
    path: &'static str,
    /// `LIST` and `ITEM` stand for Anna's.
    url: String,
    body: Option<Value>,
    /// For another customer of the tenant.
    for_ben: Foreign,
    /// For a customer of another tenant with Anna's own id.
    for_twin: Foreign,
    for_guest: Foreign,
}

fn examples() -> Vec<Example> {
    use Foreign::{NotFound, NotTheOwner, OwnAnswer};
    let example = |service, method, path, url: &str, body, for_ben, for_twin, for_guest| Example {
        service,
        method,
        path,
        url: url.to_owned(),
        body,
        for_ben,
        for_twin,
        for_guest,
    };
    let (get, post, patch, delete) = (|| Method::GET, || Method::POST, || Method::PATCH, || Method::DELETE);
    let named = || Some(json!({ "name": "renamed" }));
    let product = || Some(json!({ "productId": "kettle", "name": "Kettle" }));
    let (list, items) = ("/item-lists/{id}", "/item-lists/{id}/items");
    let item = "/item-lists/{id}/items/{item}";
    let quantity = || Some(json!({ "quantity": 3 }));
    let several = || Some(json!({ "put": [{ "productId": "lamp", "name": "Lamp" }], "remove": [FJORD] }));
    let phone = || Some(json!({ "phone": "+49 30 123456" }));
    let (customer_path, accounts_path) = ("/customers/{customer}", "/accounts/customer/{customer}");
    let (annas_record, annas_accounts) = (format!("/customers/{ANNA}"), format!("/accounts/customer/{ANNA}"));
    let shop = format!("/applications/{SHOP}");
    let resolve = format!("/applications/resolve?id={SHOP}");
    vec![
        example("cart", get(), "/item-lists", "/item-lists", None, OwnAnswer, OwnAnswer, OwnAnswer),
        example(
            "cart",
            post(),
            "/item-lists",
            "/item-lists",
            Some(json!({ "name": "new" })),
            OwnAnswer,
            OwnAnswer,
            NotTheOwner,
        ),
        example("cart", get(), list, "/item-lists/LIST", None, NotFound, NotFound, NotFound),
        example("cart", patch(), list, "/item-lists/LIST", named(), NotFound, NotFound, NotTheOwner),
        example("cart", get(), items, "/item-lists/LIST/items", None, NotFound, NotFound, NotFound),
        example("cart", post(), items, "/item-lists/LIST/items", product(), NotFound, NotFound, NotTheOwner),
        example("cart", patch(), items, "/item-lists/LIST/items", several(), NotFound, NotFound, NotTheOwner),
        example("cart", patch(), item, "/item-lists/LIST/items/ITEM", quantity(), NotFound, NotFound, NotTheOwner),
        example("cart", delete(), item, "/item-lists/LIST/items/ITEM", None, NotFound, NotFound, NotTheOwner),
        example("cart", delete(), list, "/item-lists/LIST", None, NotFound, NotFound, NotTheOwner),
        example("customer", get(), "/accounts/mine", "/accounts/mine", None, OwnAnswer, OwnAnswer, NotTheOwner),
        example("customer", get(), accounts_path, &annas_accounts, None, NotTheOwner, OwnAnswer, NotTheOwner),
        example("customer", get(), customer_path, &annas_record, None, NotTheOwner, NotFound, NotTheOwner),
        example("customer", patch(), customer_path, &annas_record, phone(), NotTheOwner, NotFound, NotTheOwner),
        example("tenant", get(), "/applications/resolve", &resolve, None, OwnAnswer, NotFound, OwnAnswer),
        example("tenant", get(), "/applications/{application}", &shop, None, OwnAnswer, NotFound, OwnAnswer),
    ]
}

fn endpoints() -> Vec<(&'static str, Endpoint)> {
    let of = |service: &'static str, endpoints: Vec<Endpoint>| endpoints.into_iter().map(move |found| (service, found));
    of("cart", cart::endpoints())
        .chain(of("customer", customer::endpoints()))
        .chain(of("tenant", tenant::endpoints()))
        .collect()
}

#[test]
fn every_endpoint_has_an_authorization_test() {
    let name = |service: &str, method: &Method, path: &str| format!("{method} {service} {path}");
    let served: BTreeSet<String> =
        endpoints().iter().map(|(service, found)| name(service, &found.method, found.path)).collect();
    let tested: BTreeSet<String> =
        examples().iter().map(|example| name(example.service, &example.method, example.path)).collect();
    assert_eq!(served, tested);
    for (service, endpoint) in endpoints() {
        assert!(!endpoint.allowed.is_empty(), "{service} {} demands nothing", endpoint.path);
    }
}

impl Example {
    fn endpoint(&self) -> Endpoint {
        let found = endpoints().into_iter().find(|(service, endpoint)| {
            *service == self.service && endpoint.method == self.method && endpoint.path == self.path
        });
        found.unwrap().1
    }

    async fn ask(&self, shop: &Shop, list: &str, item: &str, who: Option<&Persona>) -> Answer {
        let url = format!("/{}{}", self.service, self.url.replace("LIST", list).replace("ITEM", item));
        shop.call(who, self.method.clone(), &url, self.body.clone()).await
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Anna's wish list and its item, by their ids.
async fn annas_list(shop: &Shop, name: &str) -> (String, String) {
    let list = shop.list_of(&anna(), name).await;
    let item = shop.post(&anna(), &format!("{list}/items"), json!({ "productId": "rug", "name": "Rug" })).await.id();
    (list.rsplit('/').next().unwrap().to_owned(), item)
}

async fn nobody_gets_in_without_a_token(shop: Shop) {
    let (list, item) = annas_list(&shop, "wishlist").await;
    for example in examples() {
        let answer = example.ask(&shop, &list, &item, None).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (StatusCode::UNAUTHORIZED, "token_missing"),
            "{}",
            example.name()
        );
    }
    assert_eq!(shop.get(&anna(), "/cart/item-lists").await.names(), ["wishlist"]);
}

async fn every_permission_but_the_right_one_is_not_enough(shop: Shop) {
    let (list, item) = annas_list(&shop, "wishlist").await;
    for example in examples() {
        let needed = example.endpoint().allowed[0];
        let anna = anna().without(needed.operation.name(), needed.root);
        let answer = example.ask(&shop, &list, &item, Some(&anna)).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (StatusCode::FORBIDDEN, "permission_missing"),
            "{}",
            example.name()
        );
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains(&format!("{}_{}", needed.operation.name(), needed.root)), "{detail}");
    }
    assert_eq!(shop.get(&anna(), "/cart/item-lists").await.names(), ["wishlist"]);
}

async fn the_right_permission_alone_is_enough_for_the_owner(shop: Shop) {
    for (number, example) in examples().iter().enumerate() {
        let (list, item) = annas_list(&shop, &format!("list {number}")).await;
        let needed = example.endpoint().allowed[0];
        let anna = anna().with_only(&format!("{}_{}", needed.operation.name(), needed.root));
        let answer = example.ask(&shop, &list, &item, Some(&anna)).await;
        assert!(answer.status.is_success(), "{}: {answer:?}", example.name());
    }
}

async fn what_is_annas_is_hers_alone(shop: Shop) {
    let (list, item) = annas_list(&shop, "wishlist").await;
    for example in examples() {
        for (who, expected) in
            [(ben(), example.for_ben), (annas_twin(), example.for_twin), (guest(), example.for_guest)]
        {
            let answer = example.ask(&shop, &list, &item, Some(&who)).await;
            let told = format!("{} by {who:?}: {answer:?}", example.name());
            match expected {
                Foreign::NotTheOwner => {
                    assert_eq!((answer.status, answer.problem()), (StatusCode::FORBIDDEN, "not_the_owner"), "{told}");
                }
                Foreign::NotFound => {
                    assert_eq!((answer.status, answer.problem()), (StatusCode::NOT_FOUND, "not_found"), "{told}");
                }
                Foreign::OwnAnswer => assert!(answer.status.is_success(), "{told}"),
            }
            let text = answer.body.to_string();
            assert!(!text.contains("wishlist") && !text.contains("Fjord Supplies") && !text.contains(ANNA), "{told}");
        }
    }
    let still_there = shop.get(&anna(), &format!("/cart/item-lists/{list}")).await;
    assert_eq!(
        (still_there.body["name"].as_str(), still_there.body["items"][0]["quantity"].as_i64()),
        (Some("wishlist"), Some(1))
    );
}

#[test]
fn guests_are_let_in_only_where_records_belong_to_nobody() {
    for example in examples() {
        let is_public = example.endpoint().allowed.iter().any(|allowed| allowed.owner == OwnerKind::Nobody);
        let refused = matches!(example.for_guest, Foreign::NotTheOwner);
        assert_eq!(is_public, !refused, "{}", example.name());
    }
}

on_both_engines! {
    nobody_gets_in_without_a_token
    every_permission_but_the_right_one_is_not_enough
    the_right_permission_alone_is_enough_for_the_owner
    what_is_annas_is_hers_alone
}
