//! The trail: who, for whom, what, on what, from where, under which request.

use auth_store::Error;

use crate::browser::{Authorization, Call, exchange};
use crate::seed::{ANNA, PASSWORD};
use crate::shop::Shop;

#[derive(Debug, PartialEq, Eq)]
struct Event {
    kind: String,
    actor: String,
    subject: String,
    object: String,
    remote_address: String,
    request_id: String,
}

async fn events(shop: &Shop) -> Vec<Event> {
    let text = "SELECT kind, actor, subject, object, remote_address, request_id FROM audit_event ORDER BY rowid";
    let events: Result<Vec<Event>, Error> = shop
        .rows(text, &[])
        .await
        .iter()
        .map(|row| {
            let (kind, actor, subject, object) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(Event { kind, actor, subject, object, remote_address: row.get(4)?, request_id: row.get(5)? })
        })
        .collect();
    events.unwrap()
}

fn event(kind: &str, actor: &str, subject: &str, object: &str, request_id: &str) -> Event {
    Event {
        kind: kind.to_owned(),
        actor: actor.to_owned(),
        subject: subject.to_owned(),
        object: object.to_owned(),
        remote_address: "192.0.2.7".to_owned(),
        request_id: request_id.to_owned(),
    }
}

fn of(call: Call, request_id: &str) -> Call {
    call.header("x-forwarded-for", "203.0.113.9, 192.0.2.7").header("x-request-id", request_id)
}

#[tokio::test]
async fn each_step_of_a_sign_in_is_put_on_record() {
    let shop = Shop::behind_gateway().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let filled = |name, password| crate::browser::Browser::filled(&page, name, password);
    browser.send(of(filled("ANNA", "wrong"), "r-failed")).await;
    browser.send(of(filled("nobody", "wrong"), "r-nobody")).await;
    let code = browser.send(of(filled("anna", PASSWORD), "r-signed-in")).await.parameter("code");
    let tokens = shop.send(of(exchange(&code), "r-exchange")).await.json();
    shop.send(of(exchange(&code), "r-reused")).await;
    let claims = shop.access_token(&tokens).await;
    let (sid, gid) = (claims["sid"].as_str().unwrap(), claims["gid"].as_str().unwrap());
    browser.send(of(Call::post("/logout", &[("id_token_hint", tokens["id_token"].as_str().unwrap())]), "r-out")).await;
    let anna = ANNA.to_string();
    assert_eq!(
        events(&shop).await,
        [
            event("sign_in_failed", "anna", "anna", "storefront", "r-failed"),
            event("sign_in_failed", "nobody", "nobody", "storefront", "r-nobody"),
            event("signed_in", &anna, &anna, "storefront", "r-signed-in"),
            event("code_reused", "storefront", &anna, gid, "r-reused"),
            event("signed_out", &anna, &anna, sid, "r-out"),
        ]
    );
}
